"""The private page's verbs: note, contact details, erasure; and closing the page for staff.

Every verb can be sent twice: the second time changes nothing and says so by what it returns. None writes to a request
that was erased meanwhile. A corrected address queues no mail: mails on their way go where they were meant to
go, and only reminders go to the new one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from consultations.evidence import consents
from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing, TooMany
from consultations.links import private_link
from consultations.mail import contact_mails
from consultations.models import Activity, Appointment, ConsentText, ConsultationRequest
from consultations.requests import next_steps
from consultations.requests.locks import lock_unerased
from consultations.statuses import ActivityKind, ContactBy

# A person who has more to say than this is better served by a call; a program is stopped.
MOST_NOTES = 40
LABELS = {
    "name": "name",
    "email": "email address",
    "phone": "phone number",
    "contact_by": "way of contact",
    "best_time": "best time",
}


@dataclass(frozen=True)
class Correction:
    """Contact details as they should be from now on; an empty one stays as it is.

    Attributes:
        drop_email: the address is taken off the request.
        drop_phone: the number is taken off the request.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    phone_e164: str = ""
    contact_by: str = ""
    best_time: str = ""
    drop_email: bool = False
    drop_phone: bool = False


def add_note(request: ConsultationRequest, *, text: str, now: dt.datetime, agreed: ConsentText | None = None) -> bool:
    """Add what a visitor wrote, encrypted, and return whether it is new: the last note sent once more is not.

    `agreed` are the words they ticked with it, where no consent to using health details stood.

    Raises:
        ReasonMissing: there is nothing in it.
        TooMany: the request holds `MOST_NOTES` notes already.
        Erased: the request was erased meanwhile.
    """
    text = text.strip()
    if not text:
        raise ReasonMissing("Write your note first.")
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        notes = list(request.activities.filter(kind=ActivityKind.VISITOR))
        if notes and notes[-1].text == text:
            return False
        if len(notes) >= MOST_NOTES:
            raise TooMany("There are very many notes on this request already. Please call us instead.")
        if agreed is not None:
            consents.give(request, agreed, now=now)
        Activity.objects.create(request=request, kind=ActivityKind.VISITOR, at=now, text=text)
        next_steps.visitor_wrote(locked, now=now)
    return True


def correct_contact(request: ConsultationRequest, correction: Correction, *, now: dt.datetime) -> list[str]:
    """Correct contact details and return the names of the fields that changed; history keeps these, not the values.

    Raises:
        NotAllowed: neither a mail address nor a telephone number would be left.
        Erased: the request was erased meanwhile.
    """
    with transaction.atomic():
        held = lock_unerased(request.pk)
        wanted = _corrected(held, correction)
        changed = [name for name in LABELS if name in wanted and wanted[name] != getattr(held, name)]
        if not changed:
            return []
        ConsultationRequest.objects.filter(pk=held.pk).update(**_proved(held, wanted, changed))
        if wanted.get("email") and "email" in changed:
            held.refresh_from_db()
            contact_mails.ask(held, Appointment.objects.unconfirmed().filter(request=held).first(), now=now)
        words = f"Changed: {', '.join(LABELS[name] for name in changed)}"
        Activity.objects.create(request=held, kind=ActivityKind.CONTACT, at=now, text=words)
        next_steps.visitor_wrote(held, now=now)
    request.refresh_from_db()
    return changed


def ask_to_confirm(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Mail the button that confirms the address once more, and return whether one was queued. Raises Erased."""
    with transaction.atomic():
        held = lock_unerased(request.pk)
        if held.email_confirmed_at and not held.pending_email:
            return False
        waits = Appointment.objects.unconfirmed().filter(request=held).first()
        return contact_mails.ask(held, waits, now=now)


def ask_for_erasure(request: ConsultationRequest, *, now: dt.datetime) -> bool:
    """Note that the visitor wants everything erased and return whether this call did; the first time stays.

    `retention.py` carries it out. Raises Erased where that has happened already.
    """
    with transaction.atomic():
        lock_unerased(request.pk)
        asked = ConsultationRequest.objects.filter(pk=request.pk, erasure_asked_at=None).update(erasure_asked_at=now)
        if asked:
            Activity.objects.create(request=request, kind=ActivityKind.ERASURE, at=now, text="Asked for by the visitor")
    request.refresh_from_db()
    return bool(asked)


def revoke_link(request: ConsultationRequest, *, by: User, now: dt.datetime, seen: str = "") -> None:
    """Close the page behind every link sent so far; the next mail carries a new one.

    `seen` is the mark of the link that is meant (links/private_link.py): the one a page was drawn with may have been replaced since,
    and the new one is not to be closed by a second click.

    Raises:
        ChangedMeanwhile: the link that was seen is closed already.
        Erased: the request was erased meanwhile.
    """
    with transaction.atomic():
        held = lock_unerased(request.pk)
        if seen and seen != private_link.mark_of(held.link_id):
            raise ChangedMeanwhile("This private link is closed already. Nothing more was changed.")
        ConsultationRequest.objects.filter(pk=held.pk).update(link_id=private_link.new_id())
        words = "Private link revoked: links sent so far open nothing any more"
        Activity.objects.create(request=request, kind=ActivityKind.NOTE, at=now, by=by, text=words)
    request.refresh_from_db()


def _proved(held: ConsultationRequest, wanted: dict[str, str], changed: list[str]) -> dict[str, object]:
    """Return the columns to write with what becomes of the confirmations: a confirmed address stays until the new one is."""
    columns: dict[str, object] = dict(wanted)
    if "phone" in changed:
        columns["phone_confirmed_at"] = None
    if "email" in changed:
        columns["contact_version"] = F("contact_version") + 1
        if held.email_confirmed_at and wanted["email"]:
            columns["pending_email"] = columns.pop("email")
        else:
            columns |= {"email_confirmed_at": None, "pending_email": ""}
    return columns


def _corrected(held: ConsultationRequest, correction: Correction) -> dict[str, str]:
    """Return the columns to write."""
    given = {item.name: getattr(correction, item.name) for item in fields(correction)}
    wanted: dict[str, str] = {name: given[name] for name in LABELS if given[name]}
    if correction.phone:
        wanted["phone_e164"] = correction.phone_e164
    if correction.drop_email:
        wanted["email"] = ""
    if correction.drop_phone:
        wanted |= {"phone": "", "phone_e164": ""}
    left = {name: wanted.get(name, getattr(held, name)) for name in ("email", "phone")}
    if not any(left.values()):
        raise NotAllowed("Leave us an email address or a phone number, so that we can answer.")
    # A way of contact whose address is gone would be a promise nobody can keep.
    way = wanted.get("contact_by", held.contact_by)
    if way != ContactBy.EITHER and not left[way]:
        wanted["contact_by"] = ContactBy.PHONE if left["phone"] else ContactBy.EMAIL
    return wanted
