"""Receiving a request: written once, with everything that follows from it, before anybody is told so.

`receive` is the only way a request comes into being. In one transaction it writes the request, whose it is, what the
visitor agreed to, the first lines of its history and the mails to be sent; nothing leaves before the commit. The
idempotency key is unique in the database, so however often and however parallel a form is sent, the first writes and the
others read. What looks like spam is written like everything else, with its reasons, but announced to nobody: `restore`
makes up for it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction

from consultations.evidence import shown
from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.intake import spam
from consultations.intake.submission import Submission
from consultations.limits import counting
from consultations.mail import messages
from consultations.models import Activity, Consent, ConsentText, ConsultationRequest, Person
from consultations.requests.promise import respond_by
from consultations.statuses import ActivityKind, ConsentPurpose, Status

__all__ = ["FormKey", "Submission", "current_texts", "new_key", "read_key", "receive", "respond_by", "restore"]

KEY_SALT = "consultations.intake.key"


@dataclass(frozen=True)
class FormKey:
    """What an idempotency key says: which form it is, and when it was shown (UTC)."""

    identity: str
    shown_at: dt.datetime


def new_key(now: dt.datetime) -> str:
    """Return a fresh idempotency key for a form shown at `now`; it is signed, so only this site can mint one."""
    return signing.dumps([uuid.uuid4().hex, int(now.timestamp())], salt=KEY_SALT)


def read_key(key: str) -> FormKey | None:
    """Return what a key says, or None for one this site did not mint. A key has no end: a form may stay open for days."""
    try:
        identity, shown_at = signing.loads(key, salt=KEY_SALT)
        return FormKey(str(identity), dt.datetime.fromtimestamp(shown_at, tz=dt.UTC))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def receive(
    submission: Submission, *, key: str, now: dt.datetime, address: str = "", signals: spam.Signals | None = None
) -> tuple[ConsultationRequest, bool]:
    """Write a request once and return it with whether this call wrote it.

    Args:
        submission: the checked form.
        key: the identity from `read_key`.
        now: when it arrived.
        address: the visitor's network address, where it is known; it is counted, never kept.
        signals: how the form arrived; without them the request comes from ourselves and is not looked at for spam.

    Raises:
        AlreadySent: this form was sent before, with other answers.
        OverTheLimit: the address or its network has sent too many requests.
    """
    if existing := _sent_as(key, submission):
        return existing, False
    try:
        with transaction.atomic():
            return _write(submission, key, now, address, signals), True
    except (IntegrityError, OverTheLimit):
        # The same form won the race; anything else that the database refused is raised again.
        if existing := _sent_as(key, submission):
            return existing, False
        raise


def restore(request: ConsultationRequest, *, to: Status, now: dt.datetime) -> None:
    """Follow a move back to NEW: a request that was taken for spam is treated like one that has just been received.

    `received_at` stays as it is. The promised time starts again where it has run out meanwhile, and the
    mails that were withheld are queued.
    """
    if to != Status.NEW:
        return
    if request.respond_by <= now:
        due = respond_by(request.center, now)
        ConsultationRequest.objects.filter(pk=request.pk, respond_by=request.respond_by).update(respond_by=due)
    if not request.messages.exists():
        messages.queue_received(request, now=now)


def current_texts(now: dt.datetime) -> dict[ConsentPurpose, ConsentText]:
    """Return the consent texts shown at `now`: for each purpose the newest version that has begun."""
    texts = ConsentText.objects.filter(active_from__lte=now).order_by("purpose", "version")
    return {ConsentPurpose(text.purpose): text for text in texts}


def _sent_as(key: str, submission: Submission) -> ConsultationRequest | None:
    existing = ConsultationRequest.objects.filter(key=key).first()
    # One without a digest was erased since, or came from ourselves.
    if existing is not None and existing.body_digest and not submission.is_what_was_sent(existing.body_digest):
        raise AlreadySent(existing)
    return existing


def _write(
    submission: Submission, key: str, now: dt.datetime, address: str, signals: spam.Signals | None
) -> ConsultationRequest:
    verdict = spam.Verdict(0, ())
    if signals is not None:
        recent = counting.count_request(address, now=now)
        verdict = spam.score(submission, dataclasses.replace(signals, recent=recent))
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
        attribution=dict(submission.attribution),
        language=submission.language,
        status=Status.SPAM if verdict.is_spam else Status.NEW,
        spam_score=verdict.score,
        spam_reasons=", ".join(verdict.reasons)[:300],
        body_digest=submission.digest(),
        # Nobody has confirmed the address yet: whose it is says the confirmation.
        person=Person.objects.create(created_at=now),
        received_at=now,
        respond_by=respond_by(submission.center, now),
    )
    request.therapies.set(submission.therapies)
    texts = submission.consent_texts or current_texts(now)
    Consent.objects.bulk_create(
        Consent(request=request, text=texts[purpose], given_at=now)
        for purpose in ConsentPurpose
        if purpose in submission.agreed and purpose in texts
    )
    shown.record(request, form_text=submission.form_text, consent_texts=texts.values(), now=now)
    _begin_history(request, now)
    if not verdict.is_spam:
        messages.queue_received(request, now=now)
    return request


def _begin_history(request: ConsultationRequest, now: dt.datetime) -> None:
    taken_for = (
        f"Taken for spam: {request.spam_reasons}. Nobody was told of it." if request.status == Status.SPAM else ""
    )
    Activity.objects.create(request=request, kind=ActivityKind.RECEIVED, at=now, text=taken_for)
