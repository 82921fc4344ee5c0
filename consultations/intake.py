"""Receiving a request: written once, with everything that follows from it, before anybody is told so.

`receive` is the only way a request comes into being. In one transaction it writes the request, what the visitor agreed
to, the first line of its history and the mails to be sent; nothing leaves before the commit. The idempotency key is
unique in the database, so however often and however parallel a form is sent, the first writes and the others read.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.core import signing
from django.db import IntegrityError, transaction

from consultations import clock, messages
from consultations.models import Activity, Consent, ConsentText, ConsultationRequest
from consultations.statuses import ActivityKind, ConsentPurpose, ContactBy
from content import hours
from content.models import Center, ClinicProfile, Therapy

KEY_SALT = "consultations.intake.key"
FALLBACK_DEADLINE = dt.timedelta(days=3)


@dataclass(frozen=True)
class Submission:
    """What a visitor left, checked by the form."""

    name: str
    email: str = ""
    phone: str = ""
    phone_e164: str = ""
    contact_by: str = ContactBy.EITHER
    best_time: str = ""
    center: Center | None = None
    therapies: Sequence[Therapy] = ()
    message: str = ""
    source: str = ""
    agreed: Collection[ConsentPurpose] = field(default_factory=frozenset)


def new_key(now: dt.datetime) -> str:
    """Return a fresh idempotency key for a form shown at `now`; it is signed, so only this site can mint one."""
    return signing.dumps([uuid.uuid4().hex, int(now.timestamp())], salt=KEY_SALT)


def read_key(key: str) -> str | None:
    """Return the identity inside a key, or None for one this site did not mint."""
    try:
        identity, _minted = signing.loads(key, salt=KEY_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return identity if isinstance(identity, str) else None


def receive(submission: Submission, *, key: str, now: dt.datetime) -> tuple[ConsultationRequest, bool]:
    """Write a request once and return it with whether this call wrote it.

    Args:
        submission: the checked form.
        key: the identity from `read_key`, or a fresh one where the form came without a genuine key.
        now: when it arrived.
    """
    existing = ConsultationRequest.objects.filter(key=key).first()
    if existing is not None:
        return existing, False
    try:
        with transaction.atomic():
            return _write(submission, key, now), True
    except IntegrityError:
        # The same form won the race; anything else that the database refused is raised again.
        existing = ConsultationRequest.objects.filter(key=key).first()
        if existing is None:
            raise
        return existing, False


def respond_by(center: Center | None, now: dt.datetime) -> dt.datetime:
    """Return when an answer is due (UTC): the clinic's promised business hours, counted in the center's opening hours."""
    clinic = ClinicProfile.objects.first()
    if clinic is None:
        return now + FALLBACK_DEADLINE
    periods: list[tuple[int, dt.time, dt.time]] = list(hours.parse(clinic.hours))
    zone = clinic.zone
    if center is not None and (own := [(p.weekday, p.opens, p.closes) for p in center.opening_periods.all()]):
        periods, zone = own, center.zone
    try:
        return clock.deadline(now, business_hours=clinic.response_hours, periods=periods, zone=zone)
    except ValueError:
        return now + FALLBACK_DEADLINE


def current_texts(now: dt.datetime) -> dict[ConsentPurpose, ConsentText]:
    """Return the consent texts shown at `now`: for each purpose the newest version that has begun."""
    texts = ConsentText.objects.filter(active_from__lte=now).order_by("purpose", "version")
    return {ConsentPurpose(text.purpose): text for text in texts}


def _write(submission: Submission, key: str, now: dt.datetime) -> ConsultationRequest:
    request = ConsultationRequest.objects.create(
        key=key,
        name=submission.name,
        email=submission.email,
        phone=submission.phone,
        phone_e164=submission.phone_e164,
        contact_by=submission.contact_by,
        best_time=submission.best_time,
        center=submission.center,
        message=submission.message,
        source=submission.source,
        received_at=now,
        respond_by=respond_by(submission.center, now),
    )
    request.therapies.set(submission.therapies)
    texts = current_texts(now)
    Consent.objects.bulk_create(
        Consent(request=request, text=texts[purpose], given_at=now)
        for purpose in ConsentPurpose
        if purpose in submission.agreed and purpose in texts
    )
    Activity.objects.create(request=request, kind=ActivityKind.RECEIVED, at=now)
    messages.queue_received(request, now=now)
    return request
