"""A clinic with two centers, one of which must not be seen: every row there says "Leaky" or bears a known reference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from consultations.access.viewing import viewed
from consultations.models import (
    AppointmentType,
    Closure,
    Consultant,
    ConsultationRequest,
    ShownText,
)
from consultations.requests import moving
from consultations.statuses import AccessKind, Channel, ConsentPurpose
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, join, make_appointment, make_appointment_type, make_consultant
from tests.factories import NOW

LEAK = "leaky"


@dataclass
class Side:
    """A center with everything that hangs on it."""

    center: Center
    request: ConsultationRequest
    consultant: Consultant
    staff: User
    rows: dict[type[Model], Model] = field(default_factory=dict)


@dataclass
class World:
    """Both sides, and a request without a center."""

    own: Side
    foreign: Side
    pool: ConsultationRequest
    appointment_type: AppointmentType

    @property
    def secrets(self) -> list[str]:
        """What no page may say to who may see the own side only, in small letters."""
        return [LEAK, "555-0199", "12025550199", self.foreign.request.reference.lower(), self.pool.reference.lower()]


def make_world() -> World:
    """Write it."""
    factories.make_clinic()
    appointment_type = make_appointment_type()
    own = make_side("Plain", appointment_type)
    foreign = make_side("Leaky", appointment_type, phone="+1 202-555-0199", phone_e164="+12025550199")
    return World(
        own, foreign, factories.make_request(name="Leaky Pool", email="box-leaky-pool@x.example"), appointment_type
    )


def make_side(word: str, appointment_type: AppointmentType, **kwargs: Any) -> Side:
    """Write a center with a request, an appointment and staff, all named `word`, but for what everybody may know."""
    center = factories.make_center()
    staff = factories.make_staff("Triage", places=[center], first_name=word, last_name="Colleague")
    doctor = factories.make_staff(places=[center], first_name=word, last_name="Doctor")
    consultant = make_consultant(center, user=doctor, public_name=f"{word} Consultant")
    consultant.leaves.create(starts_at=NOW, ends_at=NOW + dt.timedelta(hours=1))
    consultant.date_exceptions.create(center=center, date=NOW.date(), closed=True)
    request = factories.make_request(
        name=f"{word} Name",
        # Both sides are one person: what one asked must not be told on the other's page.
        email="one.person@x.example" if word == "Plain" else "one.person+leaky@x.example",
        center=center,
        message=f"{word} words",
        agreed=frozenset(ConsentPurpose),
        **kwargs,
    )
    moving.assign(request, to=staff, by=staff, seen=None, now=NOW)
    moving.note(request, text=f"{word} note", by=staff, now=NOW)
    for what in AccessKind:
        viewed(request, what, by=staff, now=NOW)
    appointment = make_appointment(
        request=request,
        center=center,
        consultant=consultant,
        appointment_type=appointment_type,
        channel=Channel.IN_PERSON,
        starts_at=MONDAY,
    )
    closure = Closure.objects.create(
        center=center, name=f"{word} closure", first_day=MONDAY.date(), last_day=MONDAY.date()
    )
    waiting = join(request, (center, appointment_type)) if not request.waiting_entries.exists() else None
    found: list[Model | None] = [request, consultant, appointment, closure, center, waiting]
    found += [request.messages.first(), request.consents.first(), request.activities.last()]
    found += [request.access_entries.first(), staff.place_rights.first()]
    return Side(center, request, consultant, staff, {type(row): row for row in found if row is not None})


def make_log(user: User, world: World) -> None:
    """Let the user have done something at the foreign center once, when it was theirs."""
    closure = world.foreign.rows[Closure]
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(closure),
        object_id=str(closure.pk),
        object_repr=str(closure),
        action_flag=ADDITION,
    )


def snapshot(world: World) -> dict[str, list[Any]]:
    """Return every row that a member of staff could change, but for the own request and what belongs to it."""
    models: list[Any] = [Center, *ConsultationRequest._meta.app_config.get_models()]
    own = world.own.request.pk
    rows: dict[str, list[Any]] = {}
    for model in models:
        names = {one.name for one in model._meta.concrete_fields}
        seen = model._default_manager.order_by("pk")
        if model is ConsultationRequest:
            seen = seen.exclude(pk=own)
        elif "request" in names:
            seen = seen.exclude(request=own)
        if model is not ShownText:
            rows[model._meta.label] = list(seen.values_list())
    return rows
