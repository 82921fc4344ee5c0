"""Writes a desk's rows by the hundred thousand, on PostgreSQL: requests with all that hangs on them, in the proportions of a clinic.

Everything is computed from the request's number, so that two runs write the same. What is encrypted is taken from a pool of
sealed texts; addresses and numbers are people's own, and the digests by which people are known are the real ones. Constraints,
keys and triggers hold for every row.

A request is open only if it is one of the latest: one in fifty, and at least `OPEN` of however few, so that each tab of the
inbox has a full page. Requests lie in three years; what retention would have erased is erased.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import timezone

from consultations.links import coarse, digests
from consultations.models import (
    Appointment,
    AppointmentType,
    ConsentText,
    Consultant,
    ConsultationRequest,
    PlaceRight,
    ShownText,
)
from consultations.models.fields import seal
from consultations.requests import people
from consultations.statuses import AppointmentStatus, Channel, ClosedFor, ConsentPurpose, PlaceScope
from content.models import Center, Therapy
from scripts import desk_sql

OPEN = 600
AT_ONCE = 100_000
POOL = 400
EACH = 3
# The day of fill_day, and how many visits one consultant has on it.
FULL_DAY = dt.date(2020, 1, 15)
VISITS = 16
HALF_HOUR = dt.timedelta(minutes=30)
WORDS = (
    "I have had pain in my left knee for two years and would like to know what can be done about it.",
    "My doctor told me of this and I would like a second opinion before I decide.",
    "Please call me, I would rather not write about it.",
)
PAGES = ("/articles/what-is-prp/", "/articles/knee-pain/", "/articles/how-to-choose/", "/compare/", "/", "/centers/")
BUTTONS = ("end of the page", "top of the page", "beside the table")
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT", "pl-PL", "tr-TR")

type Say = Callable[[str], None]


def write(number: int, say: Say) -> None:
    """Write so many requests, and three appointments for each ten, into a database that has the sample site only."""
    numbers = {
        "number": number,
        "open": min(number, max(OPEN, number // 50)),
        "staff": len(_staff(number)),
        "now": timezone.now().replace(microsecond=0),
        "failed": max(1, number // max(60, number // 2000)),
        "planted": max(1, number // 60),
        "appointments": number * 3 // 10,
    }
    _pools()
    _run(desk_sql.DICE, {})
    for step in desk_sql.STEPS:
        at_once = AT_ONCE if step.by_request else number
        for low in range(0, number, at_once):
            began, high = time.monotonic(), min(low + at_once, number)
            done = _run(step.statement, numbers | {"low": low, "high": high})
            say(f"{step.name}: {done:,} rows, to request {high:,} of {number:,} ({time.monotonic() - began:.0f} s)")
    began = time.monotonic()
    say(f"digests of addresses and numbers: {_identities():,} rows ({time.monotonic() - began:.0f} s)")
    _run(desk_sql.AFTER, numbers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_day() -> None:
    """Give the busiest center a day, long ago, on which each of its consultants is visited from morning to evening."""
    first = dt.datetime.combine(FULL_DAY, dt.time(8), tzinfo=dt.UTC)
    if Appointment.objects.filter(starts_at=first).exists():
        return
    center, kind = _centers()[0], AppointmentType.objects.get(slug=f"bench-{Channel.IN_PERSON}")
    consultants = Consultant.objects.filter(centers=center, public_name__startswith="Consultant ").order_by("pk")
    starts = [(one, first + number * HALF_HOUR) for one in consultants for number in range(VISITS)]
    requests = ConsultationRequest.objects.filter(center=center).order_by("pk")[: len(starts)]
    Appointment.objects.bulk_create(
        Appointment(
            request=request,
            consultant=one,
            appointment_type=kind,
            center=center,
            channel=Channel.IN_PERSON,
            starts_at=at,
            ends_at=at + HALF_HOUR,
            busy_from=at,
            busy_until=at + HALF_HOUR,
            cutoff_minutes=0,
            status=AppointmentStatus.ATTENDED,
            uid=f"full-day-{number}",
            created_at=at,
            changed_at=at,
        )
        for number, (request, (one, at)) in enumerate(zip(requests, starts, strict=True))
    )


def _run(statement: str, numbers: dict[str, Any]) -> int:
    """Run a statement and return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, numbers)
        return int(cursor.rowcount)


def _staff(number: int) -> list[User]:
    """Write the staff: one for each five thousand requests; the first sees everything, the second one center, and one more the quietest."""
    count = min(60, max(3, number // 5000))
    staff = User.objects.bulk_create(
        User(username=f"bench-{one}", first_name=f"Colleague {one}", is_staff=True) for one in range(count)
    )
    for user in staff:
        user.groups.set(Group.objects.filter(name__in=["Triage", "Managers"]))
    rights = [
        PlaceRight(user=user, scope=scope)
        for user in staff
        if user != staff[1]
        for scope in (PlaceScope.ALL, PlaceScope.POOL)
    ]
    centers = _centers()
    quiet = User.objects.create(username="bench-quiet", is_staff=True)
    quiet.groups.set(Group.objects.filter(name__in=["Triage", "Managers"]))
    ones = [
        PlaceRight(user=user, scope=PlaceScope.CENTER, center=center)
        for user, center in ((staff[1], centers[0]), (quiet, centers[-1]))
    ]
    PlaceRight.objects.bulk_create([*rights, *ones])
    _consultants(centers)
    return staff


def _centers() -> list[Center]:
    return list(Center.objects.filter(open_to_requests=True).order_by("pk"))


def _consultants(centers: list[Center]) -> None:
    """Write three consultants for each center, and what they are booked for."""
    for channel in (Channel.IN_PERSON, Channel.PHONE):
        AppointmentType.objects.create(
            slug=f"bench-{channel}", name=f"Bench {channel}", channel=channel, minutes=30, interval_minutes=30
        )
    users = User.objects.bulk_create(
        User(username=f"bench-consultant-{one}-{center.pk}") for center in centers for one in range(EACH)
    )
    places = [center for center in centers for _ in range(EACH)]
    consultants = Consultant.objects.bulk_create(
        Consultant(user=user, public_name=f"Consultant {user.pk}", time_zone=center.time_zone)
        for user, center in zip(users, places, strict=True)
    )
    through = Consultant.centers.through
    through.objects.bulk_create(
        through(consultant=one, center=center) for one, center in zip(consultants, places, strict=True)
    )


def _pools() -> None:
    """Write what the rows choose from, numbered from 0, into tables of this session."""
    words = [f"{WORDS[one % len(WORDS)]} ({one})" for one in range(POOL)]
    sources = [f"{page}, {button}" for page in PAGES for button in BUTTONS]
    digests_of = {
        "source": [coarse.digest(coarse.SOURCE, coarse.source(one)) for one in sources],
        "language": [coarse.digest(coarse.LANGUAGE, coarse.language(one)) for one in LANGUAGES],
    }
    texts = ConsentText.objects.filter(purpose__in=ConsentPurpose.values).order_by("purpose", "version")
    pools: dict[str, list[Any]] = {
        "words": [seal(one) for one in words],
        "source": [seal(one) for one in sources],
        "language": [seal(one) for one in LANGUAGES],
        "why": list(ClosedFor.values),
        "center": [center.pk for center in _centers()],
        "therapy": list(Therapy.objects.order_by("pk").values_list("pk", flat=True)),
        "staff": list(
            User.objects.filter(is_staff=True, username__startswith="bench-")
            .exclude(username="bench-quiet")
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
        "text": [texts.filter(purpose=one).values_list("pk", flat=True)[0] for one in ConsentPurpose],
        "shown": [_shown(kind).pk for kind in ("form", "notice")],
        "kind": list(
            AppointmentType.objects.filter(slug__startswith="bench-").order_by("channel").values_list("pk", flat=True)
        ),
    }
    with connection.cursor() as cursor:
        for name, values in pools.items():
            kind = "bigint" if isinstance(values[0], int) else "text"
            cursor.execute(f"CREATE TEMPORARY TABLE pool_{name} (nth int PRIMARY KEY, value {kind})")
            cursor.executemany(f"INSERT INTO pool_{name} VALUES (%s, %s)", list(enumerate(values)))  # noqa: S608
        # What is kept of them to filter by: see links/coarse.py.
        for name, values in digests_of.items():
            cursor.execute(f"ALTER TABLE pool_{name} ADD COLUMN digest text")
            rows = [(digest, nth) for nth, digest in enumerate(values)]
            cursor.executemany(f"UPDATE pool_{name} SET digest = %s WHERE nth = %s", rows)  # noqa: S608


def _shown(kind: str) -> ShownText:
    return ShownText.objects.create(
        kind=kind, title=f"Bench {kind}", text="Words.", digest=kind.ljust(64, "0"), first_shown_at=timezone.now()
    )


def _identities() -> int:
    """Write by what each person is known: digests as requests/people.py makes them."""
    asked = (
        "SELECT DISTINCT ON (person_id) person_id, CASE WHEN email_confirmed_at IS NULL THEN '' ELSE email END,"
        " CASE WHEN phone_confirmed_at IS NULL THEN '' ELSE phone_e164 END"
        " FROM consultations_consultationrequest WHERE erased_at IS NULL ORDER BY person_id, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = cursor.fetchall()
        # Two of those whose numbers end alike may have one number; it is the first one's.
        known: set[str] = set()
        with cursor.copy("COPY consultations_identity (person_id, digest) FROM STDIN") as copy:
            for person, email, phone in found:
                marks = [f"email {people.normal_email(email)}" if email else "", f"phone {phone}" if phone else ""]
                for mark in set(filter(None, marks)) - known:
                    known.add(mark)
                    copy.write_row((person, digests.keyed(people.PURPOSE, mark)))
    return len(known)
