"""The triage desk, as tests ask for it and read it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consultations.models import AppointmentType, Consultant, ConsultationRequest
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment_type, make_consultant

type Place = tuple[Center, AppointmentType, Consultant]


def make_place() -> Place:
    """Write a center with one consultant and a kind of visit."""
    center = factories.make_center()
    return center, make_appointment_type(), make_consultant(center)


def login(client: Client, *groups: str) -> User:
    """Log a new member of staff in."""
    user = factories.make_staff(*groups)
    client.force_login(user)
    return user


def address(request: ConsultationRequest, which: str = "change") -> str:
    """Return the address of a request's page, or of one of its buttons."""
    return reverse(f"admin:consultations_consultationrequest_{which}", args=[request.pk])


def told(response: Any) -> str:
    """Return what the page tells."""
    return " ".join(str(message) for message in response.context["messages"])


def sent(place: Place, **kwargs: Any) -> dict[str, Any]:
    """Return what the form for another time sends: Monday at ten in New York."""
    return {"appointment_type": place[1].pk, "center": place[0].pk, "local": "2026-11-23T10:00"} | kwargs
