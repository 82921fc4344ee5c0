"""The worker's turns: mails first, and no job that fails keeps another from being done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from consultations.booking import waiting_list
from consultations.limits import counting
from consultations.management import chores
from consultations.management.commands import worker
from consultations.management.commands.worker import AWAY, LOOK, Command
from consultations.models import Appointment
from consultations.statuses import AppointmentStatus
from tests.booking_factories import make_appointment
from tests.factories import make_clinic, make_request

pytestmark = pytest.mark.django_db

JOBS = {"purge": (chores, "run_daily"), "counters": (counting, "prune"), "waiting list": (waiting_list, "offer_freed")}
PAUSE = 5.0
# What an error says may quote what a visitor wrote.
SECRET = "Her knee, ada@visitor.example"


def make_hold_that_ran_out() -> Appointment:
    """Write a held time whose minutes are over."""
    before = timezone.now() - dt.timedelta(minutes=1)
    request = make_request(email="held@visitor.example")
    return make_appointment(request=request, status=AppointmentStatus.HELD, hold_expires_at=before)


def fails(**kwargs: Any) -> None:
    raise ValueError(SECRET)


@pytest.mark.parametrize("name", JOBS)
def test_job_that_fails_keeps_neither_mails_nor_other_jobs_from_being_done(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(*JOBS[name], fails)
    make_clinic()
    request, held = make_request(), make_hold_that_ran_out()

    Command().turn(PAUSE)

    assert [sent.to for sent in mail.outbox if sent.to == [request.email]] == [[request.email]]
    assert not Appointment.objects.filter(pk=held.pk).held().exists()
    assert "failed (ValueError in fails:" in caplog.text
    assert [word for word in SECRET.split() if word in caplog.text] == []


def test_mails_leave_before_anything_else_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    make_clinic()
    make_request()
    seen: list[int] = []
    monkeypatch.setattr(counting, "prune", lambda **kwargs: seen.append(len(mail.outbox)))

    Command().turn(PAUSE)

    assert seen == [2]


def test_mails_that_cannot_be_delivered_keep_no_job_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    held = make_hold_that_ran_out()
    monkeypatch.setattr(worker, "deliver_due", fails)

    rest = Command().turn(0.0)

    assert not Appointment.objects.filter(pk=held.pk).held().exists()
    assert rest == AWAY


def test_job_that_failed_is_tried_again_before_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, calls = [1000.0], []
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    def prune(**kwargs: Any) -> None:
        calls.append(clock[0])
        if len(calls) == 1:
            raise ValueError

    monkeypatch.setattr(counting, "prune", prune)
    command = Command()
    for after in (0, 30, 90, 120, 1000):
        clock[0] = 1000.0 + after
        command.turn(PAUSE)

    assert calls == [1000.0, 1090.0]


@pytest.mark.django_db(transaction=True)
def test_broken_rule_in_the_database_costs_one_job_only(monkeypatch: pytest.MonkeyPatch) -> None:
    held = make_hold_that_ran_out()

    def breaks(**kwargs: Any) -> None:
        raise IntegrityError(SECRET)

    monkeypatch.setattr(counting, "prune", breaks)

    rest = Command().turn(PAUSE)

    assert not Appointment.objects.filter(pk=held.pk).held().exists()
    assert rest == PAUSE


def test_worker_rests_after_a_turn_without_mails_and_not_after_one_with() -> None:
    make_clinic()
    make_request()
    command = Command()

    rests = [command.turn(PAUSE), command.turn(PAUSE)]

    assert rests == [0, PAUSE]
    assert LOOK > PAUSE
