"""What erasing would touch, table by table, for who decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from consultations.models import (
    AccessEntry,
    Activity,
    Appointment,
    Consent,
    ConsultationRequest,
    ContactCode,
    EscalationMail,
    Identity,
    Message,
    PersonMerge,
    WaitingEntry,
)
from consultations.requests.people import digests_of

EMPTIED, DELETED, KEPT = "emptied", "deleted", "kept as it is"


@dataclass(frozen=True)
class Touched:
    """A table, how many of its rows hang on the requests, and what becomes of them."""

    table: str
    rows: int
    what: str
    stays: str


def tables(requests: Sequence[ConsultationRequest]) -> list[Touched]:
    """Return every table with rows of these requests, whether erasing them changes the rows or not."""
    keys = [one.pk for one in requests]
    people = {one.person_id for one in requests if one.person_id}
    kind = ContentType.objects.get_for_model(ConsultationRequest)
    known_by = {digest for one in requests for digest in digests_of(one)}
    found = [
        ("consultation requests", len(keys), EMPTIED, "status, center, dates"),
        ("therapies asked about", _linked(ConsultationRequest.therapies.through, keys), DELETED, ""),
        ("links to texts that were shown", _linked(ConsultationRequest.shown.through, keys), DELETED, ""),
        ("consents", Consent.objects.filter(request__in=keys).count(), DELETED, ""),
        ("codes for changes", ContactCode.objects.filter(request__in=keys).count(), DELETED, ""),
        ("history", Activity.objects.filter(request__in=keys).count(), EMPTIED, "what, when and by whom, without words"),
        ("mails", Message.objects.filter(request__in=keys).count(), EMPTIED, "kind, state and dates, without the address"),
        ("mails to managers", EscalationMail.objects.filter(request__in=keys).count(), KEPT, "to whom, when, which deadline"),
        ("appointments", Appointment.objects.filter(request__in=keys).count(), EMPTIED, "the time, without reasons"),
        ("waiting list", WaitingEntry.objects.filter(request__in=keys).count(), KEPT, "what was waited for, nobody named"),
        ("who opened it", AccessEntry.objects.filter(request__in=keys).count(), KEPT, "who and when"),
        ("log of the admin", LogEntry.objects.filter(content_type=kind, object_id__in=map(str, keys)).count(), EMPTIED,
         "what was done, nobody named"),
        ("marks of addresses and numbers", Identity.objects.filter(digest__in=known_by).count(), DELETED,
         "those by which another request is known"),
        ("merges", PersonMerge.objects.filter(Q(requests__in=keys) | Q(kept__in=people)).distinct().count(), EMPTIED,
         "when and by whom; not to be undone any more"),
    ]  # fmt: skip
    return [Touched(*row) for row in found if row[1]]


def _linked(through: type[object], keys: list[int]) -> int:
    manager = through._default_manager  # type: ignore[attr-defined]  # noqa: SLF001
    return int(manager.filter(consultationrequest__in=keys).count())
