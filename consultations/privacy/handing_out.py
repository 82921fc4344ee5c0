"""Files that staff take out of the site: what is in a list, and the line of history that each file leaves.

The line is written before the first byte leaves: who, when, why, how many; and at each request that it was in the file. The words
that visitors wrote (message, best time) are in no list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import batched

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from consultations.access import viewing
from consultations.exceptions import NotAllowed, ReasonMissing
from consultations.models import ConsultationRequest, ExportEntry
from consultations.models.fields import WORDS
from consultations.requests.moving import name_of
from consultations.sheets import Row
from consultations.statuses import AccessKind, ExportFormat

MOST = 20_000
AT_ONCE = 500
HEAD = (
    "reference", "received (UTC)", "status", "answer due (UTC)", "first contact (UTC)", "center", "therapies", "name",
    "email", "email confirmed", "phone", "phone confirmed", "contact by", "source", "assignee",
)  # fmt: skip


def hand_out(
    requests: QuerySet[ConsultationRequest],
    *,
    what: AccessKind,
    file_format: ExportFormat,
    filters: str,
    reason: str,
    by: User,
    now: dt.datetime,
) -> list[int]:
    """Write down that these leave the site, and return their keys, the newest first.

    Raises:
        ReasonMissing: nobody would know later why.
        NotAllowed: there are more than one file holds.
    """
    if not reason.strip():
        raise ReasonMissing("Say what the file is for: it stands in the history.")
    keys = list(requests.order_by("-received_at", "-pk").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        raise NotAllowed(f"A file holds {MOST:,} requests at most. Choose fewer days or one center.")
    with transaction.atomic():
        ExportEntry.objects.create(
            by=by, at=now, format=file_format, rows=len(keys), filters=filters[:300], reason=reason.strip()
        )
        viewing.all_viewed(keys, what, by=by, now=now)
    return keys


def rows(keys: Sequence[int], *, seen_by: User) -> Iterator[Row]:
    """Yield the head and a row for each request, in the order of `keys`; what was erased or taken from them meanwhile is left out."""
    yield HEAD
    for some in batched(keys, AT_ONCE):
        # Rights are asked for anew: a long file takes its time.
        seen = ConsultationRequest.objects.visible_to(seen_by).filter(erased_at=None)
        found = seen.filter(pk__in=some).select_related("center", "assignee").prefetch_related("therapies")
        by_key = {one.pk: one for one in found.defer(*set(WORDS) - {"source"})}
        yield from (_row(by_key[key]) for key in some if key in by_key)


def _row(one: ConsultationRequest) -> Row:
    return (
        one.reference,
        _time(one.received_at),
        one.get_status_display(),
        _time(one.respond_by),
        _time(one.first_contact_at),
        str(one.center or ""),
        ", ".join(therapy.short_name for therapy in one.therapies.all()),
        one.name,
        one.email,
        _yes(one.email_confirmed_at),
        one.phone_e164 or one.phone,
        _yes(one.phone_confirmed_at),
        one.get_contact_by_display(),
        one.source,
        name_of(one.assignee) if one.assignee else "",
    )


def _time(at: dt.datetime | None) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M}" if at else ""


def _yes(at: dt.datetime | None) -> str:
    return "yes" if at else "no"
