"""Twenty claim one request at the same moment; real threads on real connections."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.contrib.auth.models import User

from consultations.exceptions import ChangedMeanwhile
from consultations.models import Activity, ConsultationRequest
from consultations.requests import calls, claims
from consultations.requests.moving import name_of
from consultations.statuses import ActivityKind, CallOutcome
from tests.concurrency.racing import PATIENCE, Outcome, blocked, race
from tests.factories import NOW, make_request, make_staff

TIMES = 20
# Who all hold a connection at once: a pool has no more than these for sure.
FEW = 6

pytestmark = pytest.mark.django_db(transaction=True)


def staff() -> list[User]:
    """Write those who race."""
    return [make_staff("Triage", first_name=f"Person {number}") for number in range(TIMES)]


def test_one_of_twenty_claims_wins_and_the_others_are_told_who() -> None:
    request, racers = make_request(), staff()

    def claim(number: int) -> User:
        claims.claim(ConsultationRequest.objects.get(pk=request.pk), by=racers[number], now=NOW)
        return racers[number]

    outcome = race(TIMES, claim)

    request.refresh_from_db()
    assert outcome.returned == [request.assignee]
    told = f"{name_of(outcome.returned[0])} has it since 12:00 UTC. Nothing was saved; here is how it stands now."
    assert [(type(error), str(error)) for error in outcome.raised] == [(ChangedMeanwhile, told)] * (TIMES - 1)
    assert Activity.objects.filter(kind=ActivityKind.ASSIGNED).count() == 1


def test_one_of_many_logs_of_one_call_is_kept() -> None:
    request, racers = make_request(), staff()[:FEW]

    def log(number: int) -> int:
        mine = ConsultationRequest.objects.get(pk=request.pk)
        calls.log(mine, outcome=CallOutcome.NO_ANSWER, seen=0, by=racers[number], now=NOW)
        return number

    outcome = race(len(racers), log)

    assert [len(outcome.returned), {type(error) for error in outcome.raised}] == [1, {ChangedMeanwhile}]
    assert calls.count(request) == 1


@pytest.mark.postgresql
def test_call_that_is_being_logged_keeps_a_claim_from_lapsing() -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    later = NOW + dt.timedelta(days=1)

    def call() -> None:
        calls.log(request, outcome=CallOutcome.NO_ANSWER, seen=0, by=rosa, now=later)

    with blocked(lambda: claims.release_lapsed(now=later), by=call) as releasing:
        pass

    request.refresh_from_db()
    assert (releasing.result(timeout=PATIENCE), request.assignee) == (0, rosa)


def test_looking_first_and_writing_then_gives_one_request_to_many() -> None:
    """The harness would show it: the negative control looks and writes without comparing."""
    request, racers, gate = make_request(), staff(), threading.Barrier(FEW)

    def look_then_write(number: int) -> User:
        mine = ConsultationRequest.objects.get(pk=request.pk)
        assert mine.assignee is None
        gate.wait(timeout=20)
        ConsultationRequest.objects.filter(pk=request.pk).update(assignee=racers[number])
        return racers[number]

    outcome: Outcome[User] = race(FEW, look_then_write)

    assert len(outcome.returned) == FEW
