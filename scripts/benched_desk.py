"""What scripts/bench_desk.py measures, in a process of the site: writes a desk's rows, then opens the page it is told to.

It talks with the bench by lines of JSON: the bench names a page and what to do with it, the answer is what was measured.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import ConsultationRequest
from consultations.reports import settled
from consultations.requests import inbox
from consultations.statuses import Status
from content.models import Therapy
from scripts import benched_plans, desk_rows
from scripts.benched_booking import recorded

HOST = "127.0.0.1"
PER_PAGE = 50
# About so many requests are in a file.
FILE = 1000
# In how many they lie, see desk_rows.py.
DAYS = 3 * 365
MOST_DAYS = 10_000


def main(number: int) -> None:
    """Write so many requests; then open pages as told."""
    # A database that was kept has its rows.
    if not ConsultationRequest.objects.exists():
        desk_rows.write(number, tell)
    began = time.monotonic()
    days = settled.count_days(now=timezone.now(), most=MOST_DAYS)
    tell(f"counts of days, as the worker writes them: {days:,} days' rows ({time.monotonic() - began:.0f} s)")
    desk_rows.fill_day()
    with connection.cursor() as cursor:
        # As autovacuum has done it by the time that anybody looks.
        cursor.execute("VACUUM ANALYZE consultations_daycount")
    pages = Pages(number)
    say({"pages": list(pages.all)})
    does: dict[str, Callable[[Any], dict[str, Any]]] = {
        "open": pages.open,
        "count": pages.count,
        "explain": benched_plans.explained,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        say(does[asked["do"]](asked["what"]))


def tell(words: str) -> None:
    """Tell whoever waits how far it has come."""
    print(words, file=sys.stderr, flush=True)


def say(words: dict[str, Any]) -> None:
    """Answer."""
    print(json.dumps(words), flush=True)


class Pages:
    """The pages by name. Each is opened by somebody who sees everything, those named "one center" and
    "quiet center" by somebody who sees one."""

    def __init__(self, number: int) -> None:
        self.everywhere, self.here = (self.client(f"bench-{one}") for one in (0, 1))
        self.quiet = self.client("bench-quiet")
        self.latest = ConsultationRequest.objects.filter(erased_at=None).order_by("-pk")
        self.last_page = min(1000, -(-number // PER_PAGE))
        self.all: dict[str, Callable[[], Any]] = {
            **self.of_requests(),
            **self.searches(),
            **self.single(),
            **self.others(),
            **self.numbers(),
            **self.of_one_center(),
        }

    def client(self, name: str) -> Client:
        """Return a browser in which somebody is logged in."""
        client = Client(SERVER_NAME=HOST)
        client.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
        return client

    def page(self, name: str, *args: object, by: Client | None = None, **query: Any) -> Callable[[], Any]:
        """Return what opens an address."""
        address = f"{reverse(name, args=args)}?{urlencode(query)}"
        return lambda: (by or self.everywhere).get(address)

    def requests(self, **query: Any) -> Callable[[], Any]:
        """Return what opens the list of requests."""
        return self.page("admin:consultations_consultationrequest_changelist", **query)

    def of_requests(self) -> dict[str, Callable[[], Any]]:
        """Return the front page, and the list with its tabs and filters."""
        today = timezone.now().date()
        therapies = list(Therapy.objects.order_by("pk").values_list("pk", flat=True))
        # As the small form of the filter sends them.
        received: dict[str, dict[str, Any]] = {
            "last 7 days": {"received": "7"},
            "this month": {"since": today.replace(day=1)},
            "this year": {"since": today.replace(month=1, day=1)},
            "one day": {"since": today - dt.timedelta(days=30), "until": today - dt.timedelta(days=30)},
        }
        centers = self.latest.exclude(center=None).order_by("center").values_list("center", flat=True).distinct()
        return {
            "front page": self.page("desk:index"),
            "first page": self.requests(),
            "page 1,000": self.requests(p=self.last_page),
            **{f"tab: {view.label}": self.requests(due=key) for key, view in inbox.VIEWS.items()},
            **{f"status: {one.label}": self.requests(status__exact=one) for one in Status},
            "has it: a colleague": self.requests(assignee=User.objects.get(username="bench-2").pk),
            "center: the busiest": self.requests(center=centers[0]),
            "therapy: the commonest": self.requests(therapies=therapies[0]),
            "therapy: the rarest": self.requests(therapies=therapies[-1]),
            "center and status": self.requests(center=centers[0], status__exact=Status.LOST),
            "language: German": self.requests(language="de"),
            "language: not known": self.requests(language="unknown"),
            "page that led here": self.requests(source="/articles/what-is-prp/"),
            **{f"received: {name}": self.requests(**query) for name, query in received.items()},
            "by receipt": self.requests(o=7),
        }

    def searches(self) -> dict[str, Callable[[], Any]]:
        """Return the same searches in requests and in people. A hundred requests are of a Quillfeather, and end in 4321."""
        one = self.latest.exclude(email="").exclude(phone_e164="")[70]
        terms = {
            "part of a name": "uillfea",
            "two parts of a name": "quill ann",
            "a whole address": one.email,
            "the start of an address": one.email.partition("@")[0],
            "a domain": "@mail7.example",
            "last four digits": "4321",
            "a whole number": one.phone,
            "a reference": one.reference,
            "the start of a reference": one.reference.removeprefix("R-")[:4],
            "nobody": "Nobodyhasthis",
        }
        lists = {"requests": "consultationrequest", "people": "person"}
        return {
            f"{what}: {words}": self.page(f"admin:consultations_{model}_changelist", q=term)
            for what, model in lists.items()
            for words, term in terms.items()
            # Who is the only one found is led to, where the other database lists two.
            if (what, words) != ("people", "two parts of a name")
        }

    def single(self) -> dict[str, Callable[[], Any]]:
        """Return pages of one person and of one request."""
        again = self.latest.filter(pk__gt=70, person__isnull=False, status=Status.LOST).extra(where=["mod(id, 7) = 0"])[
            0
        ]
        # Where somebody has it, and visits its center at one time in all databases: begun or not, its forms are the same.
        eight = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0)
        visit = {"appointments__center": F("center"), "appointments__starts_at": eight}
        booked = self.latest.filter(status=Status.BOOKED, assignee__isnull=False, **visit)[0]
        change = "admin:consultations_consultationrequest_change"
        return {
            "people": self.page("admin:consultations_person_changelist"),
            "person": self.page("admin:consultations_person_change", again.person_id),
            "request: closed": self.page(change, again.pk),
            "request: booked": self.page(change, booked.pk),
            "next due": self.page("desk:next"),
        }

    def others(self) -> dict[str, Callable[[], Any]]:
        """Return the lists of appointments, mails, history, consents and openings, with a search in each."""
        reference = self.latest.filter(status=Status.LOST)[5].reference
        models = ("appointment", "message", "activity", "consent", "accessentry")
        lists = {model: f"admin:consultations_{model}_changelist" for model in models}
        told: dict[str, Callable[[], Any]] = {}
        for model, name in lists.items():
            told[f"{model}: list"] = self.page(name)
            told[f"{model}: search"] = self.page(name, q=reference)
        return told | {
            "appointment: to confirm": self.page(lists["appointment"], status__exact="pending"),
            "appointment: past": self.page(lists["appointment"], day="past"),
            "message: failed": self.page(lists["message"], trouble=1),
            "message: address": self.page(lists["message"], q=self.latest.exclude(email="")[9].email),
            "activity: calls": self.page(lists["activity"], kind__exact="call"),
            # As many visits as one center can have: the same in both. A clinic with more of them has longer days.
            "agenda of a full day": self.page("desk:agenda", day=desk_rows.FULL_DAY),
            "agenda of an empty day": self.page("desk:agenda", day=timezone.now().date() + 90 * dt.timedelta(days=1)),
        }

    def numbers(self) -> dict[str, Callable[[], Any]]:
        """Return the dashboard, and files up to their first piece; the list holds as many requests in every database."""
        total = ConsultationRequest.objects.count()
        last = total if total <= FILE else total - total // 50 - 10
        # Days are whole: where one holds as many, it is that one.
        back = 1 if total > FILE * DAYS / 2 else FILE
        days = [ConsultationRequest.objects.get(pk=pk).received_at.date() for pk in (max(1, last - back), last)]
        asked = {"since": days[0], "until": days[1], "reason": "Bench"}

        def file(file_format: str) -> Callable[[], Any]:
            return lambda: first_piece(self.everywhere.post(reverse("desk:export"), asked | {"format": file_format}))

        numbers = self.page("desk:numbers", format="csv")
        today = timezone.now().date()
        three_years: dict[str, Any] = {"since": today - dt.timedelta(days=DAYS), "until": today}
        return {
            "numbers": self.page("desk:numbers"),
            "numbers: three years": self.page("desk:numbers", **three_years),
            "numbers: first byte": lambda: first_piece(numbers()),
            "CSV: first byte": file("csv"),
            "XLSX: first byte": file("xlsx"),
        }

    def of_one_center(self) -> dict[str, Callable[[], Any]]:
        """Return what somebody sees who has one center: the busiest, or the quietest."""
        name = "admin:consultations_consultationrequest_changelist"
        today = timezone.now().date()
        years = today - dt.timedelta(days=DAYS)
        return {
            "one center: front page": self.page("desk:index", by=self.here),
            "one center: first page": self.page(name, by=self.here),
            "one center: part of a name": self.page(name, by=self.here, q="uillfea"),
            "one center: appointments": self.page("admin:consultations_appointment_changelist", by=self.here),
            "one center: history": self.page("admin:consultations_activity_changelist", by=self.here),
            **{
                f"one center: tab {view.label}": self.page(name, by=self.here, due=key)
                for key, view in inbox.VIEWS.items()
            },
            "one center: last four digits": self.page(name, by=self.here, q="4321"),
            "one center: a domain": self.page(name, by=self.here, q="@mail7.example"),
            "one center: status closed": self.page(name, by=self.here, status__exact=Status.LOST),
            "one center: German": self.page(name, by=self.here, language="de"),
            "one center: people": self.page("admin:consultations_person_changelist", by=self.here),
            "one center: people by name": self.page("admin:consultations_person_changelist", by=self.here, q="uillfea"),
            "one center: mails": self.page("admin:consultations_message_changelist", by=self.here),
            "one center: agenda of a full day": self.page("desk:agenda", by=self.here, day=desk_rows.FULL_DAY),
            "one center: numbers": self.page("desk:numbers", by=self.here),
            "one center: numbers, three years": self.page("desk:numbers", by=self.here, since=years, until=today),
            "quiet center: front page": self.page("desk:index", by=self.quiet),
            "quiet center: first page": self.page(name, by=self.quiet),
            "quiet center: part of a name": self.page(name, by=self.quiet, q="uillfea"),
            "quiet center: appointments": self.page("admin:consultations_appointment_changelist", by=self.quiet),
            "quiet center: history": self.page("admin:consultations_activity_changelist", by=self.quiet),
            "quiet center: numbers": self.page("desk:numbers", by=self.quiet),
        }

    def open(self, name: str) -> dict[str, Any]:
        """Open a page and return how long it took, and how much time of a processor: the site's and its database's."""
        busy, began = processor_time(), time.perf_counter()
        response = self.all[name]()
        took, busy = time.perf_counter() - began, processor_time() - busy
        if response.status_code not in {200, 302}:
            raise AssertionError(f"{name}: {response.status_code}")
        return {"seconds": took, "busy": busy}

    def count(self, name: str) -> dict[str, Any]:
        """Open a page and return its queries, and how many rows its tables have."""
        with recorded() as queries:
            response = self.all[name]()
        content = b"" if response.streaming else response.content
        benched_plans.SEEN.extend((name, query) for query in queries)
        return {"queries": len(queries), "rows": content.count(b'class="action-select"') or content.count(b"<tr")}


def processor_time() -> float:
    """Return the seconds for which this process and the one that answers it in the database have been at work."""
    connection.ensure_connection()
    # Kept, also where a file is left early: another one is answered by a process that has done other work.
    connection.close_at = None
    answering = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(answering.read_text(encoding="ascii").split()[0]) / 1e9


def first_piece(response: Any) -> Any:
    """Wait for the first piece of a file, and leave the rest."""
    next(iter(response.streaming_content))
    response.close()
    return response
