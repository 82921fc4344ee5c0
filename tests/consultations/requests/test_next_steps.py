"""Each live request has one next step with its date, whatever happens to it."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.clocks import wording
from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.models import ConsultationRequest
from consultations.privacy import retention
from consultations.requests import moving, next_steps
from consultations.statuses import LIVE, TRANSITIONS, ActivityKind, NextStep, Status
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
EDGES = [(seen, to) for seen, ends in TRANSITIONS.items() for to in sorted(ends)]


def test_every_move_leaves_a_step_on_what_is_live_and_none_on_what_is_closed() -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage")
    steps = {}

    for seen, to in EDGES:
        step = {"next_step": "call", "next_at": NOW} if seen in LIVE else {"next_step": "", "next_at": None}
        ConsultationRequest.objects.filter(pk=request.pk).update(status=seen, closed_for="", **step)
        moving.move(request, to=to, by=rosa, seen=seen, now=NOW, reason="A reason")
        steps[seen, to] = (request.next_step != "", request.next_at is not None)

    assert steps == {(seen, to): (to in LIVE, to in LIVE) for seen, to in EDGES}


def test_new_request_is_to_be_answered_when_that_was_promised() -> None:
    request = make_request()

    assert (request.next_step, request.next_at) == (NextStep.ANSWER, request.respond_by)


def test_planned_step_is_written_with_its_line_of_history() -> None:
    request, rosa = make_request(), make_staff("Triage")
    seen = (request.next_step, request.next_at)

    next_steps.plan(request, step=NextStep.VISITOR, at=NOW + DAY, seen=seen, by=rosa, now=NOW)

    assert (request.next_step, request.next_at) == (NextStep.VISITOR, NOW + DAY)
    line = request.activities.get(kind=ActivityKind.NEXT)
    assert (line.by, line.text) == (rosa, f"Wait for the visitor, {wording.utc(NOW + DAY)}")


def test_second_plan_is_refused_and_says_what_the_first_was() -> None:
    request, rosa = make_request(), make_staff("Triage")
    seen = (request.next_step, request.next_at)
    next_steps.plan(request, step=NextStep.CALL, at=NOW + DAY, seen=seen, by=rosa, now=NOW)

    with pytest.raises(ChangedMeanwhile) as refusal:
        next_steps.plan(request, step=NextStep.WRITE, at=NOW + 2 * DAY, seen=seen, by=rosa, now=NOW)

    assert f"Call, {wording.utc(NOW + DAY)}" in str(refusal.value)
    assert request.activities.filter(kind=ActivityKind.NEXT).count() == 1


@pytest.mark.parametrize(
    ("step", "at"),
    [
        (NextStep.ANSWER, NOW + DAY),
        (NextStep.APPOINTMENT, NOW + DAY),
        (NextStep.CALL, NOW),
        (NextStep.CALL, NOW - DAY),
        (NextStep.CALL, NOW + 500 * DAY),
    ],
)
def test_plan_of_what_follows_by_itself_or_of_no_time_to_come_is_refused(step: NextStep, at: dt.datetime) -> None:
    request = make_request()
    seen = (request.next_step, request.next_at)

    with pytest.raises(NotAllowed):
        next_steps.plan(request, step=step, at=at, seen=seen, by=make_staff("Triage"), now=NOW)

    request.refresh_from_db()
    assert (request.next_step, request.next_at) == seen


def test_plan_for_what_is_closed_or_erased_is_refused() -> None:
    request, rosa = make_request(), make_staff("Triage")
    moving.move(request, to=Status.LOST, by=rosa, seen=Status.NEW, now=NOW, reason="Moved away")

    with pytest.raises(NotAllowed):
        next_steps.plan(request, step=NextStep.CALL, at=NOW + DAY, seen=("", None), by=rosa, now=NOW)
    retention.erase(request, by=None, now=NOW)
    with pytest.raises(Erased):
        next_steps.plan(request, step=NextStep.CALL, at=NOW + DAY, seen=("", None), by=rosa, now=NOW)


def test_step_of_a_booked_request_follows_its_appointment() -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage")
    appointment = make_appointment(request=request)
    moving.move(request, to=Status.BOOKED, by=rosa, seen=Status.NEW, now=NOW)
    assert (request.next_step, request.next_at) == (NextStep.APPOINTMENT, appointment.starts_at)

    appointment.__class__.objects.filter(pk=appointment.pk).update(status="attended")
    next_steps.follow_appointment(request, now=NOW)

    request.refresh_from_db()
    assert request.next_step == NextStep.FOLLOW_UP


def test_erased_request_has_no_step() -> None:
    request = make_request()

    retention.erase(request, by=None, now=NOW)

    assert (request.next_step, request.next_at, request.claim_until) == ("", None, None)
