"""Taking a place from somebody, or closing an account, leaves no request with them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import PlaceRight
from consultations.requests import claims
from tests import factories
from tests.desk import login, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LIST = reverse("admin:consultations_placeright_changelist")


@pytest.mark.parametrize("by_action", [True, False])
def test_right_that_is_taken_gives_back_what_its_owner_had(client: Client, *, by_action: bool) -> None:
    center = factories.make_center()
    rosa, request = (
        factories.make_staff("Triage", places=[center], first_name="Rosa"),
        factories.make_request(center=center),
    )
    claims.claim(request, by=rosa, now=NOW)
    login(client, "Managers")
    right = PlaceRight.objects.get(user=rosa)

    if by_action:
        data = {"action": "delete_selected", "_selected_action": right.pk, "post": "yes"}
        response = client.post(LIST, data, follow=True)
    else:
        page = reverse("admin:consultations_placeright_delete", args=[right.pk])
        response = client.post(page, {"post": "yes"}, follow=True)

    request.refresh_from_db()
    assert (request.assignee, PlaceRight.objects.filter(user=rosa).count()) == (None, 0)
    assert told(response).startswith("A request that Rosa had: given back.")


def test_account_that_is_closed_gives_back_what_its_owner_had(client: Client) -> None:
    rosa, request = factories.make_staff("Triage", first_name="Rosa"), factories.make_request()
    claims.claim(request, by=rosa, now=NOW)
    client.force_login(factories.make_staff(is_superuser=True))
    form = {
        "username": rosa.username,
        "first_name": "Rosa",
        "is_staff": "on",
        "groups": list(rosa.groups.values_list("pk", flat=True)),
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
    }

    response = client.post(reverse("admin:auth_user_change", args=[rosa.pk]), form, follow=True)

    request.refresh_from_db()
    rosa.refresh_from_db()
    assert (rosa.is_active, request.assignee) == (False, None)
    assert told(response).startswith("Requests that they had, given back: 1.")
