"""The worker's rounds while the requests they are about are erased, or become another person's; real threads."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.booking import unconfirmed
from consultations.models import ConsultationRequest
from consultations.privacy import purging, retention
from consultations.requests import claims
from tests.concurrency.racing import race
from tests.factories import NOW, make_request, make_staff

TIMES = 6
LATER = NOW + dt.timedelta(hours=3)

pytestmark = pytest.mark.django_db(transaction=True)


def test_requests_erased_while_they_are_given_back_end_no_round() -> None:
    holder = make_staff("Triage")
    requests = [make_request(email=f"{number}@visitor.example") for number in range(TIMES * 3)]
    for request in requests:
        claims.claim(request, by=holder, now=NOW)

    def work(number: int) -> None:
        if number % 2:
            claims.release_lapsed(now=LATER)
        else:
            for request in requests[number // 2 :: TIMES // 2]:
                retention.erase(request, by=None, now=LATER)

    outcome = race(TIMES, work)

    assert outcome.raised == []
    assert ConsultationRequest.objects.filter(erased_at=None).count() == 0


def test_requests_confirmed_while_they_are_due_end_no_round() -> None:
    owner = make_request(email="ada@visitor.example")
    requests = [make_request(email="ada@visitor.example", confirmed=False) for _ in range(TIMES * 3)]
    ConsultationRequest.objects.exclude(pk=owner.pk).update(erasure_asked_at=NOW)
    due = NOW + dt.timedelta(days=2)

    def work(number: int) -> None:
        if number % 2:
            purging.purge(now=due)
        else:
            for request in requests[number // 2 :: TIMES // 2]:
                mine = ConsultationRequest.objects.get(pk=request.pk)
                if mine.erased_at is None:
                    unconfirmed.confirm_email(mine, version=0, now=due)

    outcome = race(TIMES, work)

    assert [error for error in outcome.raised if "erased" not in str(error)] == []
