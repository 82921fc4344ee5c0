"""Builds the words of every mail and queues it; nothing else sends mail.

A mail is a row (`Message`) written in the transaction of the change it tells of; `delivery.py` sends it later. Its text
is built when it is sent, from three templates in templates/consultations/mail/: <kind>-subject.txt, <kind>-body.txt and
<kind>-body.html. All three in a folder named for a language, such as mail/pt-br/, are used for visitors who read it.

No mail holds what a visitor wrote. Mails to staff hold the reference and a link. Mails to visitors greet them by name,
and are discreet where the clinic's profile says so: who sees them arrive learns of no therapy and no consultation. Below
the text stand the notices of the place, the same for everybody who comes there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import translation

from consultations.exceptions import ChangedMeanwhile
from consultations.links import codes, confirm_link, private_link
from consultations.mail import calendar, invitations, place_notices, staff_mails, threads
from consultations.models import Activity, Appointment, ConsultationRequest, Message
from consultations.requests import promise
from consultations.requests.locks import lock_request
from consultations.statuses import ActivityKind, MessageKind, MessageState
from content import addresses
from content.models import ClinicProfile
from content.text import on_one_line, printable

FOLDER = "consultations/mail"
TRIO = ("subject.txt", "body.txt", "body.html")
TO_STAFF = frozenset({MessageKind.STAFF_NEW, MessageKind.STAFF_APPOINTMENT, MessageKind.STAFF_ASSIGNED})
# These carry the button that confirms the address, while it is not.
ASKS = frozenset({MessageKind.VISITOR_RECEIVED, MessageKind.VISITOR_CONFIRM})
# These say by when we answer, and which closed days put that off.
PROMISING = frozenset({MessageKind.VISITOR_RECEIVED})
ALREADY = "This mail has been written to the visitor's present address already."
# Kinds a visitor may unsubscribe from; so far every mail answers a request, and none is marketing.
MARKETING: frozenset[MessageKind] = frozenset()
# Answers by machines would only come back to people (RFC 3834).
BY_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
# Whoever fills in the form chooses the name and the address: what could be an advertisement is not sent on.
NO_NAME = re.compile(r"[/@:<>\\\d]|\.\w|.{61}")


def queue_received(request: ConsultationRequest, *, now: dt.datetime, clinic: ClinicProfile | None = None) -> None:
    """Queue the visitor's confirmation, where there is an address, and the notice to staff.

    Call it inside the transaction that writes the request. The clinic's profile is read where it is not given.
    """
    recipients = {MessageKind.VISITOR_RECEIVED: request.email, MessageKind.STAFF_NEW: staff_inbox(clinic)}
    Message.objects.bulk_create(
        Message(request=request, kind=kind, recipient=recipient, created_at=now, due_at=now)
        for kind, recipient in recipients.items()
        if recipient
    )


def queue_about(
    appointment: Appointment,
    recipients: Mapping[str, str],
    *,
    now: dt.datetime,
    due: Mapping[str, dt.datetime] | None = None,
) -> None:
    """Queue mails about an appointment as it stands, each once for each of its changes.

    Call it inside the transaction of the change.

    Args:
        appointment: which; its sequence says which change.
        recipients: the address by the kind of mail; an empty one gets none.
        now: the moment of the change.
        due: when those kinds leave that do not leave at once.
    """
    Message.objects.bulk_create(
        [
            Message(
                request_id=appointment.request_id,
                appointment=appointment,
                sequence=appointment.sequence,
                kind=kind,
                recipient=recipient,
                created_at=now,
                due_at=(due or {}).get(kind, now),
            )
            for kind, recipient in recipients.items()
            if recipient
        ],
        # What was sent already for this very change stays the only one.
        ignore_conflicts=True,
    )


def resend(message: Message, *, by: User, now: dt.datetime) -> None:
    """Send a mail that failed again, now and with a fresh count of attempts; a visitor's goes to their present address.

    Raises:
        ChangedMeanwhile: it was sent meanwhile, is being sent, was never tried, or its request was erased.
    """
    try:
        with transaction.atomic():
            _resend(message, by, now)
    except IntegrityError as error:
        # Somebody queued the same mail between our look and our writing.
        raise ChangedMeanwhile(ALREADY) from error
    message.refresh_from_db()


def build(message: Message) -> EmailMultiAlternatives:
    """Return the mail as it will leave; its Message-ID is the same at every attempt, so a reader can drop a repeat.

    Raises:
        ValidationError: the recipient is no mail address.
        ValueError: the clinic has no sender's address, or something cannot stand in a header.
    """
    if message.recipient.split() != [message.recipient]:
        raise ValidationError("An address in a header stands on one line.")
    recipient = addresses.mail_address(message.recipient)
    clinic = ClinicProfile.objects.first() or ClinicProfile(name="Clinic", short_name="Clinic")
    to_staff = message.kind in TO_STAFF
    language = settings.LANGUAGE_CODE if to_staff else _language(message)
    context = _context(message, clinic, to_staff=to_staff)
    with translation.override(language):
        subject, text, html = (printable(render_to_string(names, context)) for names in _trio(message.kind, language))
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=printable(place_notices.below(text, context["notices"])),
        from_email=sender_address(context["sender"], clinic),
        to=[recipient],
        reply_to=[addresses.mail_address(clinic.email)] if clinic.email and not to_staff else None,
        headers=_headers(message, language),
    )
    mail.attach_alternative(html.strip() + "\n", "text/html")
    if found := invitations.invitation(message, clinic, context["notices"]):
        content, method = found
        # Last, as the best way to show the mail (RFC 2046, 5.1.4; RFC 6047, 2.4): programs offer to take it in.
        mail.attach_alternative(content.decode(), f'text/calendar; method="{method}"')
        mail.attach(calendar.attachment(content))
    return mail


def _context(message: Message, clinic: ClinicProfile, *, to_staff: bool) -> dict[str, Any]:
    """Return what the templates of a mail are filled with."""
    request, discreet = message.request, clinic.discreet_mail and not to_staff
    desk = reverse("admin:consultations_consultationrequest_change", args=[message.request_id])
    return {
        "clinic": clinic,
        "to_staff": to_staff,
        "discreet": discreet,
        "sender": clinic.short_name if discreet else clinic.name,
        "greeting_name": greeting_name(request),
        "request": request,
        "private_url": settings.SITE_URL + request.get_private_url(),
        "confirm_url": confirm_url(message),
        "code": _code(message),
        "reply": message.reply if message.kind == MessageKind.VISITOR_REPLY else None,
        "asks": message.kind in ASKS and asks(message),
        "desk_url": settings.SITE_URL + desk,
        "how": staff_mails.how_it_came(message) if message.kind == MessageKind.STAFF_ASSIGNED else "",
        # As of when it arrived: a mail that was late tells of the days that were promised then.
        "delay": promise.delay(clinic, request.center, message.created_at) if message.kind in PROMISING else "",
        "notices": place_notices.of(message),
        **invitations.context(message, clinic, discreet=discreet),
    }


def asks(message: Message) -> bool:
    """Return whether the address a mail goes to is the one that is to be confirmed now."""
    request = message.request
    unconfirmed = request.pending_email or ("" if request.email_confirmed_at else request.email)
    return bool(unconfirmed) and message.recipient == unconfirmed


def _code(message: Message) -> str:
    """Return the newest code of the request, for the mail that brings it."""
    newest = message.request.codes.first() if message.kind == MessageKind.VISITOR_CODE else None
    return codes.code_of(newest.mark) if newest else ""


def confirm_url(message: Message) -> str:
    """Return the address of the page that confirms the address a mail goes to."""
    request = message.request
    token = confirm_link.token_for(request.pk, request.contact_version, issued=message.created_at)
    return settings.SITE_URL + reverse("consultations:confirm", args=[token])


def unsubscribe_headers(kind: str, request: ConsultationRequest) -> dict[str, str]:
    """Return what lets a mail program unsubscribe with one click (RFC 8058) from what is marketing; else nothing.

    The click is a POST without a cookie; a GET of the same address changes nothing.
    """
    if kind not in MARKETING:
        return {}
    address = settings.SITE_URL + reverse("consultations:unsubscribe", args=[private_link.token_for(request.link_id)])
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def staff_inbox(clinic: ClinicProfile | None = None) -> str:
    """Return the address that is told of new requests: STAFF_INBOX, else the clinic's own."""
    if settings.STAFF_INBOX:
        return str(settings.STAFF_INBOX)
    clinic = clinic or ClinicProfile.objects.first()
    return clinic.email if clinic else ""


def _resend(message: Message, by: User, now: dt.datetime) -> None:
    # Two who press at once come one after the other, and neither overtakes an erasure.
    locked = lock_request(message.request_id)
    recipient = message.recipient if message.kind in TO_STAFF else locked.email or message.recipient
    failed = Q(state=MessageState.DEAD) | Q(state=MessageState.QUEUED, attempts__gt=0)
    others = Message.objects.filter(
        request=message.request_id,
        kind=message.kind,
        recipient=recipient,
        appointment=message.appointment_id,
        sequence=message.sequence,
    ).exclude(state=MessageState.DROPPED)
    if others.exclude(pk=message.pk).exists():
        raise ChangedMeanwhile(ALREADY)
    changed = Message.objects.filter(failed, pk=message.pk, request__erased_at=None).update(
        state=MessageState.QUEUED, recipient=recipient, attempts=0, due_at=now, leased_until=None, last_error=""
    )
    if not changed:
        raise ChangedMeanwhile("This mail was sent, is being sent just now, or belongs to a request that was erased.")
    text = f"{message.get_kind_display()}: to be sent again"
    Activity.objects.create(request=message.request, kind=ActivityKind.MESSAGE, at=now, by=by, text=text)


def greeting_name(request: ConsultationRequest) -> str:
    """Return the visitor's name, or "" for one that reads like something else."""
    name = " ".join(request.name.split())
    return "" if NO_NAME.search(name) else name


def _language(message: Message) -> str:
    """Return the visitor's language where this kind of mail is written in it, else the site's."""
    wanted = message.request.language.lower()
    try:
        language = translation.get_supported_language_variant(wanted)
        for name in TRIO:
            get_template(_template(message.kind, name, language))
    except (LookupError, TemplateDoesNotExist):
        return settings.LANGUAGE_CODE
    return language


def _trio(kind: str, language: str) -> list[list[str]]:
    """Return for subject, text and HTML which templates to look for, best first."""
    return [[_template(kind, name, language), _template(kind, name)] for name in TRIO]


def _template(kind: str, name: str, language: str = "") -> str:
    return "/".join(filter(None, [FOLDER, language, f"{kind.replace('_', '-')}-{name}"]))


def sender_address(name: str, clinic: ClinicProfile) -> str:
    """Return the address that mails come from, under a name.

    Raises:
        ValueError: the clinic has no sender's address.
    """
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL or clinic.email)
    if not address:
        raise ValueError("There is no address to send from: set DEFAULT_FROM_EMAIL or the clinic's own.")
    return str(Address(on_one_line(name), addr_spec=addresses.mail_address(address)))


def _headers(message: Message, language: str) -> dict[str, str]:
    return {
        "Message-ID": threads.message_id(message.pk, message.request.reference),
        "Content-Language": language,
        **({} if message.kind == MessageKind.VISITOR_REPLY else BY_MACHINE),
        **threads.references(message),
        **unsubscribe_headers(message.kind, message.request),
    }
