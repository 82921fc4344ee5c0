"""Consent texts by version, giving consent and withdrawing it.

A consent points at the very row of words that stood beside the box. New words are a new version, so what was agreed to
earlier keeps reading as it did.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from consultations.evidence import shown
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Activity, Consent, ConsentText, ConsultationRequest
from consultations.statuses import ActivityKind, ConsentPurpose


def reword(purpose: ConsentPurpose, *, text: str, active_from: dt.datetime) -> ConsentText:
    """Write new words for a purpose as its next version and return it.

    Raises:
        NotAllowed: the newest version has these very words; when that begins is not changed either.
        ChangedMeanwhile: somebody wrote the next version at the same moment.
    """
    newest = refuse_unchanged(purpose, text)
    version = newest.version + 1 if newest else 1
    try:
        with transaction.atomic():
            return ConsentText.objects.create(
                purpose=purpose, version=version, text=text.strip(), active_from=active_from
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"Somebody else has just written version {version} of these words. Read theirs first; nothing was saved."
        ) from error


def refuse_unchanged(purpose: ConsentPurpose, text: str) -> ConsentText | None:
    """Return the newest version that a purpose has, if any, unless its words are `text` already.

    Raises:
        NotAllowed: they are.
    """
    newest = ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
    if newest is not None and newest.text == text.strip():
        raise NotAllowed(
            f"Version {newest.version} has these very words, from {newest.active_from:%Y-%m-%d %H:%M} UTC on. "
            "A new version needs other words. Nothing was saved."
        )
    return newest


def withdraw(consent: Consent, *, now: dt.datetime) -> bool:
    """Take a consent back and return whether this call did; one that was taken back keeps its first time."""
    with transaction.atomic():
        # A consent cannot end before it began, also where two machines' clocks disagree.
        moment = max(now, consent.given_at)
        if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=moment):
            return False
        words = f"{consent.text} withdrawn by the visitor"
        Activity.objects.create(request_id=consent.request_id, kind=ActivityKind.CONSENT, at=now, text=words)
    consent.refresh_from_db()
    return True


def unsubscribe(request: ConsultationRequest, *, now: dt.datetime) -> int:
    """Take back every newsletter consent of whoever left the request and return how many there were.

    Somebody who asked twice and agreed twice must not go on getting what they unsubscribed from.
    """
    theirs = Q(request=request)
    if request.is_confirmed:
        theirs |= Q(request__person=request.person_id) if request.person_id else Q()
    standing = Consent.objects.filter(theirs, text__purpose=ConsentPurpose.NEWSLETTER, withdrawn_at=None)
    return sum(withdraw(consent, now=now) for consent in standing.select_related("text"))


def give(request: ConsultationRequest, text: ConsentText, *, now: dt.datetime) -> None:
    """Write that the box beside `text` was ticked on the private page; one that stands already stays as it is.

    Call it inside the transaction of what it was ticked for.
    """
    if not request.consents.filter(text=text, withdrawn_at=None).exists():
        Consent.objects.create(request=request, text=text, given_at=now)
    shown.record_consent(request, text, now=now)


def stands(request: ConsultationRequest, purpose: ConsentPurpose) -> bool:
    """Return whether the visitor agreed to `purpose` and has not taken it back: ask before a call or a newsletter."""
    return request.consents.filter(text__purpose=purpose, withdrawn_at=None).exists()
