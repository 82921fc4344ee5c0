"""Logging a call: what it does to status, clock and next step, and that one press counts once."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.models import CallRule, ConsultationRequest
from consultations.privacy import retention
from consultations.requests import calls, claims, moving
from consultations.statuses import ActivityKind, CallOutcome, NextStep, Status
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# NOW is a Monday's seven in New York; the clinic opens at nine for eight hours.
OPENS = NOW.replace(hour=14)
# An answer is promised for the end of that day.
IN_TIME = OPENS + dt.timedelta(hours=7, minutes=30)
NEXT_MORNING = OPENS + dt.timedelta(days=1, minutes=30)


@pytest.mark.parametrize(
    ("outcome", "status", "step", "at", "answered"),
    [
        (CallOutcome.NO_ANSWER, Status.ATTEMPTED, NextStep.CALL, OPENS + 2 * HOUR, False),
        (CallOutcome.VOICEMAIL, Status.ATTEMPTED, NextStep.CALL, IN_TIME, False),
        (CallOutcome.REACHED, Status.REACHED, NextStep.FOLLOW_UP, OPENS + dt.timedelta(days=1, hours=8), True),
        (CallOutcome.WRONG_NUMBER, Status.ATTEMPTED, NextStep.WRITE, OPENS + HOUR, False),
    ],
)
def test_call_sets_the_next_step_and_stops_the_clock_by_rule(
    outcome: CallOutcome, status: Status, step: NextStep, at: dt.datetime, *, answered: bool
) -> None:
    make_clinic()
    request, rosa = make_request(), make_staff("Triage")

    told = calls.log(request, outcome=outcome, seen=0, by=rosa, now=NOW)

    assert (request.status, request.next_step, request.next_at) == (status, step, at)
    assert told == (step, at)
    assert (request.first_contact_at is not None) == answered
    kept = request.activities.get(kind=ActivityKind.CALL)
    assert (kept.outcome, kept.by, request.assignee) == (outcome, rosa, rosa)


def test_attempts_in_a_row_follow_the_schedule_and_begin_anew_after_somebody_was_reached() -> None:
    make_clinic(response_hours=80)
    request, rosa = make_request(), make_staff("Triage")
    outcomes = [CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER, CallOutcome.REACHED, CallOutcome.NO_ANSWER]

    times = [calls.log(request, outcome=what, seen=n, by=rosa, now=NOW)[1] for n, what in enumerate(outcomes)]

    assert times[:2] == [OPENS + 2 * HOUR, NEXT_MORNING]
    assert (times[3], request.status) == (OPENS + 2 * HOUR, Status.REACHED)


def test_managers_decide_the_wait_and_whether_a_voicemail_is_our_answer() -> None:
    make_clinic()
    CallRule.objects.filter(outcome=CallOutcome.VOICEMAIL, attempt=1).update(wait_hours=3, is_answer=True)
    request = make_request()

    calls.log(request, outcome=CallOutcome.VOICEMAIL, seen=0, by=make_staff("Triage"), now=NOW)

    assert (request.next_at, request.first_contact_at) == (OPENS + 3 * HOUR, NOW)
    assert request.activities.get(kind=ActivityKind.CALL).text == "Counts as our answer."


def test_without_a_rule_the_next_morning_is_next() -> None:
    make_clinic(response_hours=80)
    CallRule.objects.all().delete()
    request = make_request()

    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=make_staff("Triage"), now=NOW)

    assert request.next_at == NEXT_MORNING


def test_second_press_of_the_same_button_is_told_of_the_first() -> None:
    request, rosa, ben = make_request(), make_staff("Triage", first_name="Rosa"), make_staff("Triage")
    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=rosa, now=NOW)

    with pytest.raises(ChangedMeanwhile) as refusal:
        calls.log(request, outcome=CallOutcome.VOICEMAIL, seen=0, by=ben, now=NOW)

    assert str(refusal.value) == "Rosa logged a call at 12:00 UTC: No answer. Nothing was saved a second time."
    assert calls.count(request) == 1


def test_call_leaves_the_appointment_of_a_booked_request_its_next_step_and_its_colleague() -> None:
    request, rosa, ben = make_request(), make_staff("Triage"), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    appointment = make_appointment(request=request)
    moving.move(request, to=Status.BOOKED, by=rosa, seen=Status.NEW, now=NOW)

    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=ben, now=NOW)

    assert (request.next_step, request.next_at) == (NextStep.APPOINTMENT, appointment.starts_at)
    assert (request.status, request.assignee) == (Status.BOOKED, rosa)


def test_call_about_what_is_closed_or_erased_is_refused() -> None:
    request, rosa = make_request(), make_staff("Triage")
    moving.move(request, to=Status.LOST, by=rosa, seen=Status.NEW, now=NOW, reason="Moved away")

    with pytest.raises(NotAllowed):
        calls.log(request, outcome=CallOutcome.REACHED, seen=0, by=rosa, now=NOW)
    retention.erase(request, by=None, now=NOW)
    with pytest.raises(Erased):
        calls.log(request, outcome=CallOutcome.REACHED, seen=0, by=rosa, now=NOW)

    assert calls.count(ConsultationRequest.objects.get()) == 0


def test_wrong_number_of_who_left_no_address_is_followed_up_and_not_written_to() -> None:
    rosa, request = make_staff("Triage"), make_request(email="", phone="202 555 0101", phone_e164="+12025550101")

    step, _ = calls.log(request, outcome=CallOutcome.WRONG_NUMBER, seen=0, by=rosa, now=NOW)

    assert step == NextStep.FOLLOW_UP


def test_attempt_that_would_come_after_the_promised_answer_is_brought_forward_and_the_timeline_says_so() -> None:
    make_clinic()
    request = make_request()

    calls.log(request, outcome=CallOutcome.VOICEMAIL, seen=0, by=make_staff("Triage"), now=NOW)

    line = request.activities.get(kind=ActivityKind.NEXT)
    assert (request.next_at, line.by) == (IN_TIME, None)
    assert line.text == (
        "Call, Mon 16 Nov 2026, 21:30 UTC; by the rule, Tue 17 Nov 2026, 14:30 UTC. "
        "The answer is promised for Mon 16 Nov 2026, 22:00 UTC."
    )


@pytest.mark.parametrize(
    ("due", "at"),
    [
        # Half an hour before it, in business hours.
        (OPENS + 6 * HOUR, OPENS + 5.5 * HOUR),
        (OPENS + 24 * HOUR + HOUR / 4, OPENS + 7.75 * HOUR),
        (OPENS + 24 * HOUR + HOUR / 2, OPENS + 24 * HOUR),
        # Half of the time that is left.
        (OPENS + HOUR / 2, OPENS + HOUR / 4),
        # The promise was made when other hours counted.
        (NOW + HOUR, NOW + HOUR / 2),
        # Missed already.
        (NOW - HOUR, OPENS + 32 * HOUR),
    ],
)
def test_attempt_is_planned_some_business_time_before_the_promise(due: dt.datetime, at: dt.datetime) -> None:
    make_clinic()
    CallRule.objects.update(wait_hours=16)
    request = make_request()
    ConsultationRequest.objects.filter(pk=request.pk).update(respond_by=due)

    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=make_staff("Triage"), now=NOW)

    assert request.next_at == at


def test_rule_stands_where_its_time_is_sooner_or_the_call_is_our_answer_or_the_promise_was_kept() -> None:
    make_clinic()
    CallRule.objects.filter(outcome=CallOutcome.VOICEMAIL).update(is_answer=True)
    sooner, answer, kept = (make_request(email=f"{n}@visitor.example") for n in range(3))
    ConsultationRequest.objects.filter(pk=kept.pk).update(first_contact_at=NOW)
    rosa = make_staff("Triage")

    calls.log(sooner, outcome=CallOutcome.NO_ANSWER, seen=0, by=rosa, now=NOW)
    calls.log(answer, outcome=CallOutcome.VOICEMAIL, seen=0, by=rosa, now=NOW)
    calls.log(kept, outcome=CallOutcome.VOICEMAIL, seen=0, by=rosa, now=NOW)

    assert [one.next_at for one in (sooner, answer, kept)] == [OPENS + 2 * HOUR, NEXT_MORNING, NEXT_MORNING]
    assert [one.activities.filter(kind=ActivityKind.NEXT).count() for one in (sooner, answer, kept)] == [0, 0, 0]


def test_attempt_after_a_move_by_hand_comes_before_the_promised_answer_too() -> None:
    make_clinic()
    request = make_request()
    CallRule.objects.update(wait_hours=16)

    moving.move(request, to=Status.ATTEMPTED, by=make_staff("Triage"), seen=Status.NEW, now=NOW)

    assert (request.next_step, request.next_at) == (NextStep.CALL, IN_TIME)
