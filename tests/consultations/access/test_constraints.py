"""What the database itself refuses about rights and access entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consultations.models import AccessEntry, PlaceRight
from consultations.statuses import AccessKind, PlaceScope
from tests.factories import NOW, make_center, make_request, make_staff
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_right_of_an_unknown_scope_is_refused() -> None:
    user = make_staff(places=[])

    with refused_by("consultations_placeright_scope_known"):
        PlaceRight.objects.create(user=user, scope="elsewhere")


@pytest.mark.parametrize(("scope", "named"), [(PlaceScope.CENTER, False), (PlaceScope.ALL, True)])
def test_right_to_a_center_that_is_missing_or_too_much_is_refused(scope: PlaceScope, named: bool) -> None:  # noqa: FBT001  pytest hands it over by name
    user, center = make_staff(places=[]), make_center()

    with refused_by("consultations_placeright_names_a_center_or_a_scope"):
        PlaceRight.objects.create(user=user, scope=scope, center=center if named else None)


def test_second_right_to_a_center_is_refused() -> None:
    center = make_center()
    user = make_staff(places=[center])

    with refused_by("consultations_placeright_center_once"):
        PlaceRight.objects.create(user=user, scope=PlaceScope.CENTER, center=center)


def test_second_right_to_all_centers_is_refused() -> None:
    user = make_staff(places=[PlaceScope.ALL])

    with refused_by("consultations_placeright_scope_once"):
        PlaceRight.objects.create(user=user, scope=PlaceScope.ALL)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("consultations_accessentry_what_known", {"what": "other"}),
        ("consultations_accessentry_not_before_its_hour", {"at": NOW - dt.timedelta(hours=1)}),
    ],
)
def test_access_entry_that_cannot_be_is_refused(name: str, changed: dict[str, Any]) -> None:
    entry = {"request": make_request(), "by": make_staff(), "what": AccessKind.DETAIL, "at": NOW, "hour": NOW}

    with refused_by(name):
        AccessEntry.objects.create(**entry | changed)


def test_second_access_entry_of_an_hour_is_refused() -> None:
    entry = {"request": make_request(), "by": make_staff(), "what": AccessKind.DETAIL, "at": NOW, "hour": NOW}
    AccessEntry.objects.create(**entry)

    with refused_by("consultations_accessentry_once_an_hour"):
        AccessEntry.objects.create(**entry | {"at": NOW + dt.timedelta(minutes=1)})
