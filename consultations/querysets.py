"""Questions asked of requests and messages. Time is always a parameter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from consultations.statuses import ACTIVE, GIVEN_UP, LIVE, OCCUPYING, WAITING, AppointmentStatus, MessageState
from content.models import ClinicProfile

if TYPE_CHECKING:
    from consultations.models import Appointment, ConsultationRequest, Message  # noqa: F401  named as strings below

# Encrypted, and read only where somebody has to see them: what visitors write, and why times are given up or rules set aside.
WORDS = ("message", "best_time")
REASONS = ("cancel_reason", "override_reason")


def through(relation: str, names: Iterable[str]) -> list[str]:
    """Return the names of columns as a query reaches them by a relation, such as `request__message`."""
    return [f"{relation}__{name}" for name in names]


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

    def with_offers(self) -> Self:
        """Add `is_offer`: whether a held time is held as an offer to somebody on the waiting list."""
        offers = apps.get_model("consultations", "WaitingOffer").objects.filter(
            entry__request=OuterRef("request"), entry__ended_at=None, starts_at=OuterRef("starts_at")
        )
        return self.annotate(is_offer=Exists(offers))

    def wanted_again(self, now: dt.datetime) -> Self:
        """What was given up, lies ahead and fits somebody who waits and was not offered it, unless it was taken anew."""
        waiting = apps.get_model("consultations", "WaitingEntry").objects
        offers = apps.get_model("consultations", "WaitingOffer").objects
        fits = waiting.filter(
            ~Exists(offers.filter(entry=OuterRef("pk"), freed=OuterRef(OuterRef("pk")))),
            ended_at=None,
            joined_at__lte=OuterRef("changed_at"),
            until__gt=OuterRef("starts_at"),
        ).exclude(request=OuterRef("request"))
        # Two NULLs are not equal: phone and video are asked for on their own.
        there = Exists(fits.filter(center=OuterRef("center"))) | Q(Exists(fits.filter(center=None)), center=None)
        anew = apps.get_model("consultations", "Appointment").objects.occupying(now)
        same_time = anew.filter(
            consultant=OuterRef("consultant"),
            busy_from=OuterRef("busy_from"),
            busy_until__gte=OuterRef("busy_until"),
        )
        return self.filter(there, ~Exists(same_time), status__in=GIVEN_UP, busy_from__gt=now)

    def with_clinic_clock(self) -> Self:
        """Add `clinic_time_zone`, so that the clock of each row (`Appointment.zone`) takes no query of its own."""
        return self.annotate(clinic_time_zone=Subquery(ClinicProfile.objects.values("time_zone")[:1]))

    def sealed(self) -> Self:
        """Leave the reasons, which may hold health details, unread."""
        return self.defer(*REASONS)

    def known_zone(self) -> str:
        """Return the zone that the visitor named last, or ""."""
        named = self.exclude(visitor_zone="").order_by("-created_at", "-pk")
        return named.values_list("visitor_zone", flat=True).first() or ""

    def expired_holds(self, now: dt.datetime) -> Self:
        """Holds whose minutes are over."""
        return self.held().filter(hold_expires_at__lte=now)
