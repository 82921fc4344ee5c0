"""Every address of the admin as the resolver knows it, asked by somebody who may not see one side of the world."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from consultations.models import ConsultationRequest
from content.models import Center
from tests.consultations.access.world import Side, World, snapshot

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"(content|consultations|auth)_([a-z]+)_\w+")
UNKNOWN = 987654
# Would end the session that asks.
ENDS = "logout"
CENTERED = {Center}


@dataclass(frozen=True)
class Address:
    """A route with its name; `model` is whose row `object_id` is."""

    route: str
    name: str
    model: type[Model] | None

    @property
    def of_row(self) -> bool:
        """Whether a row's id belongs in it."""
        return "object_id" in self.parameters

    @property
    def parameters(self) -> list[str]:
        """The names of what is to be filled in."""
        return [one or other for one, other in PARAMETER.findall(self.route)]

    def path(self, **values: Any) -> str:
        """Return it filled in."""
        bare = PARAMETER.sub(lambda found: str(values.get(found[1] or found[2], "consultations")), self.route)
        return "/" + bare.replace("^", "").replace("$", "").replace("\\Z", "")


def addresses() -> list[Address]:
    """Return every address below admin/."""
    return [address for address in _flat(get_resolver().url_patterns, "") if address.route.startswith("admin/")]


def _flat(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, route)
        else:
            name = str(pattern.name or "")
            found = NAME.fullmatch(name)
            yield Address(route, name, apps.get_model(found[1], found[2]) if found else None)


def walk(client: Client, world: World) -> list[str]:
    """Return what was told or changed that should not have been: each line names the address."""
    before = snapshot()
    found = [line for address in addresses() if ENDS not in address.route for line in _ask(client, world, address)]
    after = snapshot()
    return found + [f"changed: {label}" for label in before if before[label] != after[label]]


def _ask(client: Client, world: World, address: Address) -> Iterator[str]:
    paths = yield from _ask_of_rows(client, world, address) if address.of_row else _nothing([address.path()])
    for path in paths:
        for query in _queries(world) if _reads_queries(address) else [{}]:
            yield from _leaks(client.get(path, query), f"GET {path}?{urlencode(query)}", world)
    if address.name == "autocomplete":
        for query in _autocompletes():
            yield from _leaks(client.get(paths[0], query), f"GET {paths[0]}?{urlencode(query)}", world)
    if not address.of_row:
        yield from _post(client, world, address, paths[0])


def _post(client: Client, world: World, address: Address, path: str) -> Iterator[str]:
    for data in _posts(world) if _reads_queries(address) or address.name.endswith("_add") else [{}]:
        yield from _leaks(client.post(path, data), f"POST {path} {data}", world)


def _nothing(paths: list[str]) -> Generator[str, None, list[str]]:
    """Say nothing and return the paths."""
    yield from ()
    return paths


def _ask_of_rows(client: Client, world: World, address: Address) -> Generator[str, None, list[str]]:
    """Compare the page of a foreign row with that of none; return the page of one's own row, where there is one."""
    # A page of no model of ours, such as a new one, hangs on requests as likely as not.
    model = address.model or ConsultationRequest
    rows = [row for row in (world.foreign.rows.get(model), _pooled(world, model)) if row is not None]
    # Where a center is and when it is open is public.
    rows = [row for row in rows if not isinstance(row, Center)]
    for row in rows:
        kind = ContentType.objects.get_for_model(row).pk
        yield from _compare(client, world, address.path(object_id=row.pk, content_type_id=kind), row.pk)
    own = world.own.rows.get(model)
    return [address.path(object_id=own.pk)] if own is not None else []


def _reads_queries(address: Address) -> bool:
    """Return whether a page may show rows by place; pages of content show none, and are asked once."""
    shown = address.model is None or address.model in CENTERED or address.model._meta.app_label == "consultations"
    return shown and not address.name.endswith(("_add", "_delete", "_history"))


def _pooled(world: World, model: type[Model]) -> Model | None:
    return world.pool if model is ConsultationRequest else None


def _compare(client: Client, world: World, path: str, pk: Any) -> Iterator[str]:
    """Ask for a foreign row and for one that does not exist: the answers are the same."""
    unknown = path.replace(f"/{pk}/", f"/{UNKNOWN}/")
    for method, data in [("get", {}), *(("post", data) for data in _posts(world)[1:3])]:
        answers = []
        for asked in (path, unknown):
            response = getattr(client, method)(asked, data)
            text = response.content.decode()
            yield from _leaks(response, f"{method.upper()} {path}", world)
            text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)
            answers.append((response.status_code, text.replace(str(UNKNOWN), "#").replace(f"{pk}", "#")))
        if answers[0] != answers[1]:
            yield f"{method.upper()} {path} differs from an unknown one: {answers[0][0]}, {answers[1][0]}"


def _queries(world: World) -> list[dict[str, Any]]:
    """Return the queries that pages of the admin read, with foreign ids in them; none says a secret itself."""
    side, reference = world.foreign, world.foreign.request.reference
    searches = [{"q": q} for q in ("eaky", reference[:-1])]
    ids: dict[str, Any] = {
        "center": side.center.pk,
        "place": side.center.pk,
        "assignee": side.staff.pk,
        "consultant": side.consultant.pk,
    }
    asked = {
        "appointment_type": world.appointment_type.pk,
        "local": "2026-11-23T10:00",
        "day": "2026-11-23",
        "span": "week",
    }
    lookups: list[dict[str, Any]] = [
        {name: "eaky"} for name in ("name__contains", "request__name__contains", "user__first_name__contains")
    ]
    lookups += [{"request__center": side.center.pk}, {"center__id__exact": side.center.pk}, {"o": "2.-1"}, {"all": ""}]
    return [{}, *searches, *lookups, ids, ids | asked]


def _autocompletes() -> list[dict[str, Any]]:
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


def _posts(world: World) -> list[dict[str, Any]]:
    """Return what the buttons, the actions and the forms of the admin send, about foreign rows."""
    side = world.foreign
    selected = [world.pool.pk, *(row.pk for row in side.rows.values())]
    button: dict[str, Any] = {
        "seen": side.request.status,
        "reason": "x",
        "text": "x",
        "why": "x",
        "outcome": "attended",
        "post": "yes",
    }
    button |= {"appointment": getattr(side.rows.get(_model("appointment")), "pk", ""), "mail": "1"}
    return [
        {},
        button | {"to": "attempted"},
        {"to": "", "seen": side.staff.pk, "post": "yes"},
        {"action": "claim_selected", "_selected_action": selected, "select_across": "1"},
        {"action": "delete_selected", "_selected_action": selected, "post": "yes", "select_across": "1"},
        {"user": str(side.staff.pk), "place": side.center.pk, "center": side.center.pk, "name": "x",
         "first_day": "2026-11-23", "last_day": "2026-11-23"},
    ]  # fmt: skip


def _model(name: str) -> type[Model]:
    return apps.get_model("consultations", name)


def _leaks(response: Any, asked: str, world: World) -> Iterator[str]:
    said = b"".join(response).decode() if response.streaming else response.content.decode()
    for secret in world.secrets:
        if secret in said.lower():
            yield f"{asked} says {secret}"
            return


def rows_of(side: Side, model: type[Model] | None) -> Model | None:
    """Return the side's row of a model, or any there is of a model without places."""
    if model is None:
        return None
    return side.rows.get(model) or model._default_manager.first()
