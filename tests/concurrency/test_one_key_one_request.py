"""However parallel a form is sent, it is one request; and two staff never step on each other.

Real threads on real connections, on SQLite as on PostgreSQL. The first test is the negative control: the same harness on
a check that only code makes does write doubles, so the harness can see them.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from consultations.exceptions import ChangedMeanwhile
from consultations.intake import receiving
from consultations.models import Activity, ConsultationRequest, Message
from consultations.requests import moving
from consultations.statuses import ActivityKind, MessageKind, Status
from content.models import ClinicProfile
from tests.concurrency.racing import race
from tests.factories import NOW, make_clinic, make_request, make_staff, make_submission

TIMES = 20


@pytest.fixture
def clinic(transactional_db: None) -> ClinicProfile:
    """The clinic's profile, visible to every connection."""
    return make_clinic()


def test_control_without_the_unique_key_the_harness_sees_doubles(clinic: ClinicProfile) -> None:
    checked = threading.Barrier(TIMES)

    def check_then_write(number: int) -> None:
        there = ConsultationRequest.objects.filter(name="Ada Visitor").exists()
        # Twenty that wait with a connection in hand would empty the pool.
        connection.close()
        checked.wait(timeout=20)
        if not there:
            receiving.receive(make_submission(), key=f"key-{number}", now=NOW)

    outcome = race(TIMES, check_then_write)

    assert outcome.raised == []
    assert ConsultationRequest.objects.count() == TIMES


def test_one_key_is_one_request_with_its_mails_and_history(clinic: ClinicProfile) -> None:
    outcome = race(TIMES, lambda _: receiving.receive(make_submission(), key="one-form", now=NOW))

    assert outcome.raised == []
    assert len({request.pk for request, _ in outcome.returned}) == 1
    assert sorted(written for _, written in outcome.returned) == [False] * (TIMES - 1) + [True]
    assert ConsultationRequest.objects.count() == 1
    assert Message.objects.filter(kind=MessageKind.VISITOR_RECEIVED).count() == 1
    assert Message.objects.filter(kind=MessageKind.STAFF_NEW).count() == 1
    assert Activity.objects.filter(kind=ActivityKind.RECEIVED).count() == 1


def test_different_keys_are_different_requests(clinic: ClinicProfile) -> None:
    outcome = race(TIMES, lambda number: receiving.receive(make_submission(), key=f"form-{number}", now=NOW))

    assert outcome.raised == []
    assert ConsultationRequest.objects.count() == TIMES


def test_two_staff_moving_at_once_one_is_told_what_the_other_did(clinic: ClinicProfile) -> None:
    request = make_request()
    staff = [make_staff(first_name=name, last_name="Hale") for name in ("Jordan", "Sam")]
    targets = [Status.ATTEMPTED, Status.REACHED]

    def move(number: int) -> int:
        row = ConsultationRequest.objects.get(pk=request.pk)
        moving.move(row, to=targets[number], by=staff[number], seen=Status.NEW, now=NOW)
        return number

    outcome = race(2, move)

    (winner,), (refusal,) = outcome.returned, outcome.raised
    request.refresh_from_db()
    assert isinstance(refusal, ChangedMeanwhile)
    assert f"{staff[winner].get_full_name()} moved it to “{targets[winner].label}”" in str(refusal)
    assert request.status == targets[winner]
    assert Activity.objects.filter(kind=ActivityKind.STATUS).count() == 1


def test_two_staff_taking_at_once_one_has_it(clinic: ClinicProfile) -> None:
    request = make_request()
    staff = [make_staff(), make_staff()]

    def take(number: int) -> int:
        row = ConsultationRequest.objects.get(pk=request.pk)
        moving.assign(row, to=staff[number], by=staff[number], seen=None, now=NOW)
        return number

    outcome = race(2, take)

    (winner,), (refusal,) = outcome.returned, outcome.raised
    request.refresh_from_db()
    assert isinstance(refusal, ChangedMeanwhile)
    assert request.assignee == staff[winner]
