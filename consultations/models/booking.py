"""Booked times, and the cells that make sure that a consultant's time is given once."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from consultations import leading, when
from consultations.fields import EncryptedTextField
from consultations.models.request import ConsultationRequest
from consultations.models.schedule import CELL_MINUTES, Consultant, VisitType
from consultations.querysets import AppointmentQuerySet
from consultations.statuses import ACTIVE, AppointmentStatus, Channel
from content.models import Center, ClinicProfile

CELL_SECONDS = CELL_MINUTES * 60


def new_uid() -> str:
    """Return a fresh identity for a calendar entry."""
    return uuid.uuid4().hex


class Appointment(models.Model):
    """A time that is held, booked, or was once; written by the verbs in booking.py only.

    Moving makes a new row that names the old one. All rows of such a chain share `uid`, and `sequence` rises with every
    change that a calendar has to learn of (RFC 5545).
    """

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="appointments")
    consultant = models.ForeignKey(Consultant, models.PROTECT, related_name="appointments")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, related_name="appointments")
    center = models.ForeignKey(Center, models.PROTECT, null=True, blank=True, related_name="appointments")
    channel = models.CharField(max_length=10, choices=Channel)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField(help_text="The start with what is kept free before it.")
    busy_until = models.DateTimeField(help_text="The end with what is kept free after it.")
    cutoff_minutes = models.PositiveIntegerField(
        help_text="Closer to the start than this, the visitor calls us to move or cancel: as it was when they were told."
    )
    status = models.CharField(max_length=10, choices=AppointmentStatus)
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
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["busy_from"], name="consultations_appt_busy"),
            models.Index(fields=["consultant", "busy_from"], name="consultations_appt_diary"),
            models.Index(
                fields=["hold_expires_at"], condition=Q(status=AppointmentStatus.HELD), name="consultations_appt_holds"
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
                condition=Q(status=AppointmentStatus.HELD, hold_expires_at__isnull=False)
                | (~Q(status=AppointmentStatus.HELD) & Q(hold_expires_at__isnull=True)),
                name="consultations_appointment_only_holds_expire",
                violation_error_message="A held time ends by itself; a booked one does not.",
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
        return leading.clock(self.center, when.zone_named(self.visitor_zone), self._usual_clock)

    @property
    def in_words(self) -> str:
        """When, with whom and where, for staff: `Tue 17 Nov 2026, 09:30 EST (14:30 UTC) with Ana at Boston`."""
        zone, utc = self.zone, self.starts_at.astimezone(dt.UTC)
        where = f"at {self.center}" if self.center else Channel(self.channel).label.lower()
        return f"{when.short(utc, zone)} {utc.astimezone(zone):%Z} ({utc:%H:%M} UTC) with {self.consultant} {where}"

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


class TimeCell(models.Model):
    """Five minutes of a consultant's time that are taken. Its unique key is the promise that nobody else has them.

    A cell is a number and no timestamp: an instant then has one spelling, also for SQLite, which keeps times as text.
    """

    consultant = models.ForeignKey(Consultant, models.PROTECT, related_name="+")
    cell = models.PositiveIntegerField(help_text="Five-minute steps since the beginning of 1970, UTC.")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="time_cells")

    class Meta:
        ordering = ["consultant", "cell"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultant", "cell"],
                name="consultations_timecell_taken_once",
                violation_error_message="This time is already taken.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def starts_at(self) -> dt.datetime:
        """When the five minutes begin (UTC)."""
        return dt.datetime.fromtimestamp(self.cell * CELL_SECONDS, tz=dt.UTC)


def cells_between(start: dt.datetime, end: dt.datetime) -> range:
    """Return the numbers of the cells from `start` to `end`.

    Raises:
        ValueError: when one of the two is not on the grid, because then cells could not say exactly what is taken.
    """
    first, rest = divmod(int(start.timestamp()), CELL_SECONDS)
    last, rest_of_end = divmod(int(end.timestamp()), CELL_SECONDS)
    if rest or rest_of_end or start.microsecond or end.microsecond:
        raise ValueError("an appointment starts and ends on multiples of 5 minutes")
    return range(first, last)
