"""Who can give and take places, and what a request's move does to who sees it."""

from __future__ import annotations

import pytest

from consultations.access import granting
from consultations.access.viewing import viewed
from consultations.exceptions import NotAllowed
from consultations.models import AccessEntry, Closure, ConsultationRequest, PlaceRight
from consultations.requests import moving
from consultations.statuses import AccessKind, PlaceScope
from tests.factories import NOW, make_center, make_request, make_staff

pytestmark = pytest.mark.django_db


def test_manager_gives_and_takes_a_center_of_their_own() -> None:
    center = make_center()
    manager, colleague = make_staff("Managers", places=[center]), make_staff("Triage", places=[])

    right = granting.give(colleague, scope=PlaceScope.CENTER, center=center, by=manager)
    given = PlaceRight.objects.of(colleague).count()
    granting.take(right, by=manager)

    assert (given, PlaceRight.objects.of(colleague).count()) == (1, 0)


@pytest.mark.parametrize("scope", PlaceScope)
def test_manager_of_one_center_gives_nothing_else(scope: PlaceScope) -> None:
    manager, colleague = make_staff("Managers", places=[make_center()]), make_staff("Triage", places=[])
    center = make_center() if scope == PlaceScope.CENTER else None

    with pytest.raises(NotAllowed):
        granting.give(colleague, scope=scope, center=center, by=manager)

    assert PlaceRight.objects.of(colleague).count() == 0


def test_nobody_gives_to_themselves() -> None:
    manager = make_staff("Managers", places=[PlaceScope.ALL])

    with pytest.raises(NotAllowed):
        granting.give(manager, scope=PlaceScope.CENTER, center=make_center(), by=manager)


def test_request_leaves_the_sight_of_the_old_center_at_once() -> None:
    old, new = make_center(), make_center()
    staff, request = make_staff("Triage", places=[old]), make_request(center=old)
    seen = ConsultationRequest.objects.visible_to(staff).count()

    ConsultationRequest.objects.filter(pk=request.pk).update(center=new)

    assert (seen, ConsultationRequest.objects.visible_to(staff).count()) == (1, 0)


def test_request_is_not_given_to_somebody_who_may_not_see_it() -> None:
    center = make_center()
    request, boss = make_request(center=center), make_staff("Triage", places=[center])

    with pytest.raises(NotAllowed):
        moving.assign(request, to=make_staff("Triage", places=[make_center()]), by=boss, seen=None, now=NOW)


def test_opening_twice_within_the_hour_is_kept_once() -> None:
    request, staff = make_request(), make_staff("Triage")

    viewed(request, AccessKind.DETAIL, by=staff, now=NOW)
    viewed(request, AccessKind.DETAIL, by=staff, now=NOW)

    assert AccessEntry.objects.count() == 1


def test_superuser_sees_the_closures_of_every_center() -> None:
    day = NOW.date()
    closure = Closure.objects.create(center=make_center(), name="Repairs", first_day=day, last_day=day)

    seen = Closure.objects.visible_to(make_staff(places=[], is_superuser=True))

    assert list(seen) == [closure]
