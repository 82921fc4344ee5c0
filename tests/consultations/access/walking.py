"""Every address of the admin, asked by somebody who may not see one side of the world.

Three things are looked for: words of the other side in an answer; an answer that becomes another one when there is more on
the other side, which would tell a count or that something is there; and rows of the other side that are changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import zip_longest

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.http import urlencode

from consultations.models import Appointment, ConsultationRequest
from content.models import Center
from tests.consultations.access import questions
from tests.consultations.access.addresses import Address, addresses
from tests.consultations.access.asking import Answer, Question, ask
from tests.consultations.access.world import World

UNKNOWN = 987654
# Pages that only show something of a row.
READ_ONLY = ("_history", "_proof", "_proof_json")
# Nothing, everything at once, an order with counts, and a search.
COMPARED = 4
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def walk(user: User, world: World, among: Iterable[Address] | None = None) -> list[str]:
    """Return what was told or changed that should not have been: each line names the address."""
    asked = list(addresses() if among is None else among)
    walker = Walk(user, world)
    before = walker.read(asked)
    world.grow()
    walker.compare(before)
    kept = world.snapshot()
    for address in asked:
        walker.ask_for_foreign_rows(address)
        walker.press_buttons(address)
    # Lists come last: what they send may delete own rows.
    for address in sorted(asked, key=lambda one: not one.name.endswith("_add")):
        walker.send(address)
    return walker.found + list(_changed(kept, world)) + list(_tied(world))


@dataclass
class Walk:
    """Asks as one member of staff, and keeps what they should not have been told."""

    user: User
    world: World
    found: list[str] = field(default_factory=list)
    # Names of the addresses at which something of the other side was said.
    telling: set[str] = field(default_factory=set)
    unknown: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def read(self, asked: list[Address]) -> dict[tuple[str, str], Answer]:
        """Read every page without a row, and those of own rows; return what was answered to the first questions."""
        answers: dict[tuple[str, str], Answer] = {}
        for address in asked:
            for number, (path, query) in enumerate(self._readings(address)):
                answer = self._ask("GET", address, path, query)
                if answer.status in REFUSED:
                    break
                if number < COMPARED:
                    answers[path, urlencode(query)] = answer
        return answers

    def compare(self, before: dict[tuple[str, str], Answer]) -> None:
        """Ask again what was answered before: there is more at the other side now, and it should not be noticed."""
        for (path, query), answer in before.items():
            now = ask(self.user, "GET", f"{path}?{query}" if query else path, {})
            self._differ(f"GET {path}?{query} changes with the other center", answer, now)

    def ask_for_foreign_rows(self, address: Address) -> None:
        """Ask for foreign rows: each is answered as one that does not exist, but for centers, which are public."""
        if not address.of_row:
            return
        # A page of no model of ours, such as a new one, hangs on requests as likely as not.
        model = address.model or ConsultationRequest
        rows = [self.world.foreign.rows.get(model), self.world.pool if model is ConsultationRequest else None]
        if model in self.world.own.rows and rows[0] == self.world.own.rows[model]:
            return
        sent = [] if address.name.endswith(READ_ONLY) else questions.buttons(self.world)
        # The buttons of a request take many things; pages of other rows have Django's one form.
        sent = sent if model is ConsultationRequest else sent[:1]
        asked: list[tuple[str, Question]] = [("GET", {}), *(("POST", one) for one in sent)]
        for row in filter(None, rows):
            # What a button takes is asked about a foreign row; one without a center need only be out of reach.
            for method, data in asked if row != self.world.pool else asked[:2]:
                told = self._compare_with_unknown(address, row, method, data)
                if method == "POST" and told.status == HTTPStatus.FORBIDDEN:
                    break

    def _compare_with_unknown(self, address: Address, row: Model, method: str, data: Question) -> Answer:
        """Ask for the row and for one that is not there, note a difference, and return what was answered."""
        told = self._ask(method, address, address.of(row), data)
        key = (address.route, method, str(data))
        if key not in self.unknown:
            self.unknown[key] = self._ask(method, address, address.of(row, UNKNOWN), data)
        if not isinstance(row, Center):
            label = f"{method} {address.of(row)} differs from an unknown one"
            self._differ(label, _bare(told, row.pk), _bare(self.unknown[key], UNKNOWN))
        return told

    def _differ(self, label: str, one: Answer, other: Answer) -> None:
        """Note two answers that should be the same, with the first lines that are not."""
        if one != other:
            lines = zip_longest(one.told.split("\n"), other.told.split("\n"))
            differing = next((pair for pair in lines if pair[0] != pair[1]), None)
            self.found.append(f"{label}: {one.status}, {other.status}, {differing}")

    def press_buttons(self, address: Address) -> None:
        """Press the buttons of the own request with foreign ids."""
        row = self.world.own.request
        if address.model is ConsultationRequest and address.of_row and not address.name.endswith(READ_ONLY):
            for data in questions.buttons(self.world):
                # What was refused is drawn as the page is, which was read: the messages say why.
                drawn = address.name.endswith("_book")
                if self._ask("POST", address, address.of(row), data, drawn=drawn).status in REFUSED:
                    return

    def send(self, address: Address) -> None:
        """Send forms and actions with foreign ids to a page without a row, until it refuses one."""
        for data in [] if address.of_row else questions.of_page(address, self.world)[1]:
            if self._ask("POST", address, address.path(), data).status in REFUSED:
                return

    def _readings(self, address: Address) -> Iterator[tuple[str, Question]]:
        """Yield paths and queries."""
        if not address.of_row:
            yield from ((address.path(), query) for query in questions.of_page(address, self.world)[0])
            return
        row = self.world.own.rows.get(address.model or ConsultationRequest)
        if row is not None:
            yield from ((address.of(row), query) for query in questions.of_row(address, self.world))

    def _ask(self, method: str, address: Address, path: str, data: Question, *, drawn: bool = True) -> Answer:
        """Return the answer, and note it where something of the other side is in it."""
        answer = ask(self.user, method, path, data, drawn=drawn)
        secret = next((secret for secret in self.world.secrets if secret in answer.told.lower()), None)
        if secret:
            self.telling.add(address.name)
            self.found.append(f"{method} {path} {data} says {secret}")
        return answer


def _bare(answer: Answer, key: object) -> Answer:
    """Return the answer without the id that was asked for, where it stands in an address or between quotes."""
    asked = re.compile(rf"(?<=[/\u201c]){key}(?=[/\u201d])")
    return Answer(answer.status, asked.sub("#", answer.told), asked.sub("#", answer.location))


def _changed(kept: dict[tuple[str, object], list[object]], world: World) -> Iterator[str]:
    """Find rows of the other side, and of both, that are not as they were."""
    now = world.snapshot()
    changed = {key[0] for key in kept.keys() | now.keys() if kept.get(key) != now.get(key)}
    yield from (f"changed: {label}" for label in sorted(changed))


def _tied(world: World) -> Iterator[str]:
    """Find what ties the own request to the foreign side."""
    own, foreign = world.own.request, world.foreign
    if ConsultationRequest.objects.filter(pk=own.pk, assignee=foreign.staff).exists():
        yield "changed: the own request is given to foreign staff"
    if Appointment.objects.filter(request=own, consultant=foreign.consultant).exists():
        yield "changed: the own request has an appointment with a foreign consultant"
