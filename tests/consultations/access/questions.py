"""What the walk asks pages of the admin: ids and words of the foreign side; no question says a secret itself."""

from __future__ import annotations

from typing import Any

from consultations.models import Appointment
from tests.consultations.access.world import World

type Question = dict[str, Any]


def _ids(world: World) -> Question:
    side = world.foreign
    return {
        "center": side.center.pk,
        "place": side.center.pk,
        "assignee": side.staff.pk,
        "consultant": side.consultant.pk,
    }


def of_row(world: World) -> list[Question]:
    """Return the queries that a row's page reads, from none of them to all."""
    asked = {
        "appointment_type": world.appointment_type.pk,
        "local": "2026-11-23T10:00",
        "day": "2026-11-23",
        "span": "week",
    }
    return [{}, *({name: value} for name, value in _ids(world).items()), _ids(world) | asked]


def of_list(world: World) -> list[Question]:
    """Return the queries that lists and pages of their own read: searches, filters, lookups, order, everything."""
    searches = [{"q": q} for q in ("eaky", "one.person+", "2025550", world.foreign.request.reference[:-1])]
    center = world.foreign.center.pk
    lookups: list[Question] = [
        {"request__name__contains": "eaky"},
        {"center__id__exact": center},
        {"o": "2.-1", "all": ""},
    ]
    return [{}, *searches, *lookups, {"center": center}, of_row(world)[-1]]


def autocompletes() -> list[Question]:
    """Return the queries of the admin's fields that search while one types."""
    fields = [
        ("activity", "request"),
        ("appointment", "consultant"),
        ("appointment", "request"),
        ("placeright", "user"),
    ]
    return [
        {"app_label": "consultations", "model_name": model, "field_name": name, "term": term}
        for model, name in fields
        for term in ("eaky", "")
    ]


def buttons(world: World) -> list[Question]:
    """Return what the buttons of a row's page send: about a foreign appointment, and to foreign staff."""
    side = world.foreign
    said = {"reason": "x", "text": "x", "why": "x", "outcome": "attended", "post": "yes", "mail": "1"}
    about: Question = {"seen": side.request.status, "to": "attempted", "appointment": side.rows[Appointment].pk}
    assigned: Question = {"to": side.staff.pk, "seen": world.own.staff.pk, "post": "yes"}
    booked = of_row(world)[-1] | {"starts_at": "2026-11-23T10:00:00Z", "seen": world.own.request.status}
    return [said | about, assigned, booked]


def actions(world: World) -> list[Question]:
    """Return what lists send about selected rows."""
    selected = [world.pool.pk, *(row.pk for row in world.foreign.rows.values())]
    return [
        {"action": action, "_selected_action": selected, "post": "yes", "select_across": "1"}
        for action in ("claim_selected", "delete_selected")
    ]


def forms(world: World) -> list[Question]:
    """Return what a form for a new row sends."""
    side = world.foreign
    days = {"first_day": "2026-11-23", "last_day": "2026-11-23"}
    return [{"user": side.staff.pk, "place": side.center.pk, "center": side.center.pk, "name": "x"} | days]
