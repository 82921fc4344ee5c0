"""Who has a request: one at a time, told of each other, and not for ever."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.exceptions import ChangedMeanwhile, Erased, NotAllowed
from consultations.models import ConsultationRequest, Message
from consultations.privacy import retention
from consultations.requests import calls, claims, moving
from consultations.statuses import ActivityKind, CallOutcome, MessageKind, Status
from tests import factories
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def told() -> list[str]:
    """Return the addresses of staff to whom word of a change is queued."""
    return list(
        Message.objects.filter(kind=MessageKind.STAFF_ASSIGNED)
        .order_by("recipient")
        .values_list("recipient", flat=True)
    )


def lines(request: ConsultationRequest) -> list[str]:
    """Return what history says of who had it."""
    return [one.text for one in request.activities.filter(kind=ActivityKind.ASSIGNED)]


def test_claim_gives_it_to_whoever_asks_first_and_says_to_the_second_who_that_was() -> None:
    request, rosa, ben = make_request(), make_staff("Triage", first_name="Rosa"), make_staff("Triage")

    claims.claim(request, by=rosa, now=NOW)
    with pytest.raises(ChangedMeanwhile) as refusal:
        claims.claim(request, by=ben, now=NOW + MINUTE)

    request.refresh_from_db()
    assert request.assignee == rosa
    assert str(refusal.value) == "Rosa has it since 12:00 UTC. Nothing was saved; here is how it stands now."
    assert (lines(request), told()) == (["Claimed by Rosa"], [])


def test_second_is_told_since_when_the_first_has_it_whatever_else_happened() -> None:
    request, rosa, ben = make_request(), make_staff("Triage", first_name="Rosa"), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    moving.note(request, text="Will call later.", by=rosa, now=NOW + MINUTE)
    claims.claim(make_request(email="b@visitor.example"), by=ben, now=NOW + 2 * MINUTE)

    assert claims.has_it(request, rosa).startswith("Rosa has it since 12:00 UTC.")


def test_claim_of_what_is_mine_already_writes_nothing() -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)

    claims.claim(ConsultationRequest.objects.get(), by=rosa, now=NOW + MINUTE)

    assert len(lines(request)) == 1


def test_claim_of_what_one_may_not_see_or_what_was_erased_is_refused() -> None:
    request, stranger = make_request(center=factories.make_center()), make_staff("Triage", places=[])

    with pytest.raises(NotAllowed):
        claims.claim(request, by=stranger, now=NOW)
    retention.erase(request, by=None, now=NOW)
    with pytest.raises(Erased):
        claims.claim(request, by=make_staff("Triage"), now=NOW)

    assert lines(request) == []


def test_take_over_tells_the_colleague_by_mail_and_history_who_did_it() -> None:
    request = make_request()
    rosa, ben = (make_staff("Triage", first_name=name, email=f"{name}@fern.example") for name in ("Rosa", "Ben"))
    claims.claim(request, by=rosa, now=NOW)

    claims.take_over(request, seen=rosa, by=ben, now=NOW)

    request.refresh_from_db()
    assert (request.assignee, told()) == (ben, ["Rosa@fern.example"])
    assert lines(request)[-1] == "Taken over from Rosa by Ben"


def test_take_over_from_somebody_who_gave_it_back_is_refused() -> None:
    request, rosa, ben = make_request(), make_staff("Triage"), make_staff("Triage")

    with pytest.raises(ChangedMeanwhile):
        claims.take_over(request, seen=rosa, by=ben, now=NOW)

    request.refresh_from_db()
    assert (request.assignee, lines(request)) == (None, [])


def test_hand_over_takes_its_note_along_or_nothing_of_it() -> None:
    request = make_request()
    rosa, ben, mia = (make_staff("Triage", email=f"{name}@fern.example") for name in ("rosa", "ben", "mia"))
    claims.claim(request, by=rosa, now=NOW)

    claims.hand_over(request, to=ben, seen=rosa, note=" Prefers mornings. ", by=rosa, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        claims.hand_over(request, to=mia, seen=rosa, note="Lost", by=rosa, now=NOW)

    request.refresh_from_db()
    notes = [one.text for one in request.activities.filter(kind=ActivityKind.NOTE)]
    assert (request.assignee, notes, told()) == (ben, ["Prefers mornings."], ["ben@fern.example"])


def test_give_back_without_a_note_writes_none() -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)

    claims.hand_over(request, to=None, seen=rosa, note="", by=rosa, now=NOW)

    request.refresh_from_db()
    assert (request.assignee, request.claim_until) == (None, None)
    assert not request.activities.filter(kind=ActivityKind.NOTE).exists()


@pytest.mark.parametrize(("minutes", "released"), [(29, 0), (30, 1)])
def test_claim_without_a_try_lapses_after_the_time_that_managers_set(minutes: int, released: int) -> None:
    make_clinic(claim_minutes=30)
    request, rosa = make_request(), make_staff("Triage", first_name="Rosa", email="rosa@fern.example")
    claims.claim(request, by=rosa, now=NOW)

    count = claims.release_lapsed(now=NOW + minutes * MINUTE)

    request.refresh_from_db()
    assert (count, request.assignee) == (released, None if released else rosa)
    assert told() == ["rosa@fern.example"] * released
    last = request.activities.filter(kind=ActivityKind.ASSIGNED).last()
    assert last is not None
    assert (last.by is None) == bool(released)


def test_claim_stays_once_somebody_tried_to_reach_the_visitor() -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=rosa, now=NOW)

    assert claims.release_lapsed(now=NOW + dt.timedelta(days=9)) == 0

    request.refresh_from_db()
    assert request.assignee == rosa


def test_claim_of_a_request_that_was_answered_does_not_lapse() -> None:
    request, rosa = make_request(), make_staff("Triage")
    moving.move(request, to=Status.REACHED, by=rosa, seen=Status.NEW, now=NOW)
    claims.claim(request, by=rosa, now=NOW)

    assert claims.release_lapsed(now=NOW + dt.timedelta(days=9)) == 0


def test_note_alone_is_no_try() -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    moving.note(request, text="Will call later.", by=rosa, now=NOW)

    assert claims.release_lapsed(now=NOW + dt.timedelta(hours=2)) == 1


def test_requests_that_somebody_may_not_see_any_more_are_given_back() -> None:
    here, there = factories.make_center(), factories.make_center()
    boss, rosa = make_staff(), make_staff(places=[here, there], first_name="Rosa")
    lost, kept, closed = (
        make_request(center=center, email=f"{n}@visitor.example") for n, center in enumerate((there, here, there))
    )
    for request in (lost, kept, closed):
        claims.claim(request, by=rosa, now=NOW)
    moving.move(closed, to=Status.SPAM, by=rosa, seen=Status.NEW, now=NOW, reason="Advertising")

    rosa.place_rights.get(center=there).delete()
    given = claims.give_back_unseen(rosa, by=boss, now=NOW)

    for request in (lost, kept, closed):
        request.refresh_from_db()
    assert (given, lost.assignee, kept.assignee, closed.assignee) == (1, None, rosa, rosa)
    assert lines(lost)[-1] == "Given back: Rosa may not see the requests of this center any more"


def test_requests_of_a_closed_account_are_given_back() -> None:
    rosa, request = make_staff(first_name="Rosa"), make_request()
    claims.claim(request, by=rosa, now=NOW)
    rosa.is_active = False
    rosa.save()

    claims.give_back_unseen(rosa, by=make_staff(), now=NOW)

    request.refresh_from_db()
    assert (request.assignee, lines(request)[-1]) == (None, "Given back: the account of Rosa is closed")
