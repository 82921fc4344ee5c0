"""Questions asked of requests and messages. Time is always a parameter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from consultations.statuses import ACTIVE, LIVE, OCCUPYING, WAITING, AppointmentStatus, MessageState

if TYPE_CHECKING:
    from consultations.models import Appointment, ConsultationRequest, Message  # noqa: F401  named as strings below


class RequestQuerySet(models.QuerySet["ConsultationRequest"]):
    """Requests as the desk asks for them."""

    def live(self) -> Self:
        """Requests that somebody still has to do something about."""
        return self.filter(status__in=LIVE, erased_at=None)

    def untriaged(self) -> Self:
        """Live requests nobody has."""
        return self.live().filter(assignee=None)

    def overdue(self, now: dt.datetime) -> Self:
        """Requests whose promised answer was due before `now` and who have not been reached."""
        return self.filter(status__in=WAITING, first_contact_at=None, respond_by__lt=now, erased_at=None)

    def with_mail_trouble(self) -> Self:
        """Add `mail_trouble`: whether a mail about the request could not be sent, finally or so far."""
        messages = apps.get_model("consultations", "Message").objects.troubled()
        return self.annotate(mail_trouble=Exists(messages.filter(request=OuterRef("pk"), request__erased_at=None)))


class MessageQuerySet(models.QuerySet["Message"]):
    """Mails as the worker asks for them."""

    def due(self, now: dt.datetime) -> Self:
        """Mails to be sent at `now`: waiting ones, and ones whose sender has not reported back within its lease."""
        return self.filter(
            Q(state=MessageState.QUEUED, due_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lte=now)
        )

    def troubled(self) -> Self:
        """Mails that were given up, or have failed and wait for another try."""
        return self.filter(
            Q(state=MessageState.DEAD) | Q(state__in=[MessageState.QUEUED, MessageState.SENDING]) & ~Q(last_error="")
        )


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments as the verbs, the private page and the desk ask for them."""

    def active(self) -> Self:
        """What is agreed with a visitor and has no outcome yet."""
        return self.filter(status__in=ACTIVE)

    def upcoming(self, now: dt.datetime) -> Self:
        """Active appointments that have not ended."""
        return self.active().filter(ends_at__gt=now)

    def occupying(self, now: dt.datetime) -> Self:
        """What takes a consultant's time; holds that ran out do not."""
        return self.filter(status__in=OCCUPYING).exclude(status=AppointmentStatus.HELD, hold_expires_at__lte=now)

    def held(self) -> Self:
        """Times that are held, whether their minutes are over or not."""
        return self.filter(status=AppointmentStatus.HELD)

    def expired_holds(self, now: dt.datetime) -> Self:
        """Holds whose minutes are over."""
        return self.held().filter(hold_expires_at__lte=now)
