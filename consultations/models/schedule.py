"""Consultants, weekly hours, date exceptions, leave and appointment types.

Every time of day here is local: of the center it belongs to, or of the consultant for phone and video.
"""

from __future__ import annotations

import zoneinfo
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import Exact

from consultations.models.place import PlaceRight, Viewer, at_places_of
from consultations.statuses import Channel, PlaceScope
from content import hours
from content.choices import Weekday
from content.fields import PAST_MIDNIGHT, WRONG_END, EndTimeField, ends_in_order
from content.models.center import Center, validate_time_zone

# Times and lengths are whole cells, so that cells can say exactly what is taken.
CELL_MINUTES = 5
ON_THE_GRID = range(0, 60, CELL_MINUTES)
NO_CENTER = "Empty: by phone and video."


def validate_on_grid(value: int) -> None:
    """Refuse a length that is not made of whole cells."""
    if value % CELL_MINUTES:
        raise ValidationError("Give a multiple of 5 minutes.")


def on_grid(*fields: str) -> Q:
    """Return the condition that these times of day are empty or multiples of five minutes."""
    rule = Q()
    for field in fields:
        rule &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__minute__in": ON_THE_GRID, f"{field}__second": 0})
    return rule


class ConsultantQuerySet(models.QuerySet["Consultant"]):
    """Consultants as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Those who work at one of the user's centers; those who work at none, for whoever has any place."""
        if user.is_superuser:
            return self.all()
        posts = Consultant.centers.through.objects
        here = posts.filter(at_places_of(user, "center")).values("consultant")
        anywhere = Exists(posts.filter(consultant=OuterRef("pk")))
        return self.filter(Q(pk__in=here) | Q(~anywhere, Exists(PlaceRight.objects.of(user))))

    def changeable_by(self, user: Viewer) -> Self:
        """Those all of whose centers are the user's; those who work at none are changed with what has no center."""
        if user.is_superuser:
            return self.all()
        posts = Consultant.centers.through.objects.filter(consultant=OuterRef("pk"))
        pool = PlaceRight.objects.of(user).filter(scope=PlaceScope.POOL)
        return self.filter(~Exists(posts.exclude(at_places_of(user, "center"))), Q(Exists(posts)) | Q(Exists(pool)))


class Consultant(models.Model):
    """A member of staff who takes consultations."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consultant")
    public_name = models.CharField(max_length=60, help_text="The first name that visitors are told.")
    time_zone = models.CharField(
        max_length=40,
        validators=[validate_time_zone],
        help_text="Of the hours for phone and video, such as Europe/Paris.",
    )
    centers = models.ManyToManyField(Center, blank=True, related_name="consultants")
    active = models.BooleanField(default=True, help_text="Off: no new times are offered; what is booked stays.")
    daily_cap = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Most visits on one day; empty: no limit."
    )

    objects = ConsultantQuerySet.as_manager()

    class Meta:
        ordering = ["public_name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(public_name=""), name="consultations_consultant_has_name"),
            models.CheckConstraint(condition=~Q(time_zone=""), name="consultations_consultant_has_time_zone"),
            models.CheckConstraint(
                condition=Q(daily_cap__isnull=True) | Q(daily_cap__gte=1),
                name="consultations_consultant_daily_cap_positive",
                violation_error_message="The most visits on one day must be at least 1, or empty for no limit.",
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone of the hours for phone and video."""
        return zoneinfo.ZoneInfo(self.time_zone)


class AppointmentType(models.Model):
    """A kind of consultation with the rules for booking it. Changing one changes no appointment that is already made."""

    slug = models.SlugField("name in links", max_length=60, unique=True)
    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=Channel)
    minutes = models.PositiveSmallIntegerField(validators=[validate_on_grid], help_text="How long it takes.")
    interval_minutes = models.PositiveSmallIntegerField(
        validators=[validate_on_grid], help_text="A start is offered every so many minutes, from when the hours begin."
    )
    buffer_before = models.PositiveSmallIntegerField(
        default=0,
        validators=[validate_on_grid],
        help_text="Minutes kept free before; nothing else may reach into them.",
    )
    buffer_after = models.PositiveSmallIntegerField(default=0, validators=[validate_on_grid])
    notice_minutes = models.PositiveIntegerField(
        default=24 * 60, help_text="Visitors book no later than this before the start."
    )
    window_days = models.PositiveSmallIntegerField(default=60, help_text="How many days ahead can be booked.")
    daily_cap = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Most visits of this kind that one consultant has on one day; empty: no limit.",
    )
    cutoff_minutes = models.PositiveIntegerField(
        default=24 * 60, help_text="Closer to the start than this, visitors call us to move or cancel."
    )
    needs_confirmation = models.BooleanField(
        default=False, help_text="The time is theirs once a member of staff confirms it."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_appointmenttype_channel_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="consultations_appointmenttype_has_name"),
            models.CheckConstraint(
                condition=Q(minutes__range=(CELL_MINUTES, 8 * 60))
                & Q(interval_minutes__range=(CELL_MINUTES, 24 * 60))
                & Q(buffer_before__range=(0, 4 * 60), buffer_after__range=(0, 4 * 60)),
                name="consultations_appointmenttype_lengths_plausible",
                violation_error_message="A visit takes 5 minutes to 8 hours, with at most 4 hours kept free around it.",
            ),
            *(
                models.CheckConstraint(
                    condition=Exact(F(field) % CELL_MINUTES, 0),
                    name=f"consultations_appointmenttype_{field}_on_grid",
                    violation_error_message="Lengths must be multiples of 5 minutes.",
                )
                for field in ("minutes", "interval_minutes", "buffer_before", "buffer_after")
            ),
            models.CheckConstraint(
                condition=Q(window_days__range=(1, 730)),
                name="consultations_appointmenttype_window_plausible",
                violation_error_message="Times can be booked between 1 and 730 days ahead.",
            ),
            models.CheckConstraint(
                condition=Q(daily_cap__isnull=True) | Q(daily_cap__gte=1),
                name="consultations_appointmenttype_daily_cap_positive",
                violation_error_message="The most visits on one day must be at least 1, or empty for no limit.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkingPeriod(models.Model):
    """Weekly hours of a consultant; several a day leave a break between them, and a visit fits into one of them, or several that touch."""

    consultant = models.ForeignKey(Consultant, models.CASCADE, related_name="working_periods")
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+", help_text=NO_CENTER)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts = models.TimeField()
    ends = EndTimeField(help_text=PAST_MIDNIGHT)
    valid_from = models.DateField(null=True, blank=True, help_text="First day; empty: from ever.")
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; empty: for ever.")

    class Meta:
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=ends_in_order("starts", "ends"),
                name="consultations_workingperiod_ends_after_it_starts",
                violation_error_message=WRONG_END,
            ),
            models.CheckConstraint(
                condition=on_grid("starts", "ends"),
                name="consultations_workingperiod_on_grid",
                violation_error_message="Hours start and end on multiples of 5 minutes.",
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)), name="consultations_workingperiod_weekday_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="consultations_workingperiod_valid_in_order",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {hours.format_span(self.starts, self.ends)}"


class DateException(models.Model):
    """Other hours on one date, instead of the weekly ones: closed, or a period; several rows make several periods."""

    consultant = models.ForeignKey(Consultant, models.CASCADE, related_name="date_exceptions")
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+", help_text=NO_CENTER)
    date = models.DateField()
    closed = models.BooleanField(default=False)
    starts = models.TimeField(null=True, blank=True)
    ends = EndTimeField(null=True, blank=True, help_text=PAST_MIDNIGHT)  # type: ignore[misc]  # null for a closed day

    class Meta:
        ordering = ["date", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=True, starts__isnull=True, ends__isnull=True)
                | Q(closed=False, starts__isnull=False, ends__isnull=False) & ends_in_order("starts", "ends"),
                name="consultations_dateexception_closed_or_hours",
                violation_error_message=f"Either tick closed, or give hours. {WRONG_END}",
            ),
            models.CheckConstraint(
                condition=on_grid("starts", "ends"),
                name="consultations_dateexception_on_grid",
                violation_error_message="Hours start and end on multiples of 5 minutes.",
            ),
        ]

    def __str__(self) -> str:
        if self.closed or self.starts is None or self.ends is None:
            return f"{self.date:%d %b %Y}: closed"
        return f"{self.date:%d %b %Y}: {hours.format_span(self.starts, self.ends)}"


class Leave(models.Model):
    """A time in which a consultant takes no visits anywhere; appointments made before stay and are looked after by staff."""

    consultant = models.ForeignKey(Consultant, models.CASCADE, related_name="leaves")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="consultations_leave_ends_after_it_starts",
                violation_error_message="The leave must end later than it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%Y-%m-%d %H:%M} UTC"
