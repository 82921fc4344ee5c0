"""A clinic with two centers, one of which must not be seen: every row there says "Leaky" or bears a known reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from consultations.access.viewing import viewed
from consultations.admin.readonly import WrittenByVerbs
from consultations.groups import MANAGERS, TRIAGE
from consultations.models import (
    AppointmentType,
    Closure,
    ConsentText,
    Consultant,
    ConsultationRequest,
    EscalationRule,
    ExportEntry,
    RateCount,
    SavedView,
    SecondFactorReset,
)
from consultations.requests import moving
from consultations.statuses import AccessKind, Channel, ConsentPurpose, ExportFormat
from content.models import Center, ClinicProfile, OpeningPeriod, Therapy
from tests import factories
from tests.booking_factories import MONDAY, join, make_appointment, make_appointment_type, make_consultant, make_week
from tests.factories import NOW

LEAK = "leaky"
# Visits do not overlap: each is some half hours later.
HALF_HOUR = dt.timedelta(minutes=30)


@dataclass
class Side:
    """A center with everything that hangs on it; `rows` has one of each model."""

    center: Center
    request: ConsultationRequest
    consultant: Consultant
    staff: User
    rows: dict[type[Model], Model]


@dataclass
class World:
    """Both sides, a request without a center, and a consultant who works at both centers."""

    own: Side
    foreign: Side
    pool: ConsultationRequest
    appointment_type: AppointmentType

    @property
    def secrets(self) -> list[str]:
        """What no page may say to who may see the own side only, in small letters."""
        return [LEAK, "555-0199", "12025550199", self.foreign.request.reference.lower(), self.pool.reference.lower()]

    def grow(self) -> None:
        """Write a second row of everything at the foreign center, and a second request without a center."""
        make_side("Leaky", self.appointment_type, center=self.foreign.center, starts_at=MONDAY + 2 * HALF_HOUR)
        make_pool()

    def snapshot(self) -> dict[tuple[str, Any], list[Any]]:
        """Return every row that hangs not on the own side alone, by model and key."""
        return {
            (type(row)._meta.label, row.pk): [getattr(row, one.attname) for one in row._meta.concrete_fields]
            for model in _kept()
            for row in model._base_manager.all()
            if not self._is_own(row)
        }

    def _is_own(self, row: Model) -> bool:
        named = {(one.related_model, getattr(row, one.attname)) for one in row._meta.concrete_fields if one.is_relation}
        named.add((type(row), row.pk))
        own, foreign = ({(model, one.pk) for model, one in side.rows.items()} for side in (self.own, self.foreign))
        return bool(named & (own - foreign)) and not named & (foreign - own)


def _kept() -> Iterator[Any]:
    """Yield the models of what staff could change."""
    yield from (Center, OpeningPeriod, User)
    yield from (
        one
        for one in apps.get_app_config("consultations").get_models(include_auto_created=True)
        if one is not RateCount
    )


def make_world() -> World:
    """Write it."""
    factories.make_clinic()
    factories.make_therapy()
    appointment_type = make_appointment_type()
    own = make_side("Plain", appointment_type)
    foreign = make_side("Leaky", appointment_type, phone="+1 202-555-0199", phone_e164="+12025550199")
    shared = make_consultant(own.center, foreign.center, hours=False, public_name="Shared Consultant")
    for side, hour in ((own, 9), (foreign, 13)):
        make_week(shared, side.center, starts=hour, ends=hour + 4)
    seen_elsewhere = factories.make_request(name="Leaky Visitor", email="visitor@x.example", center=foreign.center)
    _visit(seen_elsewhere, shared, appointment_type, MONDAY + 8 * HALF_HOUR)
    # Both sides are one person: what one asked must not be told on the other's page.
    assert own.request.person_id == foreign.request.person_id
    return World(own, foreign, make_pool(), appointment_type)


def make_pool() -> ConsultationRequest:
    """Write a request for no center."""
    return factories.make_request(name="Leaky Pool", email=f"pool-{factories.number()}-leaky@x.example")


def make_side(
    word: str,
    appointment_type: AppointmentType,
    *,
    center: Center | None = None,
    starts_at: dt.datetime = MONDAY,
    **kwargs: Any,
) -> Side:
    """Write a center with a request, an appointment and staff, all named `word`, but for what everybody may know."""
    center = center or factories.make_center()
    staff, doctor = _named(word, "Colleague", center, MANAGERS, TRIAGE), _named(word, "Doctor", center)
    consultant = make_consultant(center, user=doctor, public_name=f"{word} Consultant")
    consultant.leaves.create(starts_at=NOW, ends_at=NOW + dt.timedelta(hours=1))
    consultant.date_exceptions.create(center=center, date=NOW.date(), closed=True)
    request = factories.make_request(
        name=f"{word} Name",
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
    closure = Closure.objects.create(
        center=center, name=f"{word} closure", first_day=MONDAY.date(), last_day=MONDAY.date()
    )
    waiting = request.waiting_entries.first() or join(request, (center, appointment_type))
    reset = SecondFactorReset.objects.create(whose=doctor, asked_by=staff, asked_at=NOW)
    view = SavedView.objects.create(
        owner=staff, name=f"{word} view {factories.number()}", query="due=mine", shared=True
    )
    for row in (center, consultant, closure):
        write_log(staff, row)
    found: list[Model | None] = [center, request, consultant, staff, closure, waiting, reset, view]
    rule = EscalationRule.objects.get_or_create(center=center)[0]
    rule.recipients.add(staff)
    found.append(rule)
    found += [_visit(request, consultant, appointment_type, starts_at), staff.place_rights.first()]
    found += [request.messages.first(), request.consents.first(), request.activities.last()]
    found += [request.access_entries.first(), request.person]
    found += [
        ExportEntry.objects.create(
            by=staff, at=NOW, format=ExportFormat.CSV, rows=7, filters=word, reason=f"{word} reason"
        )
    ]
    # What is the same for everybody is there on both sides.
    found += [appointment_type, ConsentText.objects.first(), ClinicProfile.objects.first(), Therapy.objects.first()]
    return Side(center, request, consultant, staff, {type(row): row for row in found if row is not None})


def _named(word: str, last_name: str, center: Center, *groups: str) -> User:
    staff = factories.make_staff(*groups, places=[center], first_name=word, last_name=last_name)
    staff.username = f"{word.lower()}-{staff.username}"
    staff.save()
    return staff


def _visit(
    request: ConsultationRequest, consultant: Consultant, appointment_type: AppointmentType, starts_at: dt.datetime
) -> Model:
    return make_appointment(
        request=request,
        center=request.center,
        consultant=consultant,
        appointment_type=appointment_type,
        channel=Channel.IN_PERSON,
        starts_at=starts_at,
    )


def arrive(world: World, *groups: str, **kwargs: Any) -> User:
    """Write a member of staff of the own center, who looked at the own request, and once changed what was theirs then."""
    user = factories.make_staff(*groups, places=[world.own.center], **kwargs)
    for what in AccessKind:
        viewed(world.own.request, what, by=user, now=NOW)
    for model, row in world.foreign.rows.items():
        if hasattr(model._default_manager, "visible_to") and not isinstance(
            admin.site._registry[model], WrittenByVerbs
        ):
            write_log(user, row)
    return user


def write_log(user: User, row: Model) -> None:
    """Write in the admin's log that the user changed a row."""
    kind = ContentType.objects.get_for_model(row)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id=str(row.pk), object_repr=str(row), action_flag=CHANGE
    )
