"""Views of the inbox: their rows, their counts, and the request that is due next."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User

from consultations.models import ConsultationRequest
from consultations.requests import calls, claims, inbox, moving
from consultations.statuses import CallOutcome, NextStep, Status
from tests import factories
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def write(name: str, **columns: object) -> ConsultationRequest:
    """Write a request and change its columns round the verbs."""
    request = make_request(name=name, email=f"{name}@visitor.example")
    ConsultationRequest.objects.filter(pk=request.pk).update(**columns)
    return request


def shown(user: User) -> dict[str, list[str]]:
    """Return the names of the requests in each view."""
    at = inbox.moment(user, NOW)
    return {key: [row.name for row in inbox.rows(key, at)] for key in inbox.VIEWS}


def test_views_show_what_their_names_say() -> None:
    make_clinic()
    me, rosa = make_staff("Triage"), make_staff("Triage")
    write("late", respond_by=NOW - HOUR, next_at=NOW - HOUR)
    write("soon", respond_by=NOW + HOUR, next_at=NOW + HOUR, assignee=me)
    write("later", respond_by=NOW + 3 * HOUR, next_at=NOW + 3 * HOUR, assignee=rosa)
    write("call", status=Status.REACHED, next_step=NextStep.CALL, next_at=NOW + 4 * HOUR, assignee=rosa)
    write("tomorrow", status=Status.REACHED, next_step=NextStep.CALL, next_at=NOW + 24 * HOUR, assignee=me)
    write("wait", status=Status.REACHED, next_step=NextStep.VISITOR, next_at=NOW + 30 * HOUR, assignee=rosa)
    write("booked", status=Status.BOOKED, next_step=NextStep.APPOINTMENT, next_at=NOW + 40 * HOUR, assignee=rosa)
    write("spam", status=Status.SPAM)
    write("closed", status=Status.LOST)
    write("gone", respond_by=NOW - HOUR, erased_at=NOW)

    assert shown(me) == {
        "answer": ["late", "soon", "later"],
        "overdue": ["late"],
        "soon": ["soon"],
        "mine": ["soon", "tomorrow"],
        "unassigned": ["late"],
        "call": ["call"],
        "visitor": ["wait"],
        "booked": ["booked"],
        "live": ["late", "soon", "later", "call", "tomorrow", "wait", "booked"],
        "spam": ["spam"],
    }


def test_views_hold_nothing_of_other_centers() -> None:
    make_clinic()
    center = factories.make_center()
    make_request(name="Leaky", center=factories.make_center())
    make_request(name="Leaky pool", email="b@visitor.example")
    mine = make_request(name="Mine", email="c@visitor.example", center=center)

    names = shown(make_staff("Triage", places=[center]))

    assert {name for found in names.values() for name in found} == {"Mine"}
    assert names["answer"] == [mine.name]


def test_today_ends_at_midnight_on_the_clinics_clock() -> None:
    make_clinic(time_zone="Asia/Tokyo")

    at = inbox.moment(make_staff("Triage"), NOW)

    assert at.today_ends == dt.datetime(2026, 11, 17, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(("most", "count", "words"), [(1, 2, "2"), (2, 3, "3"), (3, 3, "3"), (9, 3, "3")])
def test_counting_stops_where_nobody_reads_on(most: int, count: int, words: str) -> None:
    for number in range(3):
        make_request(email=f"{number}@visitor.example")

    counted = inbox.bounded(ConsultationRequest.objects.all(), most)

    assert (counted, inbox.in_words(counted)) == (count, words)


def test_count_that_stopped_says_so() -> None:
    assert [inbox.in_words(10_000), inbox.in_words(10_001)] == ["10,000", "10,000+"]


def test_next_due_is_mine_or_nobodys_in_turn_and_begins_anew() -> None:
    make_clinic()
    me, rosa = make_staff("Triage"), make_staff("Triage")
    first = write("first", next_at=NOW - HOUR)
    hers = write("hers", next_at=NOW)
    second = write("second", next_at=NOW, assignee=me)
    third = write("third", next_at=NOW + HOUR)
    write("tomorrow", next_at=NOW + 24 * HOUR, respond_by=NOW + 24 * HOUR)
    ConsultationRequest.objects.filter(pk=hers.pk).update(assignee=rosa)
    at = inbox.moment(me, NOW)

    order = [inbox.next_due(at)]
    for _ in range(3):
        after = order[-1]
        assert after is not None
        order.append(inbox.next_due(at, after=after))

    assert order == [first, second, third, first]


def walked(at: inbox.Moment, most: int = 9) -> list[str]:
    """Return the names of what is due, one after the other, until it begins anew."""
    found: list[ConsultationRequest] = []
    one = inbox.next_due(at)
    while one is not None and one not in found and len(found) < most:
        found.append(one)
        one = inbox.next_due(at, after=one)
    return [request.name for request in found]


def test_next_due_is_the_earlier_of_step_and_promise_while_its_time_runs() -> None:
    make_clinic()
    me, away = make_staff("Triage"), NOW + 72 * HOUR
    # As many kinds as there are: by the step, by the promise, by either, and by a promise that is kept or no longer counts.
    write("promise", respond_by=NOW + 2 * HOUR, next_at=away, next_step=NextStep.CALL, status=Status.ATTEMPTED)
    write("step", respond_by=NOW + 9 * HOUR, next_at=NOW + HOUR, next_step=NextStep.CALL, status=Status.ATTEMPTED)
    write("both", respond_by=NOW + 3 * HOUR, next_at=NOW + 3 * HOUR)
    write("missed", respond_by=NOW - HOUR, next_at=away, next_step=NextStep.CALL, status=Status.ATTEMPTED)
    write("later", respond_by=away, next_at=NOW + 4 * HOUR, next_step=NextStep.FOLLOW_UP, status=Status.ATTEMPTED)
    write("answered", respond_by=NOW - HOUR, next_at=NOW + 5 * HOUR, first_contact_at=NOW, status=Status.REACHED)
    write("kept", respond_by=NOW + HOUR, next_at=away, first_contact_at=NOW, status=Status.ATTEMPTED)
    write("hers", respond_by=NOW + HOUR, next_at=away, assignee=make_staff("Triage"))

    assert walked(inbox.moment(me, NOW)) == ["missed", "step", "promise", "both", "later", "answered"]


def test_first_rows_of_a_view_are_those_that_are_due_first_by_step_or_promise() -> None:
    make_clinic()
    me = make_staff("Triage")
    for number in range(3):
        write(f"step {number}", next_at=NOW + (number + 1) * HOUR, respond_by=NOW + 90 * HOUR)
    write("promise", next_at=NOW + 72 * HOUR, respond_by=NOW + 1.5 * HOUR)
    write("kept", next_at=NOW + 72 * HOUR, respond_by=NOW + HOUR, first_contact_at=NOW)
    at = inbox.moment(me, NOW)

    assert [row.name for row in inbox.first("unassigned", at, 3)] == ["step 0", "promise", "step 1"]
    assert [row.name for row in inbox.first("answer", at, 2)] == ["promise", "step 0"]


def test_next_due_goes_by_the_next_attempt_once_somebody_called_after_a_promise_was_missed() -> None:
    make_clinic()
    me = make_staff("Triage")
    called = write("called", respond_by=NOW - HOUR, next_at=NOW - HOUR)
    write("missed", respond_by=NOW - HOUR / 2, next_at=NOW - HOUR / 2)
    calls.log(called, outcome=CallOutcome.VOICEMAIL, seen=0, by=me, now=NOW)

    assert walked(inbox.moment(me, NOW)) == ["missed"]
    assert called.next_at == NOW + 26.5 * HOUR
    assert walked(inbox.moment(me, NOW + 27 * HOUR)) == ["called", "missed"]


def test_next_due_of_nothing_or_of_itself_alone_is_nothing() -> None:
    make_clinic()
    me, only = make_staff("Triage"), make_request()
    moving.move(only, to=Status.LOST, by=me, seen=Status.NEW, now=NOW, reason="Moved away")
    at = inbox.moment(me, NOW)
    assert inbox.next_due(at) is None

    moving.move(only, to=Status.REACHED, by=me, seen=Status.LOST, now=NOW)
    claims.claim(only, by=me, now=NOW)
    ConsultationRequest.objects.update(next_at=NOW)
    only.refresh_from_db()

    assert inbox.next_due(at) == only
    assert inbox.next_due(at, after=only) is None
