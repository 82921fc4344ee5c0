"""Who is looking at a request at this moment."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.access import presence
from consultations.models import Presence
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_others_are_those_who_opened_it_within_the_last_minutes() -> None:
    request, me, rosa, ben = make_request(), *(make_staff("Triage") for _ in range(3))
    presence.here(request, by=me, now=NOW)
    presence.here(request, by=rosa, now=NOW - MINUTE)
    presence.here(request, by=ben, now=NOW - 9 * MINUTE)
    presence.here(make_request(email="b@visitor.example"), by=ben, now=NOW)

    assert presence.others(request, than=me, now=NOW) == [rosa]


def test_who_opened_it_last_is_named_first() -> None:
    request, me, rosa, ben, eve = make_request(), *(make_staff("Triage") for _ in range(4))
    for who, minutes in ((rosa, 2), (ben, 1), (eve, 3)):
        presence.here(request, by=who, now=NOW - minutes * MINUTE)

    assert presence.others(request, than=me, now=NOW) == [ben, rosa, eve]


def test_opening_it_again_keeps_one_row_and_old_ones_are_forgotten() -> None:
    request, me = make_request(), make_staff("Triage")
    presence.here(request, by=me, now=NOW - 50 * MINUTE)
    presence.here(request, by=me, now=NOW)
    presence.here(request, by=make_staff("Triage"), now=NOW - 61 * MINUTE)

    presence.forget(now=NOW)

    assert list(Presence.objects.values_list("user", "seen_at")) == [(me.pk, NOW)]
