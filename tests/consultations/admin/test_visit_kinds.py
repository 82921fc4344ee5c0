"""Kinds of visit in the admin: who changes them, and what is said to a mistake."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import AppointmentType
from consultations.statuses import PlaceScope
from tests import factories
from tests.booking_factories import make_appointment_type
from tests.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def page(kind: AppointmentType) -> str:
    """Return the address of a kind's page."""
    return reverse("admin:consultations_appointmenttype_change", args=[kind.pk])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"minutes": "31"}, "Give a multiple of 5 minutes."),
        ({"window_days": "0"}, "Times can be booked between 1 and 730 days ahead."),
        ({"minutes": "1000"}, "A visit takes 5 minutes to 8 hours, with at most 4 hours kept free around it."),
        ({"daily_cap": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_mistake_in_a_kind_of_visit_is_said_in_words(client: Client, changed: dict[str, str], words: str) -> None:
    kind = make_appointment_type()
    client.force_login(make_staff("Managers"))
    names = (
        "name slug channel minutes interval_minutes buffer_before buffer_after notice_minutes window_days cutoff_minutes"
    ).split()

    response = client.post(page(kind), {name: getattr(kind, name) for name in names} | {"active": "on"} | changed)

    found = [str(error) for errors in response.context["errors"] for error in errors]
    assert found == [words]
    assert response.context["preview"].about == kind.name


def test_kind_of_visit_is_changed_only_by_who_has_every_center(client: Client) -> None:
    kind, center = make_appointment_type(minutes=30), factories.make_center()
    data = {"name": kind.name, "slug": kind.slug, "channel": kind.channel, "minutes": "30", "interval_minutes": "30"}
    lengths = {
        "buffer_before": "0",
        "buffer_after": "0",
        "notice_minutes": "60",
        "window_days": "9",
        "cutoff_minutes": "60",
    }

    statuses, kept = [], []
    for places in ([center], [PlaceScope.ALL]):
        client.force_login(make_staff("Managers", places=places))
        statuses.append(client.post(page(kind), data | lengths).status_code)
        kept.append(AppointmentType.objects.values_list("window_days", "active").get())

    assert statuses == [403, 302]
    assert kept == [(kind.window_days, True), (9, False)]
