"""Appointments: held, pending, confirmed and past; with the constraints on them."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from consultations.clocks import leading, wording
from consultations.models.fields import REASONS, EncryptedTextField
from consultations.models.place import OfRequestQuerySet
from consultations.models.request import ConsultationRequest
from consultations.models.schedule import AppointmentType, Consultant
from consultations.models.time_cell import cells_between
from consultations.statuses import ACTIVE, EXPIRING, GIVEN_UP, OCCUPYING, AppointmentStatus, Channel
from content.models import Center, ClinicProfile


def new_uid() -> str:
    """Return a fresh identity for a calendar entry."""
    return uuid.uuid4().hex


class AppointmentQuerySet(OfRequestQuerySet["Appointment"]):
    """Appointments as the verbs, the private page and the desk ask for them."""

    def active(self) -> Self:
        """What is agreed with a visitor and has no outcome yet."""
        return self.filter(status__in=ACTIVE)

    def upcoming(self, now: dt.datetime) -> Self:
        """Active appointments that have not ended."""
        return self.active().filter(ends_at__gt=now)

    def occupying(self, now: dt.datetime) -> Self:
        """What takes a consultant's time; holds that ran out do not."""
        return self.filter(status__in=OCCUPYING).exclude(status__in=EXPIRING, hold_expires_at__lte=now)

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
            request__email_confirmed_at__isnull=False,
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

    def unconfirmed(self) -> Self:
        """Times that wait for their visitor to confirm the address or number."""
        return self.filter(status=AppointmentStatus.UNCONFIRMED)

    def expired(self, now: dt.datetime) -> Self:
        """Holds and unconfirmed bookings whose time is over."""
        return self.filter(status__in=EXPIRING, hold_expires_at__lte=now)

    def unproved(self, now: dt.datetime) -> Self:
        """Times that visitors take up whose contact nobody has confirmed: held or booked, and not over."""
        return self.filter(
            status__in=EXPIRING,
            hold_expires_at__gt=now,
            request__email_confirmed_at=None,
            request__phone_confirmed_at=None,
        )


class Appointment(models.Model):
    """A time that is held, booked, or was once; written by the verbs in booking/appointments.py only.

    Moving makes a new row that names the old one. All rows of such a chain share `uid`, and `sequence` rises with every
    change that a calendar has to learn of (RFC 5545).
    """

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="appointments")
    consultant = models.ForeignKey(Consultant, models.PROTECT, related_name="appointments")
    appointment_type = models.ForeignKey(AppointmentType, models.PROTECT, related_name="appointments")
    center = models.ForeignKey(Center, models.PROTECT, null=True, blank=True, related_name="appointments")
    channel = models.CharField(max_length=10, choices=Channel)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField(help_text="The start with what is kept free before it.")
    busy_until = models.DateTimeField(help_text="The end with what is kept free after it.")
    cutoff_minutes = models.PositiveIntegerField(
        help_text="Closer to the start than this, the visitor calls us to move or cancel: as it was when they were told."
    )
    status = models.CharField(max_length=12, choices=AppointmentStatus)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    uid = models.CharField(max_length=32, default=new_uid, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    moved_from = models.OneToOneField("self", models.RESTRICT, null=True, blank=True, related_name="moved_to")
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the visitor.",
    )
    # Reasons may hold health details.
    cancel_reason = EncryptedTextField(blank=True)
    overridden = models.BooleanField(default=False)
    override_reason = EncryptedTextField(blank=True, help_text="Why the rules were set aside.")
    assignment_reason = models.CharField(max_length=300, blank=True, help_text="Why this consultant.")
    visitor_zone = models.CharField(max_length=40, blank=True, help_text="The time zone the visitor saw.")
    # By this the desk finds them among all others. A trigger sets it (migration 0008), and nothing takes it back.
    elsewhere = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="At a center that the request does not name, or did not at one time.",
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            # For the list, and for the box of those to confirm.
            models.Index(fields=["starts_at", "id"], name="consultations_appt_starts"),
            # For the numbers: visits and no-shows, and how much of what was offered was booked.
            models.Index(
                fields=["starts_at", "status", "center", "ends_at", "request"], name="consultations_appt_numbers"
            ),
            # The same, and the list, of one center.
            models.Index(
                fields=["center", "starts_at", "id", "status", "ends_at", "request"], name="consultations_appt_center"
            ),
            models.Index(fields=["status", "starts_at", "id"], name="consultations_appt_status"),
            models.Index(
                fields=["center", "request", "status"], condition=Q(elsewhere=True), name="consultations_appt_elsewhere"
            ),
            models.Index(fields=["busy_from"], name="consultations_appt_busy"),
            models.Index(fields=["consultant", "busy_from"], name="consultations_appt_diary"),
            models.Index(
                fields=["hold_expires_at"], condition=Q(status__in=sorted(EXPIRING)), name="consultations_appt_holds"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AppointmentStatus.values), name="consultations_appointment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_appointment_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="consultations_appointment_ends_after_it_starts",
                violation_error_message="An appointment must end later than it starts.",
            ),
            models.CheckConstraint(
                condition=Q(busy_from__lte=F("starts_at"), busy_until__gte=F("ends_at")),
                name="consultations_appointment_busy_covers_visit",
                violation_error_message="What is kept free must cover the visit itself.",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.IN_PERSON, center__isnull=False)
                | (~Q(channel=Channel.IN_PERSON) & Q(center__isnull=True)),
                name="consultations_appointment_place_fits_channel",
                violation_error_message="A visit is at a center; a call by phone or video is not.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(EXPIRING), hold_expires_at__isnull=False)
                | (~Q(status__in=sorted(EXPIRING)) & Q(hold_expires_at__isnull=True)),
                name="consultations_appointment_only_holds_expire",
                violation_error_message="A held or unconfirmed time ends by itself; a booked one does not.",
            ),
            models.CheckConstraint(
                # By its length: sealed text compares with nothing, and only empty text stays empty.
                condition=Q(overridden=False)
                | (Q(GreaterThan(Length("override_reason"), 0)) & Q(booked_by__isnull=False)),
                name="consultations_appointment_override_explained",
                violation_error_message="Say who set the rules aside, and why.",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=sorted(ACTIVE)),
                name="consultations_appointment_one_active_per_request",
                violation_error_message="This request already has an appointment.",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status=AppointmentStatus.HELD),
                name="consultations_appointment_one_hold_per_request",
                violation_error_message="This request already holds a time.",
            ),
            models.UniqueConstraint(
                fields=["uid", "sequence"],
                name="consultations_appointment_sequence_once",
                violation_error_message="A calendar entry has each sequence number once.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC, {self.get_status_display()}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The clock that leads: see leading.py. Where many are shown, read them `with_clinic_clock`."""
        return leading.clock(self.center, wording.zone_named(self.visitor_zone), self._usual_clock)

    @property
    def in_words(self) -> str:
        """When, with whom and where, for staff: `Tue 17 Nov 2026, 09:30 EST (14:30 UTC) with Ana at Boston`.

        UTC's date is said where it is another one.
        """
        zone, utc = self.zone, self.starts_at.astimezone(dt.UTC)
        local = utc.astimezone(zone)
        date = "" if local.date() == utc.date() else f"{wording.day(utc, wording.UTC)}, "
        beside = "" if zone.key == "UTC" else f" ({date}{utc:%H:%M} UTC)"
        where = f"at {self.center}" if self.center else Channel(self.channel).label.lower()
        return f"{wording.short(utc, zone)} {local:%Z}{beside} with {self.consultant} {where}"

    @property
    def minutes(self) -> int:
        """How long the visit itself takes."""
        return round((self.ends_at - self.starts_at) / dt.timedelta(minutes=1))

    @property
    def changes_end(self) -> dt.datetime:
        """Until when the visitor may move or cancel it without calling."""
        return self.starts_at - dt.timedelta(minutes=self.cutoff_minutes)

    def is_changeable(self, now: dt.datetime) -> bool:
        """Return whether the visitor may still move or cancel it without calling."""
        return self.status in ACTIVE and now < self.starts_at and now <= self.changes_end

    @property
    def cells(self) -> range:
        """The numbers of the cells that visit and buffers cover."""
        return cells_between(self.busy_from, self.busy_until)

    def _usual_clock(self) -> zoneinfo.ZoneInfo:
        asked = self.request.center
        known: str | None = getattr(self, "clinic_time_zone", None)
        if asked is None and known is None:
            known = ClinicProfile.objects.values_list("time_zone", flat=True).first()
        return leading.usual_clock(asked, known)
