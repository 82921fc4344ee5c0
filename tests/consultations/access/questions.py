"""What the walk asks pages of the admin: ids and words of the foreign side; no question says a secret itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey

from consultations.models import Appointment, ConsultationRequest
from tests.consultations.access.addresses import OWN_ACCOUNT, PLAIN, Address
from tests.consultations.access.asking import Question
from tests.consultations.access.world import World

# Parts of the foreign side's words: of names, a mail address, a number and a reference.
PARTS = ("eaky", "one.person+", "2025550")
WEEK = {"local": "2026-11-23T10:00", "day": "2026-11-23", "span": "week"}


def of_page(address: Address, world: World) -> tuple[list[Question], list[Question]]:
    """Return what a page without a row is asked, and what is sent to it."""
    if address.name in OWN_ACCOUNT | PLAIN:
        return [{}], [{}]
    if address.name == "slot":
        return list(_of_slot(world)), [{}]
    if address.name == "autocomplete":
        return list(_autocompletes()), [{}]
    if address.model is not None and address.model not in world.own.rows:
        # Texts of the public site.
        return [{}], [{}]
    if address.name.endswith("_add"):
        return [{}, _ids(world)], list(_forms(world))
    return list(_of_list(address, world)), list(_actions(address, world))


def of_row(address: Address, world: World) -> list[Question]:
    """Return what the page of an own row is asked: nothing, all the ids of the other side, and some of them."""
    ids = _ids(world)
    if address.name.endswith("request_change"):
        return [{}, ids | WEEK, {"center": ids["center"]}, {"consultant": ids["consultant"]}]
    return [{}, ids | WEEK] if address.name.endswith("_change") else [{}]


def buttons(world: World) -> list[Question]:
    """Return what the buttons of a row's page send: about a foreign appointment, and to foreign staff."""
    side = world.foreign
    said = {"reason": "x", "text": "x", "why": "x", "outcome": "attended", "post": "yes", "mail": "1"}
    about: Question = {"seen": side.request.status, "to": "attempted", "appointment": side.rows[Appointment].pk}
    assigned: Question = {"to": side.staff.pk, "seen": world.own.staff.pk, "post": "yes"}
    booked = _ids(world) | WEEK | {"starts_at": "2026-11-23T10:00:00Z", "seen": world.own.request.status}
    return [said | about, assigned, booked]


def _ids(world: World) -> Question:
    side = world.foreign
    return {
        "center": side.center.pk,
        "place": side.center.pk,
        "assignee": side.staff.pk,
        "consultant": side.consultant.pk,
        "appointment_type": world.appointment_type.pk,
    }


def _of_list(address: Address, world: World) -> Iterator[Question]:
    """Yield filters of every page at once, orders with counts of the filters, searches, and lookups."""
    yield {}
    yield _ids(world) | WEEK
    shown = admin.site._registry.get(address.model) if address.model else None
    if shown is None:
        yield from ({name: value} for name, value in _ids(world).items())
        return
    yield {"o": ".".join(str(number) for number in range(1, len(shown.list_display) + 1)), "all": "", "_facets": "True"}
    words = PARTS if address.model is ConsultationRequest else PARTS[:1]
    yield from ({"q": part} for part in (*words, world.foreign.request.reference[:-1]))
    for column in shown.opts.concrete_fields:
        if isinstance(column, ForeignKey) and column.related_model in world.foreign.rows:
            yield {f"{column.name}__id__exact": world.foreign.rows[column.related_model].pk}


def _of_slot(world: World) -> Iterator[Question]:
    """Yield what the page of a free time is asked: about a foreign one, and for whom an own one is."""
    yield _ids(world) | WEEK
    own = {"center": world.own.center.pk, "consultant": world.own.consultant.pk, "starts_at": "2026-11-23T18:00:00Z"}
    free: Question = {"appointment_type": world.appointment_type.pk} | own
    whom: list[Question] = [{}, {"request": world.foreign.request.pk}, *({"q": part} for part in PARTS)]
    yield from (free | one for one in whom)


def _autocompletes() -> Iterator[Question]:
    """Yield what fields of the admin ask that search while one types: each that leads to a model with a list."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, ForeignKey) and column.related_model in admin.site._registry:
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                yield from (asked | {"field_name": column.name, "term": term} for term in ("", "eaky"))


def _actions(address: Address, world: World) -> Iterator[Question]:
    """Yield what a list sends for each of its actions: about foreign rows, and about everything that it shows."""
    shown = admin.site._registry.get(address.model) if address.model else None
    named = [one if isinstance(one, str) else one.__name__ for one in (shown.actions or ())] if shown else []
    rows = [world.foreign.rows.get(address.model) if address.model else None, world.pool]
    chosen = {"_selected_action": [row.pk for row in rows if row is not None], "post": "yes"}
    for action in (*named, "delete_selected"):
        yield chosen | {"action": action}
        yield chosen | {"action": action, "select_across": "1"}


def _forms(world: World) -> Iterator[Question]:
    """Yield what forms for a new row send, the foreign center or one of its staff in it."""
    side = world.foreign
    whole = {
        "first_day": "2026-11-23",
        "last_day": "2026-11-23",
        "name": "x",
        "public_name": "x",
        "time_zone": "America/New_York",
        **{f"{prefix}-TOTAL_FORMS": "0" for prefix in ("working_periods", "date_exceptions", "leaves", "periods")},
        **{f"{prefix}-INITIAL_FORMS": "0" for prefix in ("working_periods", "date_exceptions", "leaves", "periods")},
    }
    places = [{"place": side.center.pk, "center": side.center.pk, "centers": [side.center.pk]}]
    places += [{"place": world.own.center.pk, "centers": [world.own.center.pk]}, {"place": "all"}, {"place": "pool"}]
    people = {"user": side.rows[type(side.staff)].pk, "whose": side.staff.pk}
    yield from (whole | people | place for place in places)
    # Closed everywhere, the foreign center among it.
    yield whole | {"center": ""}
