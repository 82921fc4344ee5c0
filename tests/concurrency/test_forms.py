"""A form of the admin sent by many at the same moment, or twice by one: one is saved, the others are told why not; real threads."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from consultations.groups import MANAGERS
from consultations.models import CallRule, PlaceRight
from consultations.statuses import CallOutcome
from tests.concurrency.racing import race
from tests.factories import make_center, make_staff

TIMES = 6
DESK = "/admin/consultations/"

pytestmark = pytest.mark.django_db(transaction=True)


def sent_at_once(address: str, data: dict[str, str | int]) -> list[int]:
    """Return what as many managers were answered who sent a form at once."""
    clients = [Client(raise_request_exception=False) for _ in range(TIMES)]
    for client in clients:
        client.force_login(make_staff(MANAGERS))
    outcome = race(TIMES, lambda number: clients[number].post(f"{DESK}{address}", data).status_code)
    assert outcome.raised == []
    return sorted(outcome.returned)


def test_rule_added_by_many_is_one_and_the_others_see_it() -> None:
    rule: dict[str, str | int] = {"outcome": CallOutcome.VOICEMAIL, "attempt": 9, "wait_hours": 4}

    answers = sent_at_once("callrule/add/", rule)

    assert answers == [HTTPStatus.OK] * (TIMES - 1) + [HTTPStatus.FOUND]
    assert CallRule.objects.filter(attempt=9).count() == 1


def test_place_given_by_many_is_one_right_and_the_others_see_it() -> None:
    whom, center = make_staff("Triage", places=[]), make_center()

    answers = sent_at_once("placeright/add/", {"user": whom.pk, "place": center.pk})

    assert answers == [HTTPStatus.OK] * (TIMES - 1) + [HTTPStatus.FOUND]
    assert PlaceRight.objects.filter(user=whom).count() == 1
