"""Builds and queues every mail. Nothing else sends.

A mail is a row (`Message`) written in the transaction of the change it tells of; `delivery.py` sends it later. Its text
is built when it is sent, from templates/consultations/mail/<kind>-subject.txt, -body.txt and -body.html. No mail holds
what a visitor wrote about themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from consultations.models import ConsultationRequest, Message
from consultations.statuses import MessageKind
from content.models import ClinicProfile


def queue_received(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """Queue the visitor's confirmation, where there is an address, and the notice to staff.

    Call it inside the transaction that writes the request.
    """
    recipients = {MessageKind.VISITOR_RECEIVED: request.email, MessageKind.STAFF_NEW: staff_inbox()}
    Message.objects.bulk_create(
        Message(request=request, kind=kind, recipient=recipient, created_at=now, due_at=now)
        for kind, recipient in recipients.items()
        if recipient
    )


def build(message: Message) -> EmailMultiAlternatives:
    """Return the mail as it will leave; its Message-ID is the same at every attempt, so a reader can drop a repeat."""
    clinic = ClinicProfile.objects.first() or ClinicProfile(name="Clinic")
    context: dict[str, Any] = {
        "clinic": clinic,
        "request": message.request,
        "private_url": settings.SITE_URL + message.request.get_private_url(),
        "desk_url": settings.SITE_URL + reverse("admin:consultations_consultationrequest_change", args=[message.request_id]),
    }
    folder = f"consultations/mail/{message.kind.replace('_', '-')}"
    subject = " ".join(render_to_string(f"{folder}-subject.txt", context).split())
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{folder}-body.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL or clinic.email,
        to=[message.recipient],
        headers={"Message-ID": f"<message-{message.pk}-{message.request.reference.lower()}@{_domain()}>"},
    )
    mail.attach_alternative(render_to_string(f"{folder}-body.html", context), "text/html")
    return mail


def queue_is_usable() -> bool:
    """Return whether the queue can be read; raises DatabaseError where the database cannot."""
    Message.objects.exists()
    return True


def staff_inbox() -> str:
    """Return the address that is told of new requests: STAFF_INBOX, else the clinic's own."""
    if settings.STAFF_INBOX:
        return str(settings.STAFF_INBOX)
    clinic = ClinicProfile.objects.first()
    return clinic.email if clinic else ""


def _domain() -> str:
    return settings.SITE_URL.split("//", 1)[1].split(":")[0]
