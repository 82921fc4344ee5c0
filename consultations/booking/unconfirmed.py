"""Bookings by visitors whose address or number nobody has confirmed yet: how long they last, how many, how they become real.

See decision 8. The lock rules of appointments.py hold here too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from consultations.booking import appointments, following, occupancy
from consultations.booking.refusals import AlreadyBooked
from consultations.booking.reservation import change
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.links import private_link
from consultations.mail import contact_mails, reminders
from consultations.models import Activity, Appointment, ConsultationRequest
from consultations.requests import people
from consultations.requests.locks import lock_unerased
from consultations.statuses import ActivityKind, AppointmentStatus

USED = "This link was used already, or a newer one took its place. Nothing was changed."
KEEP_NEW, KEEP_OLD = "new", "old"


@dataclass(frozen=True)
class Stands:
    """What a confirmation is about: the address, the time that waits for it, and another appointment of the person."""

    email: str
    waits: Appointment | None
    other: Appointment | None


def asked_about(request: ConsultationRequest, *, now: dt.datetime) -> Stands:
    """Return what the present link of a request confirms. Only for whoever holds that link: it tells of `other`."""
    email = request.pending_email or request.email
    person = people.known(email=email, phone_e164="")
    theirs = (
        Appointment.objects.upcoming(now).exclude(request=request).select_related("center", "consultant", "request")
    )
    other = (
        theirs.filter(request__person=person).exclude(status=AppointmentStatus.UNCONFIRMED).first() if person else None
    )
    waits = Appointment.objects.unconfirmed().filter(request=request).select_related("center", "consultant").first()
    return Stands(email, waits, other)


def confirm_email(
    request: ConsultationRequest, *, version: int, now: dt.datetime, keep: str = ""
) -> Appointment | None:
    """Confirm the address a link was sent to, and with it the time that waits; return the appointment that came of it.

    The request joins the person of that address, and its private link is replaced: see the decision. `keep` says which
    of two appointments stays, KEEP_NEW or KEEP_OLD.

    Raises:
        ChangedMeanwhile: the link was used, or another address was given since.
        AlreadyBooked: the person has another appointment, and `keep` says nothing.
        TooLate: the other appointment is so near that only staff may cancel it; nothing was changed.
        Erased: the request was erased.
    """
    with transaction.atomic():
        email = request.pending_email or request.email
        person = people.match_or_create(email=email, phone_e164="", now=now, own=request.person)
        locked = lock_unerased(request.pk)
        if locked.contact_version != version or (locked.pending_email or locked.email) != email:
            raise ChangedMeanwhile(USED)
        stands = asked_about(locked, now=now)
        if stands.waits is not None and stands.other is not None:
            _choose(stands, keep, now)
        former, old_email = locked.link_id, locked.email if locked.pending_email else ""
        ConsultationRequest.objects.filter(pk=locked.pk).update(
            email=email,
            pending_email="",
            email_confirmed_at=now,
            person=person,
            contact_version=F("contact_version") + 1,
            former_link_id=former,
            link_id=private_link.new_id(),
        )
        _note_confirmed(locked, "The visitor confirmed the email address.", None, now)
        locked.refresh_from_db()
        if old_email:
            contact_mails.tell_old(locked, old_email, now=now)
            reminders.readdress(locked, now=now)
        booked = _settle(locked, None, now)
        if booked is None:
            contact_mails.send_link(locked, now=now)
    request.refresh_from_db()
    return booked


def confirm_phone(request: ConsultationRequest, *, by: User, now: dt.datetime) -> Appointment | None:
    """Note that staff spoke with the visitor on their number; the time that waits is confirmed with it.

    The private link stays as it is: there is no address to send another one to, and the reference, which staff ask for,
    ties whoever answers the phone to the browser that holds it. See the decision.

    Raises:
        NotAllowed: there is no number that could be called from anywhere.
        ChangedMeanwhile: the number was confirmed already.
    """
    with transaction.atomic():
        number = request.phone_e164
        if not number:
            raise NotAllowed("There is no complete number to confirm: correct it with its country first.")
        contact = people.confirmed(request) | {"phone_e164": number}
        person = people.match_or_create(**contact, now=now, own=request.person)
        locked = lock_unerased(request.pk)
        if locked.phone_confirmed_at is not None or locked.phone_e164 != number:
            raise ChangedMeanwhile("The number was confirmed or changed meanwhile. Nothing was saved.")
        ConsultationRequest.objects.filter(pk=locked.pk).update(phone_confirmed_at=now, person=person)
        _note_confirmed(locked, "Number confirmed by phone.", by, now)
        locked.refresh_from_db()
        booked = _settle(locked, by, now)
    request.refresh_from_db()
    return booked


def release_expired(*, now: dt.datetime) -> int:
    """Give back the times that were held or not confirmed in time and return how many."""
    with transaction.atomic():
        expired = Appointment.objects.expired(now)
        # It locks many at once and in no order of ours, so it must wait for nobody. Requests come first, as everywhere: who
        # confirms has locked theirs, and a line of its history, checked at the end, would wait for them who wait for us.
        requests = ConsultationRequest.objects.filter(pk__in=expired.values("request"))
        free = list(requests.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
        return occupancy.drop_holds(expired.filter(request__in=free), now=now, patient=False)


def _choose(stands: Stands, keep: str, now: dt.datetime) -> None:
    if stands.waits is None or stands.other is None:
        return
    if keep == KEEP_NEW:
        appointments.cancel(stands.other, now=now, reason="The visitor keeps another appointment.")
    elif keep == KEEP_OLD:
        appointments.cancel(stands.waits, now=now, reason="The visitor keeps another appointment.")
    else:
        raise AlreadyBooked(stands.other)


def _settle(request: ConsultationRequest, by: User | None, now: dt.datetime) -> Appointment | None:
    """Make the time that waits an appointment; None where there is none, or it was given back meanwhile."""
    waits = Appointment.objects.unconfirmed().filter(request=request).select_related("appointment_type").first()
    if waits is None:
        return None
    asked = waits.appointment_type.needs_confirmation and by is None
    to = AppointmentStatus.PENDING if asked else AppointmentStatus.CONFIRMED
    try:
        change(waits, to, now, seen={AppointmentStatus.UNCONFIRMED}, sequence=F("sequence") + 1)
    except ChangedMeanwhile:
        # Whoever gives expired times back was quicker; the address is confirmed all the same.
        return None
    waits.request = request
    following.note(waits, ActivityKind.BOOKED, f"{waits.in_words}.", now, by)
    following.follow(request, waits, by, now)
    return waits


def _note_confirmed(request: ConsultationRequest, text: str, by: User | None, now: dt.datetime) -> None:
    Activity.objects.create(request=request, kind=ActivityKind.PROVED, at=now, by=by, text=text)
    request.refresh_from_db()
    # Which requests those are is looked up for whoever reads it: they may be another center's.
    if people.asked_before(request):
        Activity.objects.create(request=request, kind=ActivityKind.AGAIN, at=now)
