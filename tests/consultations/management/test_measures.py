"""What monitoring is told by the worker."""

from __future__ import annotations

import datetime as dt
import urllib.request
from contextlib import closing

import pytest
from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge

from consultations.management.measures import listen, registry_of
from consultations.models import ConsultationRequest, Message
from content.models import ClinicProfile
from tests.factories import make_request

VISITORS = {"queue": "visitors"}


def test_worker_tells_how_long_mails_wait_and_what_is_overdue(clinic: ClinicProfile) -> None:
    now = timezone.now()
    make_request()
    Message.objects.update(due_at=now - dt.timedelta(minutes=10))
    ConsultationRequest.objects.update(respond_by=now - dt.timedelta(hours=1))
    registry = registry_of(lambda: dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC))

    told = {(one.name, *one.labels.values()): one.value for family in registry.collect() for one in family.samples}

    waited = told.pop(("clinic_oldest_mail_seconds", "visitors"))
    assert told == {
        ("clinic_worker_last_round_timestamp_seconds",): dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC).timestamp(),
        ("clinic_database_up",): 1,
        ("clinic_mails_waiting", "visitors"): Message.objects.count(),
        ("clinic_mails_waiting", "editors"): 0,
        ("clinic_mails_waiting", "managers"): 0,
        ("clinic_oldest_mail_seconds", "editors"): 0,
        ("clinic_oldest_mail_seconds", "managers"): 0,
        ("clinic_overdue_requests",): 1,
    }
    assert 600 <= waited < 660


def test_mail_that_has_left_is_not_waited_for(clinic: ClinicProfile) -> None:
    make_request()
    Message.objects.update(state="sent", sent_at=timezone.now())

    assert registry_of(lambda: None).get_sample_value("clinic_mails_waiting", VISITORS) == 0


def test_metrics_are_answered_on_a_port_of_their_own() -> None:
    registry = CollectorRegistry()
    Gauge("clinic_example", "An example.", registry=registry).set(7)

    with closing(listen("127.0.0.1", 0, registry).socket) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/metrics"
        with urllib.request.urlopen(address, timeout=10) as answer:
            lines = answer.read().decode().splitlines()

    assert lines[-1] == "clinic_example 7.0"


def test_port_of_somebody_else_is_not_shared() -> None:
    with (
        closing(listen("127.0.0.1", 0, CollectorRegistry()).socket) as listening,
        pytest.raises(OSError, match="in use"),
    ):
        listen("127.0.0.1", listening.getsockname()[1], CollectorRegistry())
