"""Erasing a request and its person: what is due by the rules of each status, what is deleted, what stays.

Who was erased stands on a list outside the database (erased.py), so that a restore of an older backup erases them again.

Erasing takes the person out of a request and leaves a row to be counted: status, center, who worked on it and when.
Name, address, number, words, private link, reference and idempotency key go, so neither this database nor a mail that
the visitor kept leads from the one to the other; the private page answers 404 from then on. History rows stay as facts
without words: this module alone may empty them. Other requests of the same person are not touched.

An appointment to come is cancelled and its time freed. No mail tells the visitor: it would have to keep the address, and
they were told on the page where they asked; staff who erase see a warning and can cancel first, which does send one.
Notices to staff name nobody and leave.

On SQLite `secure_delete` zeroes what is freed (clinic/env.py) and the write-ahead log is emptied after the commit. On
PostgreSQL old versions of a row leave the files with the next VACUUM; a dump never holds them.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from consultations.booking import appointments
from consultations.exceptions import OnLegalHold
from consultations.links import private_link
from consultations.mail.messages import TO_STAFF
from consultations.models import (
    Activity,
    Appointment,
    Consent,
    ConsultationRequest,
    Message,
    Reply,
    RetentionRule,
    references,
)
from consultations.models.appointment import new_uid
from consultations.privacy import erased
from consultations.requests import merging, people
from consultations.requests.locks import lock_request
from consultations.statuses import ActivityKind, ContactBy, MessageState

logger = logging.getLogger(__name__)

# Whoever asked by mistake has so long to call.
GRACE = dt.timedelta(days=1)
NOBODY = "Erased"


def erase(request: ConsultationRequest, *, by: User | None, now: dt.datetime, anew: bool = False) -> bool:
    """Take the person out of a request and return whether this call did; `by` is None where the site's rules did.

    A held time is given back and an appointment to come is cancelled. `anew`: it was erased before, and a restore brought it
    back; it is on the list of the erased already, and no appointment is too near.

    Raises:
        OnLegalHold: the law asks to keep it; nothing was changed.
        NotNoted: the list of the erased cannot be written; nothing was changed.
        TooLate: an appointment is so near that only staff may cancel it; nothing was changed.
    """
    with transaction.atomic():
        held = lock_request(request.pk, with_person=True)
        if held.erased_at is not None:
            return False
        refuse_held(held)
        _give_times_back(held, by, now, late=anew)
        _empty(held, now)
        if held.person is not None:
            people.forget(held.person)
        merging.finish(held, held.person, now=now)
        Activity.objects.create(request=held, kind=ActivityKind.ERASURE, at=now, by=by)
        transaction.on_commit(empty_write_ahead_log)
        if not anew:
            # `held` still has the key that backups of before know it by.
            erased.note(held.key, now=now)
    request.refresh_from_db()
    return True


def refuse_held(request: ConsultationRequest) -> None:
    """Refuse to erase a request that the law asks to keep.

    Raises:
        OnLegalHold: it is on hold.
    """
    if request.legal_hold:
        raise OnLegalHold(f"{request.reference} is kept because the law asks for it. Lift the legal hold first.")


def preview(requests: Sequence[ConsultationRequest]) -> list[list[str]]:
    """Return what `erase` would take away of each request, in words without the values; nothing where it was erased already.

    The rows are read anew, with what visitors wrote, in as many queries for many requests as for one.
    """
    keys = [one.pk for one in requests]
    rows = ConsultationRequest.objects.filter(erased_at=None).prefetch_related("activities").in_bulk(keys)
    counted = {
        "therapy": _by_request(ConsultationRequest.therapies.through, keys, "consultationrequest"),
        "consent": _by_request(Consent, keys),
        "recipient of a mail": _by_request(Message.objects.exclude(recipient=""), keys),
        "mail written by staff": _by_request(Reply, keys, "message__request"),
        "text that was shown": _by_request(ConsultationRequest.shown.through, keys, "consultationrequest"),
    }
    return [_in_words(rows[key], counted) if key in rows else [] for key in keys]


def _by_request(of: type[Model] | QuerySet[Any], keys: Sequence[int], request: str = "request") -> dict[int, int]:
    """Return how many rows hang on each request, by its key."""
    rows: QuerySet[Any] = of if isinstance(of, QuerySet) else of._default_manager.all()  # noqa: SLF001  documented
    return dict(rows.filter(**{f"{request}__in": keys}).order_by().values_list(request).annotate(Count("pk")))


def _in_words(row: ConsultationRequest, counted: Mapping[str, Mapping[int, int]]) -> list[str]:
    single = {
        "name": row.name,
        "email address": row.email,
        "phone number": row.phone,
        "best time": row.best_time,
        "message": row.message,
        "source and landing page": row.source or row.attribution,
        "language": row.language,
    }
    numbers = {"words in the history": sum(bool(one.text) for one in row.activities.all())}
    numbers |= {name: found.get(row.pk, 0) for name, found in counted.items()}
    return [name for name, value in single.items() if value] + [
        f"{number} × {name}" for name, number in numbers.items() if number
    ]


def due(now: dt.datetime) -> QuerySet[ConsultationRequest]:
    """Return what is to be erased at `now`: asked for a day ago, or untouched for the days that its status is kept.

    What has an appointment to come waits for it, unless the visitor asked.
    """
    wanted = Q(erasure_asked_at__lte=now - GRACE)
    to_come = Appointment.objects.upcoming(now).filter(request=OuterRef("pk"))
    for status, days in RetentionRule.objects.exclude(days=None).values_list("status", "days"):
        since = now - dt.timedelta(days=days or 0)
        later = Activity.objects.filter(request=OuterRef("pk"), at__gte=since)
        wanted |= Q(status=status, received_at__lt=since) & ~Q(Exists(later)) & ~Q(Exists(to_come))
    found: QuerySet[ConsultationRequest] = ConsultationRequest.objects.filter(wanted, erased_at=None)
    return found.order_by("pk")


def empty_write_ahead_log() -> None:
    """Empty SQLite's write-ahead log, which still holds what was overwritten. Call it outside any transaction."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    if busy:
        logger.warning(
            "The write-ahead log could not be emptied, as somebody was reading; the next erasure tries again."
        )


def _give_times_back(request: ConsultationRequest, by: User | None, now: dt.datetime, *, late: bool) -> None:
    """Free what a consultant would otherwise keep for nobody; what has begun is history."""
    appointments.release(request, now=now)
    for appointment in Appointment.objects.active().filter(request=request, starts_at__gt=now):
        appointments.cancel(appointment, by=by, now=now, late=late)


def _empty(request: ConsultationRequest, now: dt.datetime) -> None:
    """Overwrite every column and row that tells of the person."""
    ConsultationRequest.objects.filter(pk=request.pk).update(
        reference=references.new(),
        key=f"erased-{uuid.uuid4().hex}",
        link_id=private_link.new_id(),
        name=NOBODY,
        email="",
        email_confirmed_at=None,
        pending_email="",
        phone_confirmed_at=None,
        former_link_id="",
        phone="",
        phone_e164="",
        contact_by=ContactBy.EITHER,
        best_time="",
        message="",
        source="",
        attribution={},
        language="",
        language_digest="",
        source_digest="",
        body_digest="",
        spam_reasons="",
        person=None,
        claim_until=None,
        next_step="",
        next_at=None,
        erased_at=now,
    )
    request.therapies.clear()
    request.shown.clear()
    request.consents.all().delete()
    request.codes.all().delete()
    request.activities.update(text="")
    _empty_appointments(request)
    _empty_messages(request)
    _empty_admin_log(request)


def _empty_appointments(request: ConsultationRequest) -> None:
    """Forget why, from where, and under which name in the visitor's calendar; the time itself is the consultant's."""
    request.appointments.update(cancel_reason="", assignment_reason="", visitor_zone="")
    request.appointments.filter(overridden=True).update(override_reason=NOBODY)
    for pk in request.appointments.values_list("pk", flat=True):
        request.appointments.filter(pk=pk).update(uid=new_uid())


def _empty_messages(request: ConsultationRequest) -> None:
    """Stop the visitor's mails that have not left, and forget where the others went."""
    theirs = request.messages.exclude(kind__in=TO_STAFF)
    theirs.exclude(state=MessageState.SENT).update(
        state=MessageState.DEAD, leased_until=None, last_error="The request was erased."
    )
    theirs.update(recipient="")
    Reply.objects.filter(message__request=request).delete()


def _empty_admin_log(request: ConsultationRequest) -> None:
    """Django's own log of the admin repeats the reference; what was done, by whom and when stays."""
    about = Q(content_type=ContentType.objects.get_for_model(ConsultationRequest), object_id=str(request.pk))
    messages = [str(pk) for pk in request.messages.values_list("pk", flat=True)]
    about |= Q(content_type=ContentType.objects.get_for_model(Message), object_id__in=messages)
    LogEntry.objects.filter(about).update(object_repr=NOBODY, change_message="")
