"""The desk's front page: what waits, each with its count and the first three; Django's list of models comes below.

Counts and rows are those of the inbox (requests/inbox.py) and of lists that the reader may open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from consultations.admin import appointment_block, detail, status_words
from consultations.admin.addresses import list_of_requests, page_of
from consultations.clocks import wording
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.models.appointment import AppointmentQuerySet
from consultations.models.fields import WORDS, through
from consultations.requests import inbox
from consultations.statuses import AppointmentStatus
from content.admin.actor import actor
from content.admin.marks import mark

SHOWN = 3
# Views of the inbox as the page shows them; what is in red while there is any.
URGENT = "overdue"
FIRST = ("overdue", "soon", "mine", "unassigned", "call")
TITLES = {"soon": "Due within two hours", "call": "To call back today", "spam": "Spam to look through"}


@dataclass(frozen=True)
class Line:
    """One row of a box: who, with the way there, and how it stands."""

    address: str
    name: str
    reference: str
    stands: str | SafeString


@dataclass(frozen=True)
class Box:
    """Something that waits: how much of it, the first rows, and the way to the rest."""

    key: str
    title: str
    address: str
    count: str
    lines: list[Line] = field(default_factory=list)

    @property
    def is_urgent(self) -> bool:
        """Whether it is shown as something that must not be."""
        return self.key in {URGENT, "mails"} and self.count != "0"


def front_page(request: HttpRequest) -> HttpResponse:
    """Show what waits to those who work at the desk, and Django's own page to everybody of staff."""
    now, user = timezone.now(), actor(request)
    return admin.site.index(request, {"boxes": boxes(user, now), "title": "Desk"})


def boxes(user: User, now: dt.datetime) -> list[Box]:
    """Return what the user may see of it, in the same number of queries however much there is."""
    at = inbox.moment(user, now)
    found: list[Box] = []
    if user.has_perm("consultations.view_consultationrequest"):
        found += [_of_requests(key, at) for key in FIRST]
    if user.has_perm("consultations.view_appointment"):
        found += [_to_confirm(user, now), _today(user, at)]
    if user.has_perm("consultations.view_consultationrequest"):
        found.append(_of_requests("spam", at))
    if user.has_perm("consultations.view_message"):
        found.append(_failed_mails(user))
    return found


def _of_requests(key: str, at: inbox.Moment) -> Box:
    rows = inbox.rows(key, at)
    title = TITLES.get(key, inbox.VIEWS[key].label)
    lines = [
        Line(page_of(row.pk), row.name, row.reference, _stands(row, at.now, key)) for row in inbox.first(key, at, SHOWN)
    ]
    address = f"{list_of_requests()}?due={key}"
    return Box(key, title, address, inbox.in_words(inbox.bounded(rows)), lines)


def _stands(row: ConsultationRequest, now: dt.datetime, key: str) -> str | SafeString:
    if key != "call" and (answer := detail.answer(row, now)):
        return answer
    words, kind = status_words.next_step(row, now)
    return mark(words, kind) if words else f"received {wording.utc(row.received_at)}"


def _to_confirm(user: User, now: dt.datetime) -> Box:
    rows = Appointment.objects.visible_to(user).filter(status=AppointmentStatus.PENDING).order_by("starts_at", "pk")
    address = f"{reverse('admin:consultations_appointment_changelist')}?status__exact={AppointmentStatus.PENDING}"
    return _of_appointments("confirm", "Appointments to confirm", address, rows)


def _today(user: User, at: inbox.Moment) -> Box:
    rows = Appointment.objects.visible_to(user).active().order_by("starts_at", "pk")
    rows = rows.filter(starts_at__gte=at.today_begins, starts_at__lt=at.today_ends)
    return _of_appointments("agenda", "Today’s appointments", reverse("desk:agenda"), rows)


def _of_appointments(key: str, title: str, address: str, rows: AppointmentQuerySet) -> Box:
    shown = rows.select_related("request__center", "center", "consultant").with_offers().with_clinic_clock()
    lines = [
        Line(
            f"{page_of(row.request_id)}#appointment",
            row.request.name,
            wording.full(row.starts_at, row.zone),
            appointment_block.state(row),
        )
        for row in shown.sealed().defer(*through("request", WORDS))[:SHOWN]
    ]
    return Box(key, title, address, inbox.in_words(inbox.bounded(rows)), lines)


def _failed_mails(user: User) -> Box:
    rows = Message.objects.visible_to(user).troubled().filter(request__erased_at=None).order_by("-created_at", "-id")
    lines = [
        Line(f"{page_of(row.request_id)}#mails", row.request.name, row.get_kind_display(), detail.progress(row))
        for row in rows.select_related("request").defer(*through("request", WORDS))[:SHOWN]
    ]
    address = f"{reverse('admin:consultations_message_changelist')}?trouble=1"
    return Box("mails", "Failed mails", address, inbox.in_words(inbox.bounded(rows)), lines)
