"""The verb that receives a request, once however often it is sent: key, spam score, person, consents, history and mails in one transaction.

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
from django.db import transaction
from django.db.models import Q

from consultations.evidence import shown
from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.intake import spam
from consultations.intake.submission import Submission
from consultations.limits import counting, table
from consultations.links import coarse, digests
from consultations.mail import messages
from consultations.models import Activity, Consent, ConsentText, ConsultationRequest, Person
from consultations.requests import promise
from consultations.statuses import ActivityKind, ConsentPurpose, Status
from content.models import ClinicProfile

__all__ = [
    "FormKey",
    "Submission",
    "all_texts",
    "browser_digest",
    "current_texts",
    "new_key",
    "read_key",
    "receive",
    "restore",
]

KEY_SALT = "consultations.intake.key"
BROWSER_PURPOSE = "consultations.intake.browser"
BROWSER_DIGITS = 30
# The form comes back with a new key when it is sent later than this after it was shown.
KEY_LASTS = dt.timedelta(days=14)
# Within this time the same words from the same browser are the same request.
ASKED_WITHIN = dt.timedelta(hours=1)


class KeyTaken(Exception):
    """A request with this key was written by another transaction meanwhile."""


@dataclass(frozen=True)
class FormKey:
    """What an idempotency key says.

    Attributes:
        identity: which form it is; it ends with the browser, so that a request tells which browser sent it.
        shown_at: when the form was shown (UTC).
        browser: the digest of the browser that it was shown to, or "" for none.
        asked: this browser was told of what it sent before and wants to send another request.
    """

    identity: str
    shown_at: dt.datetime
    browser: str = ""
    asked: bool = False


def browser_digest(secret: str) -> str:
    """Return by what a browser is known again: a digest of its CSRF cookie, or "" for one that has none."""
    return digests.keyed(BROWSER_PURPOSE, secret)[:BROWSER_DIGITS] if secret else ""


def new_key(now: dt.datetime, browser: str = "", *, asked: bool = False) -> str:
    """Return a fresh idempotency key for a form shown at `now`; it is signed, so only this site can mint one."""
    return signing.dumps([uuid.uuid4().hex, int(now.timestamp()), browser, int(asked)], salt=KEY_SALT)


def read_key(key: str) -> FormKey | None:
    """Return what a key says, or None for one this site did not mint. Whether it has ended is for the form to say."""
    try:
        identity, shown_at, browser, asked = signing.loads(key, salt=KEY_SALT)
        shown = dt.datetime.fromtimestamp(shown_at, tz=dt.UTC)
        return FormKey(f"{identity}.{browser}" if browser else str(identity), shown, str(browser), bool(asked))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def receive(
    submission: Submission,
    *,
    key: str,
    now: dt.datetime,
    address: str | None = None,
    signals: spam.Signals | None = None,
    browser: str = "",
    asked: bool = False,
    clinic: ClinicProfile | None = None,
) -> tuple[ConsultationRequest, bool]:
    """Write a request once and return it with whether this call wrote it.

    Args:
        submission: the checked form.
        key: the identity from `read_key`.
        now: when it arrived.
        address: the visitor's network address, "" where it cannot be known; it is counted, never kept.
        signals: how the form arrived; without them the request comes from ourselves: it is not counted and not looked at
            for spam.
        browser: the digest of the browser that sent it; only its own earlier requests are looked at.
        asked: it has been told of its earlier request and sends another one.
        clinic: its profile; it is read where it is not given.

    Raises:
        AlreadySent: this form was sent before with other answers, or this browser has sent another one within the hour.
        OverTheLimit: the address or its network has sent too many requests, or posted the form too often.
    """
    try:
        existing = _sent(submission, key, now, browser, asked=asked)
        if existing is None:
            with transaction.atomic():
                return _write(submission, key, now, address, signals, clinic), True
    except (KeyTaken, OverTheLimit):
        # The same form won the race; everything that was written on the way, also the counts, is rolled back.
        existing = _sent(submission, key, now, "", asked=asked)
        if existing is None:
            count_post(address, now, signals)
            raise
    except AlreadySent:
        count_post(address, now, signals)
        raise
    count_post(address, now, signals)
    return existing, False


def count_post(address: str | None, now: dt.datetime, signals: spam.Signals | None) -> None:
    """Count a post of the form of which nothing is kept; one that is kept is counted where it is written.

    Raises:
        OverTheLimit: too many posts have come from there.
    """
    if signals is not None:
        counting.hit(table.FORM_POSTS, address=address, now=now)


def restore(request: ConsultationRequest, *, to: Status, now: dt.datetime) -> None:
    """Follow a move back to NEW: a request that was taken for spam is treated like one that has just been received.

    `received_at` stays as it is. The promised time starts again where it has run out meanwhile, and the
    mails that were withheld are queued.
    """
    if to != Status.NEW:
        return
    if request.respond_by <= now:
        promised = promise.of(request.center, now)
        ConsultationRequest.objects.filter(pk=request.pk, respond_by=request.respond_by).update(
            respond_by=promised.due(now), clock_from=now, clock_left=promised.length
        )
    if not request.messages.exists():
        messages.queue_received(request, now=now)


def all_texts() -> list[ConsentText]:
    """Return every version of the consent texts, also those that begin later, the newest last."""
    return list(ConsentText.objects.order_by("purpose", "version"))


def current_texts(now: dt.datetime, texts: list[ConsentText] | None = None) -> dict[ConsentPurpose, ConsentText]:
    """Return the consent texts shown at `now`: for each purpose the newest version that has begun; `all_texts` may be given."""
    known = all_texts() if texts is None else texts
    return {ConsentPurpose(text.purpose): text for text in known if text.active_from <= now}


def _sent(
    submission: Submission, key: str, now: dt.datetime, browser: str, *, asked: bool
) -> ConsultationRequest | None:
    """Return what was sent as this form, or by this browser within the hour from another one, where the words are the same.

    Raises:
        AlreadySent: the words are others; of another form only where the visitor has not been asked yet.
    """
    wanted = Q(key=key)
    if browser:
        hour = Q(received_at__gt=now - ASKED_WITHIN, received_at__lte=now)
        wanted |= hour & Q(key__endswith=f".{browser}", erased_at=None)
    rows = ConsultationRequest.objects.filter(wanted).order_by("-received_at")
    found = list(rows.only("key", "reference", "link_id", "body_digest", "received_at"))
    meant = [one for one in found if one.key == key] or found
    for one in meant:
        # This form without a digest was erased since, or came from ourselves.
        if submission.is_what_was_sent(one.body_digest) or (one.key == key and not one.body_digest):
            return one
    if meant and (meant[0].key == key or not asked):
        raise AlreadySent(meant[0])
    return None


def _write(
    submission: Submission,
    key: str,
    now: dt.datetime,
    address: str | None,
    signals: spam.Signals | None,
    clinic: ClinicProfile | None,
) -> ConsultationRequest:
    """Write everything.

    Raises:
        KeyTaken: the key is there already; nothing of this may be kept.
        OverTheLimit: too many came from there.
    """
    verdict = spam.Verdict(0, ())
    if signals is not None:
        # The one count inside a transaction: twins of one form wait here for the first, and no request that is not written counts.
        recent = counting.hit_undone([table.FORM_POSTS, table.REQUESTS], address=address, now=now)
        verdict = spam.score(submission, dataclasses.replace(signals, recent=recent))
    clinic = clinic or ClinicProfile.objects.first()
    promised = submission.promised or promise.of(submission.center, now, clinic)
    due = promised.due(now)
    fresh = ConsultationRequest(
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
        **coarse.kept(submission.language, submission.source),
        status=Status.SPAM if verdict.is_spam else Status.NEW,
        spam_score=verdict.score,
        spam_reasons=", ".join(verdict.reasons)[:300],
        body_digest=submission.digest(),
        # Nobody has confirmed the address yet: whose it is says the confirmation.
        person=Person.objects.create(created_at=now),
        received_at=now,
        respond_by=due,
        clock_left=promised.length,
        next_at=due,
    )
    # A refused insert would be logged by PostgreSQL with all its values; one that gives way is not.
    ConsultationRequest.objects.bulk_create([fresh], ignore_conflicts=True)
    fresh.pk = ConsultationRequest.objects.filter(link_id=fresh.link_id).values_list("pk", flat=True).first()
    if fresh.pk is None:
        raise KeyTaken
    fresh.therapies.add(*submission.therapies)
    texts = submission.consent_texts or current_texts(now)
    Consent.objects.bulk_create(
        Consent(request=fresh, text=texts[purpose], given_at=now)
        for purpose in ConsentPurpose
        if purpose in submission.agreed and purpose in texts
    )
    shown.record(
        fresh,
        form_text=submission.form_text,
        consent_texts=texts.values(),
        now=now,
        place_notices=submission.place_notices,
    )
    _begin_history(fresh, now)
    if not verdict.is_spam:
        messages.queue_received(fresh, now=now, clinic=clinic)
    return fresh


def _begin_history(request: ConsultationRequest, now: dt.datetime) -> None:
    taken_for = (
        f"Taken for spam: {request.spam_reasons}. Nobody was told of it." if request.status == Status.SPAM else ""
    )
    Activity.objects.create(request=request, kind=ActivityKind.RECEIVED, at=now, text=taken_for)
