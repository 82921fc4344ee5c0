"""When a deadline moves: while we wait for the visitor, and where hours or closed days were changed meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.models import Closure, ConsultationRequest
from consultations.privacy import selfservice
from consultations.requests import calls, deadlines, moving, next_steps
from consultations.statuses import ActivityKind, CallOutcome, NextStep, Status
from content.models import OpeningPeriod
from tests.concurrency.racing import race
from tests.factories import NOW, make_center, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# NOW is a Monday, two hours before the clinic opens for eight hours; so much is promised.
TEN, NOON, CLOSING = NOW + 3 * HOUR, NOW + 5 * HOUR, NOW + 10 * HOUR
TUESDAY, WEDNESDAY = NOW + 24 * HOUR, NOW + 48 * HOUR


def wait(request: ConsultationRequest, *, now: dt.datetime, until: dt.datetime) -> None:
    """Put down that the visitor is to do something first."""
    seen = (request.next_step, request.next_at)
    next_steps.plan(request, step=NextStep.VISITOR, at=until, seen=seen, by=make_staff("Triage"), now=now)
    request.refresh_from_db()


def moves(request: ConsultationRequest) -> list[str]:
    """Return what history says of other deadlines."""
    return [one.text for one in request.activities.filter(kind=ActivityKind.DEADLINE)]


def close(day: dt.datetime) -> None:
    """Close the whole clinic on a day."""
    Closure.objects.create(name="Storm", first_day=day.date(), last_day=day.date())


def test_time_stands_still_until_the_date_of_the_wait_and_goes_on_after_it() -> None:
    make_clinic()
    request = make_request()

    wait(request, now=NOON, until=TUESDAY + 5 * HOUR)

    # Three of eight hours are over at noon on Monday; five are left at noon on Tuesday.
    assert request.respond_by == TUESDAY + 10 * HOUR
    assert moves(request) == [
        "Tue 17 Nov 2026, 22:00 UTC; before, Mon 16 Nov 2026, 22:00 UTC. "
        "We wait for the visitor until Tue 17 Nov 2026, 17:00 UTC."
    ]
    assert not ConsultationRequest.objects.overdue(TUESDAY + 9 * HOUR).exists()
    assert ConsultationRequest.objects.overdue(TUESDAY + 11 * HOUR).exists()


def test_wait_that_the_visitor_ends_early_lets_the_time_go_on_from_then() -> None:
    make_clinic()
    request = make_request()
    wait(request, now=NOON, until=WEDNESDAY)

    selfservice.add_note(request, text="Here I am.", now=CLOSING)

    request.refresh_from_db()
    assert (request.respond_by, request.next_step) == (TUESDAY + 7 * HOUR, NextStep.FOLLOW_UP)
    assert moves(request)[-1].endswith("before, Wed 18 Nov 2026, 19:00 UTC. We wait for the visitor no longer.")


def test_corrected_number_ends_the_wait_too() -> None:
    make_clinic()
    request = make_request(phone="+1 202-555-0101", phone_e164="+12025550101")
    calls.log(request, outcome=CallOutcome.WRONG_NUMBER, seen=0, by=make_staff("Triage"), now=NOON)
    wait(request, now=NOON, until=WEDNESDAY)

    selfservice.correct_contact(request, selfservice.Correction(name="Ada Other"), now=NOON + HOUR)

    request.refresh_from_db()
    assert (request.respond_by, request.next_step) == (TUESDAY + 3 * HOUR, NextStep.FOLLOW_UP)


def test_wait_that_is_lengthened_counts_nothing_twice() -> None:
    make_clinic()
    request = make_request()
    wait(request, now=NOON, until=TUESDAY + 5 * HOUR)

    wait(request, now=TUESDAY, until=WEDNESDAY + 5 * HOUR)

    assert request.respond_by == WEDNESDAY + 10 * HOUR


def test_call_ends_the_wait() -> None:
    make_clinic()
    request = make_request()
    wait(request, now=NOON, until=WEDNESDAY)

    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=make_staff("Triage"), now=CLOSING)

    assert request.respond_by == TUESDAY + 7 * HOUR


def test_time_runs_on_where_managers_switched_the_pause_off() -> None:
    make_clinic(waiting_pauses=False)
    request = make_request()

    wait(request, now=NOON, until=WEDNESDAY)

    assert (request.respond_by, moves(request)) == (CLOSING, [])


def test_wait_does_not_mend_what_was_missed_nor_start_what_was_answered() -> None:
    make_clinic()
    missed, answered = make_request(), make_request(email="other@visitor.example")
    moving.move(answered, to=Status.REACHED, by=make_staff("Triage"), seen=Status.NEW, now=NOON)

    wait(missed, now=CLOSING + HOUR, until=WEDNESDAY)
    wait(answered, now=NOON, until=WEDNESDAY)

    assert (missed.respond_by, answered.respond_by) == (CLOSING, CLOSING)


def test_closed_day_that_is_entered_moves_the_deadline_once_and_says_what_it_was() -> None:
    make_clinic()
    request = make_request(now=NOON)
    deadlines.recount(now=NOON)
    close(TUESDAY)

    moved = [deadlines.recount(now=NOON + HOUR), deadlines.recount(now=NOON + HOUR)]

    request.refresh_from_db()
    assert (moved, request.respond_by, request.next_at) == ([1, 0], WEDNESDAY + 5 * HOUR, WEDNESDAY + 5 * HOUR)
    assert moves(request) == [
        "Wed 18 Nov 2026, 17:00 UTC; before, Tue 17 Nov 2026, 17:00 UTC. Hours or closed days were changed."
    ]


def test_hours_of_one_center_move_its_requests_only() -> None:
    make_clinic()
    center = make_center()
    here, elsewhere = make_request(center=center, now=NOON), make_request(now=NOON)
    OpeningPeriod.objects.filter(center=center).update(closes=dt.time(18))

    assert deadlines.recount(now=NOON) == 1

    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.respond_by, elsewhere.respond_by) == (TUESDAY + 4 * HOUR, TUESDAY + 5 * HOUR)


def test_missed_deadline_stays_and_none_moves_into_the_past() -> None:
    make_clinic()
    missed, running = make_request(), make_request(now=NOON)
    close(NOW)
    # By these hours, an answer to the second would have been due on Tuesday at eight.
    make_clinic(hours="Mo-Su 00:00-24:00")

    moved = deadlines.recount(now=TUESDAY + 4 * HOUR)

    missed.refresh_from_db()
    running.refresh_from_db()
    assert (moved, missed.respond_by, running.respond_by) == (0, CLOSING, TUESDAY + 5 * HOUR)


def test_promise_at_receipt_stays_when_another_is_made_later() -> None:
    make_clinic()
    request = make_request(now=NOON)
    make_clinic(response_hours=100)
    close(TUESDAY)

    deadlines.recount(now=NOON)

    request.refresh_from_db()
    assert request.respond_by == WEDNESDAY + 5 * HOUR


def test_request_that_was_no_spam_is_counted_from_its_rescue() -> None:
    make_clinic()
    request = make_request()
    by = make_staff("Triage")
    moving.move(request, to=Status.SPAM, by=by, seen=Status.NEW, now=NOW, reason="Looks so")
    moving.move(request, to=Status.NEW, by=by, seen=Status.SPAM, now=TUESDAY + 5 * HOUR, reason="It is not")
    close(WEDNESDAY)

    deadlines.recount(now=TUESDAY + 5 * HOUR)

    request.refresh_from_db()
    assert request.respond_by == WEDNESDAY + 29 * HOUR


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_moves_a_deadline() -> None:
    make_clinic()
    request = make_request(now=NOON)
    close(TUESDAY)

    outcome = race(6, lambda _: deadlines.recount(now=NOON))

    assert (sum(outcome.returned), outcome.raised) == (1, [])
    assert len(moves(request)) == 1
