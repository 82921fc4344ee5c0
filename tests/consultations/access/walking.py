"""Every address of the admin as the resolver knows it, asked by somebody who may not see one side of the world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from consultations.models import Appointment, ConsultationRequest
from content.models import Center
from tests.consultations.access import questions
from tests.consultations.access.world import World, snapshot

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"(content|consultations|auth)_([a-z]+)_\w+")
UNKNOWN = 987654
# What differs from one answer to the next.
CHANCE = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"')
# Would end the session that asks.
ENDS = "logout"
# Read no query.
PLAIN = {"index", "app_list", "login", "password_change", "password_change_done", "jsi18n"}
# Where people send something about a row.
READ_ONLY = ("_history", "_proof", "_proof_json")


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


def walk(client: Client, world: World, among: Iterable[Address] | None = None) -> list[str]:
    """Return what was told or changed that should not have been: each line names the address."""
    walker = Walk(client, world)
    before = snapshot(world)
    for address in addresses() if among is None else among:
        if ENDS not in address.route:
            walker.visit(address)
    after = snapshot(world)
    changed = [f"changed: {label}" for label in before if before[label] != after[label]]
    return walker.found + changed + list(_tied(world))


@dataclass
class Walk:
    """Asks as one client, and keeps what it should not have been told."""

    client: Client
    world: World
    found: list[str] = field(default_factory=list)
    unknown: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def visit(self, address: Address) -> None:
        """Ask one address everything."""
        if address.of_row:
            self._foreign_rows(address)
            self._own_row(address)
        else:
            self._page(address)

    def _foreign_rows(self, address: Address) -> None:
        """Ask for foreign rows: each is answered as one that does not exist, but for centers, which are public."""
        # A page of no model of ours, such as a new one, hangs on requests as likely as not.
        model = address.model or ConsultationRequest
        rows = [self.world.foreign.rows.get(model), self.world.pool if address.model is ConsultationRequest else None]
        sent = [] if address.name.endswith(READ_ONLY) else questions.buttons(self.world)
        # The forms of a request are many; other rows have Django's one.
        sent = sent if model is ConsultationRequest else sent[:1]
        for row in filter(None, rows):
            for method, data in [("get", {}), *(("post", one) for one in sent)]:
                told = self._ask(method, _of(address, row, row.pk), data)
                unknown = self._of_unknown(address, row, method, data)
                if model is not Center and _without_ids(told, row) != _without_ids(unknown, row):
                    path = _of(address, row, row.pk)
                    self.found.append(f"{method.upper()} {path} differs from an unknown one: {told[:3]}, {unknown[:3]}")

    def _of_unknown(self, address: Address, row: Model, method: str, data: dict[str, Any]) -> str:
        key = (address.route, method, str(data))
        if key not in self.unknown:
            self.unknown[key] = self._ask(method, _of(address, row, UNKNOWN), data)
        return self.unknown[key]

    def _own_row(self, address: Address) -> None:
        """Read an own row's page, and press its buttons with foreign ids."""
        row = self.world.own.rows.get(address.model) if address.model else None
        if row is None:
            return
        asked = questions.of_row(self.world)
        for query in asked if address.name.endswith("request_change") else [asked[0], asked[-1]]:
            self._ask("get", _of(address, row, row.pk), query)
        if address.model is ConsultationRequest and not address.name.endswith(("_change", "_delete", *READ_ONLY)):
            sent = questions.buttons(self.world)
            for data in sent if address.name.endswith("_book") else sent[:2]:
                self._ask("post", _of(address, row, row.pk), data)

    def _page(self, address: Address) -> None:
        """Read a list or a page of its own with every query, and send what it might take."""
        queries, posts = self._questions(address)
        if self._ask("get", address.path(), queries[0]).startswith("403"):
            queries, posts = [{}], posts[:1]
        for query in queries[1:]:
            self._ask("get", address.path(), query)
        for data in posts:
            self._ask("post", address.path(), data)

    def _questions(self, address: Address) -> tuple[list[questions.Question], list[questions.Question]]:
        """Return the queries and what is sent."""
        world = self.world
        if address.name.endswith("_add"):
            return [{}], questions.forms(world)
        if address.name == "autocomplete":
            return questions.autocompletes(), [{}]
        if address.name in PLAIN or (address.model is not None and address.model not in world.foreign.rows):
            return [{}], [{}]
        return questions.of_list(world), questions.actions(world)

    def _ask(self, method: str, path: str, data: dict[str, Any]) -> str:
        """Return the answer without what differs each time, and note a secret in it."""
        # What an earlier answer left to be said would be told on this page.
        self.client.cookies.pop("messages", None)
        response: Any = getattr(self.client, method)(path, data)
        said = b"".join(response).decode() if response.streaming else response.content.decode()
        storage: Any = get_messages(response.wsgi_request)
        messages = [str(message) for message in getattr(storage, "_queued_messages", [])]
        told = "\n".join([said, response.get("Location", ""), *messages])
        asked = f"{path}?{urlencode(data)}" if method == "get" else f"{path} {data}"
        secret = next((secret for secret in self.world.secrets if secret in told.lower()), None)
        if secret:
            self.found.append(f"{method.upper()} {asked} says {secret}")
        return f"{response.status_code} {CHANCE.sub('', told)}"


def _without_ids(told: str, row: Model) -> str:
    return told.replace(str(UNKNOWN), "#").replace(str(row.pk), "#")


def _of(address: Address, row: Model, pk: Any) -> str:
    return address.path(object_id=pk, content_type_id=ContentType.objects.get_for_model(row).pk)


def _tied(world: World) -> Iterator[str]:
    """Find what ties the own request to the foreign side."""
    own, foreign = world.own.request, world.foreign
    if ConsultationRequest.objects.filter(pk=own.pk, assignee=foreign.staff).exists():
        yield "changed: the own request is given to foreign staff"
    if Appointment.objects.filter(request=own, consultant=foreign.consultant).exists():
        yield "changed: the own request has an appointment with a foreign consultant"
