"""Erasing and changing a confirmed address: carried out once a code was typed that was mailed at that moment.

Whoever has only the private link, from a forwarded mail or a browser's history, cannot do either. Where no address is
confirmed there is no mailbox to ask: see `needed` and `refuse_by_phone`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

from django.db import transaction
from django.db.models import F

from consultations.exceptions import NotAllowed, TooMany
from consultations.links import codes
from consultations.mail import contact_mails
from consultations.models import ConsultationRequest, ContactCode
from consultations.models.code import MOST_TRIES
from consultations.privacy import selfservice
from consultations.privacy.selfservice import Correction
from consultations.requests.locks import lock_unerased

LASTS = dt.timedelta(minutes=15)
WRONG = "This code is wrong, was used, or is older than 15 minutes. You can ask for a new one."
CALL = "You left no email address to which we could send a code. Please call us: we do it with you on the phone."


def needed(request: ConsultationRequest, correction: Correction | None = None) -> bool:
    """Return whether erasing the request, or this correction of it, needs a code."""
    if correction is None:
        return request.email_confirmed_at is not None
    touched = (
        correction.email not in {"", request.email},
        correction.phone not in {"", request.phone},
        correction.drop_email,
        correction.drop_phone,
    )
    return request.email_confirmed_at is not None and any(touched)


def refuse_by_phone(request: ConsultationRequest, correction: Correction | None = None) -> None:
    """Refuse what only the desk does for visitors without an address, which is erasing, and changing a confirmed number.

    Raises:
        NotAllowed: in words that say to call.
    """
    if request.email:
        return
    changes = correction is None or bool(request.phone_confirmed_at and (correction.email or correction.phone))
    if changes:
        raise NotAllowed(CALL)


def start(request: ConsultationRequest, *, wanted: Correction | None = None, now: dt.datetime) -> None:
    """Mail a code for a correction, or for erasing; earlier codes open nothing any more.

    Raises:
        TooMany: several were sent within the hour.
        Erased: the request was erased.
    """
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        if not contact_mails.send_code(locked, now=now):
            raise TooMany("We have sent you several codes within the hour. Please use the last one, or call us.")
        locked.codes.filter(used_at=None).update(used_at=now)
        text = json.dumps(dataclasses.asdict(wanted)) if wanted else ""
        ContactCode.objects.create(request=locked, wanted=text, created_at=now, expires_at=now + LASTS)


def live(request: ConsultationRequest, now: dt.datetime) -> ContactCode | None:
    """Return the code that waits to be typed."""
    found = request.codes.filter(used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES)
    return found.first()


def carry_out(request: ConsultationRequest, *, typed: str, now: dt.datetime) -> str:
    """Do what the code was sent for, and return "erasure" or "contact".

    Raises:
        NotAllowed: the code is wrong or over; each try counts, also this one.
        ConsultationError: what the change itself raises; the code stays good.
    """
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        code = live(locked, now)
        right = code is not None and codes.matches(code.mark, typed)
        if code is not None and not right:
            ContactCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
        if code is not None and right:
            ContactCode.objects.filter(pk=code.pk).update(used_at=now)
            return _do(locked, code.wanted, now)
    raise NotAllowed(WRONG)


def _do(request: ConsultationRequest, wanted: str, now: dt.datetime) -> str:
    if not wanted:
        selfservice.ask_for_erasure(request, now=now)
        return "erasure"
    selfservice.correct_contact(request, Correction(**json.loads(wanted)), now=now)
    return "contact"
