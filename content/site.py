"""Facts every public page needs (clinic, notices, navigation), and parts of pages; kept until what they are drawn from changes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from django.http import HttpRequest
from django.utils import timezone

from content import drawing, facts_row, targets, versions
from content.choices import PageKind
from content.facts_row import FactsRow
from content.models import ClinicProfile
from content.notices import Place, next_change
from content.page_links import Page

# An article and its table are tens of kilobytes each; most other parts are small.
MOST_PARTS = 2000

# What something was drawn from, each name of `drawing` with the mark that it had then.
type Marks = Mapping[str, Hashable]


@dataclass(frozen=True)
class Part:
    """Something made, or found to hold, at content version `version`.

    Attributes:
        marks: what it was made from as it was then.
        queries: those that were asked for it.
    """

    value: object
    version: int
    marks: Marks
    queries: tuple[drawing.Query, ...] = ()


class Memory:
    """What this process keeps of the pages that it served last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Know as little as a new process does."""
        versions.last_read.forget_all()
        self.facts: SiteFacts | None = None
        self.parts: dict[Hashable, Part] = {}

    def keep(self, key: Hashable, part: Part) -> None:
        """Keep a part, in the place of the oldest where there are many; a slow request takes no place of a later version."""
        with self._lock:
            there = self.parts.pop(key, None)
            if there is not None and there.version > part.version:
                part = there
            while len(self.parts) >= MOST_PARTS:
                del self.parts[next(iter(self.parts))]
            self.parts[key] = part


memory = Memory()


class SiteFacts:
    """What holds at content version `version` from `since` on, until pages change by the clock (UTC).

    Whatever asks for a fact while it is drawn depends on its value: after an edit that leaves the fact as it was, it still holds.
    """

    def __init__(self, found: FactsRow | None, now: dt.datetime) -> None:
        self.since = now
        self._alike: dict[drawing.Query, bool] = {}
        # Without a profile the moment of the next change is not known, so nothing is kept.
        self._row = found or FactsRow(ClinicProfile(name="Clinic", short_name="Clinic"), versions.NONE)
        self.version = self._row.version
        self._until = _next_change(self._row, self._places, now) if found else now

    @property
    def clinic(self) -> ClinicProfile:
        """The clinic's profile; before one exists, one that only says "Clinic". It must not be changed."""
        drawing.note(drawing.FACT, "clinic")
        return self._row.clinic

    @property
    def center_count(self) -> int:
        """How many centers there are."""
        drawing.note(drawing.FACT, "center_count")
        return self._row.center_count

    @property
    def places(self) -> frozenset[Place]:
        """Where the centers are, and the place of a reader who has not said where they are."""
        drawing.note(drawing.FACT, "places")
        return self._places

    @property
    def until(self) -> dt.datetime:
        """The next moment (UTC) at which pages change without an edit."""
        drawing.note(drawing.FACT, "until")
        return self._until

    def slug_of(self, page: Page) -> str | None:
        """Return the slug of a page that texts may link to; None where readers do not see it."""
        drawing.note(drawing.PAGE, f"{page.kind}/{page.pk}")
        return self._slugs.get(page)

    def holds(self, version: int, now: dt.datetime) -> bool:
        """Whether it is still so at `now` and content version `version`."""
        return self.version == version and self.since <= now < self._until

    def marks(self, names: Iterable[str]) -> Marks:
        """Return the marks that names have now."""
        return {name: self._mark(name) for name in names}

    def part(self, value: object, notes: drawing.Notes) -> Part:
        """Return a part that was made while these notes were taken."""
        return Part(value, self.version, self.marks(notes.names), tuple(notes.queries))

    def hold(self, marks: Marks) -> bool:
        """Whether nothing was changed that has these marks."""
        return not self._changed(marks)

    def confirmed(self, part: Part) -> Part | None:
        """Return a part as it holds now; None where it has to be made anew.

        Where an edit changed tables that it was made from, the queries that name them are asked again.
        """
        changed = self._changed(part.marks)
        if not changed:
            return part
        if any(not name.startswith(drawing.TABLE) for name in changed):
            return None
        asked = [query for query in part.queries if drawing.ANY in changed or query.names & changed]
        if not all(map(self._is_answered_alike, asked)):
            return None
        return replace(part, version=self.version, marks=self.marks(part.marks))

    def _changed(self, marks: Marks) -> set[str]:
        if self._until <= self.since:
            return {drawing.UNTIL}
        return {name for name, mark in marks.items() if self._mark(name) != mark}

    def _is_answered_alike(self, query: drawing.Query) -> bool:
        """Ask once for all parts that it was asked for."""
        if query not in self._alike:
            self._alike[query] = query.is_answered_alike(self.since)
        return self._alike[query]

    def _mark(self, name: str) -> Hashable:
        kind, _, rest = name.partition(":")
        if kind == drawing.TABLE:
            # One without a number of its own may have changed with any edit.
            return self._row.numbers.get(rest, 0) if rest in versions.numbered else self.version
        if kind == drawing.PAGE:
            page_kind, _, pk = rest.partition("/")
            return self._slugs.get(Page(PageKind(page_kind), int(pk)))
        return self._fact(rest)

    def _fact(self, name: str) -> Hashable:
        """Return what marks the value of a fact."""
        marks: dict[str, Hashable] = {
            "clinic": self._digest_of_clinic,
            "center_count": self._row.center_count,
            "places": self._places,
            "until": self._until,
        }
        return marks[name]

    @cached_property
    def _places(self) -> frozenset[Place]:
        return self._row.places | {Place.unknown(self._row.clinic.time_zone)}

    @cached_property
    def _slugs(self) -> dict[Page, str]:
        return targets.from_columns(self._row.columns)

    @cached_property
    def _digest_of_clinic(self) -> str:
        clinic = self._row.clinic
        columns = [getattr(clinic, field.attname) for field in clinic._meta.concrete_fields]  # noqa: SLF001
        return hashlib.sha256(repr(columns).encode()).hexdigest()


def read(now: dt.datetime) -> SiteFacts:
    """Return the facts as of `now`, in one query.

    Public pages change without an edit when a revision goes live or is withdrawn, at its own moment; at midnight UTC,
    when reviews fall due; and where a notice begins or ends, at the midnight of each place that it is for.
    """
    return SiteFacts(facts_row.read(now), now)


def _next_change(row: FactsRow, places: frozenset[Place], now: dt.datetime) -> dt.datetime:
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    changes = next_change(row.spans, places, now)
    return min(moment for moment in (midnight, row.going_live, row.ending, changes) if moment)


def note(request: HttpRequest, now: dt.datetime) -> int:
    """Note when a request for a page arrived, and at which content version, so that facts and parts are kept; return the version."""

    def ask() -> int:
        memory.facts = read(now)
        return memory.facts.version

    # A new process has to read the facts anyway, and they tell the version too.
    version = versions.last_read.at(now, versions.current if memory.facts else ask)
    request.arrived_at, request.content_version = now, version  # type: ignore[attr-defined]  # for `facts`
    return version


def note_anew(request: HttpRequest, now: dt.datetime) -> int:
    """Do the same where something that was kept has proved to be of an earlier edition: the version is asked for again."""
    versions.last_read.forget()
    request.__dict__.pop("site_facts", None)
    return note(request, now)


def facts(request: HttpRequest) -> SiteFacts:
    """Return the facts for this request; where the content version was noted, those that the process knows already.

    They are as of the request's arrival where that was noted: an article that goes live while the page is drawn
    must not be taken for one that is on it already.
    """
    found: SiteFacts | None = getattr(request, "site_facts", None)
    if found is None:
        now: dt.datetime = getattr(request, "arrived_at", None) or timezone.now()
        version: int | None = getattr(request, "content_version", None)
        found = memory.facts
        if found is None or version is None or not found.holds(version, now):
            found = memory.facts = read(now)
        if version is not None and found.version > version:
            # Raised since it was noted: a copy of the database that the page is drawn from must have come as far.
            request.content_version = found.version  # type: ignore[attr-defined]
        request.site_facts = found  # type: ignore[attr-defined]  # a cache that lives as long as the request
    return found


def has_facts(request: HttpRequest) -> bool:
    """Return whether `facts` of this request, whose arrival was noted, would ask no database."""
    known = memory.facts
    return hasattr(request, "site_facts") or (
        known is not None and known.holds(request.content_version, request.arrived_at)  # type: ignore[attr-defined]  # noted
    )


def kept[Value](request: HttpRequest, key: Hashable, make: Callable[[], Value], *, by_clock: bool = True) -> Value:
    """Return a part of public pages, made anew by each process once what it was drawn from changes. It must not be changed.

    Args:
        key: names the part, and all that `make` is given from outside: only what it asks for itself is noted.
        by_clock: whether it may change without an edit.
    """
    site, part = facts(request), memory.parts.get(key)
    if part is not None and (held := site.confirmed(part)):
        if held is not part:
            memory.keep(key, held)
        drawing.again(held.marks, held.queries)
        return held.value  # type: ignore[return-value]  # `key` names one kind of part
    with drawing.noting() as notes:
        if by_clock:
            drawing.note(drawing.FACT, "until")
        value = make()
    memory.keep(key, site.part(value, notes))
    return value
