"""The clinic's profile (name, phone, texts of every page) and its policies."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from phonenumber_field.modelfields import PhoneNumberField

from content import hours
from content.choices import PolicyKind
from content.fields import MailAddressField, RichTextField
from content.models.center import validate_time_zone


class ClinicProfile(models.Model):
    """Name, phone and texts that stand on every page; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=30)
    tagline = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=120)
    phone = PhoneNumberField()
    email = MailAddressField()
    address = models.CharField(max_length=200)
    banner_text = models.CharField(
        max_length=160, help_text="The call on top of pages; phone and number of centers are added."
    )
    hours_text = models.CharField(max_length=120)
    disclaimer = models.TextField(help_text="Stands under every article, therapy and comparison.")
    emergency_text = models.CharField(max_length=400)
    consultation_text = models.CharField(max_length=400, help_text="What a free consultation is.")
    about = RichTextField()
    response_promise = models.CharField(max_length=80, help_text="When a visitor hears back, in words.")
    response_hours = models.PositiveSmallIntegerField(
        default=8, help_text="The same in business hours, for the deadline."
    )
    claim_minutes = models.PositiveSmallIntegerField(
        "time for a first attempt",
        default=60,
        help_text="Minutes after which a request goes back to everybody where whoever took it has not tried to reach the visitor.",
    )
    waiting_pauses = models.BooleanField(
        "the promised time pauses while we wait for the visitor",
        default=True,
        help_text="Until the date of that step, or until the visitor or staff do something else.",
    )
    time_zone = models.CharField(max_length=40, validators=[validate_time_zone])
    hours = models.CharField(max_length=120, help_text="Business hours such as Mo-Fr 09:00-18:00, in the zone above.")
    discreet_mail = models.BooleanField(
        default=True,
        help_text="Mails to visitors carry the short name only and speak of a message, not of a consultation: "
        "others may see the screen on which they arrive.",
    )
    review_grace_months = models.PositiveSmallIntegerField(
        default=6,
        help_text="Months after which a page whose review is overdue no longer asks readers to talk to us. 0: from the first day.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "clinic profile"
        constraints = [
            models.CheckConstraint(
                condition=Q(review_grace_months__lte=60),
                name="content_clinicprofile_review_grace_plausible",
                violation_error_message="Five years, 60 months, is the most.",
            ),
            models.CheckConstraint(condition=Q(id=1), name="content_clinicprofile_single"),
            models.CheckConstraint(
                condition=Q(response_hours__range=(1, 200)),
                name="content_clinicprofile_response_hours_plausible",
                violation_error_message="Promise an answer within 1 to 200 business hours.",
            ),
            models.CheckConstraint(
                condition=Q(claim_minutes__range=(5, 10080)),
                name="content_clinicprofile_claim_minutes_plausible",
                violation_error_message="Give between 5 minutes and a week for a first attempt.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse business hours that cannot be read: every deadline is counted in them.

        Raises:
            ValidationError: with what is wrong.
        """
        try:
            hours.parse(self.hours)
        except ValueError as error:
            raise ValidationError({"hours": f"These hours cannot be read: {error}."}) from None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone of its business hours."""
        return zoneinfo.ZoneInfo(self.time_zone)


class Policy(models.Model):
    """A text of the clinic about itself, such as its privacy notice, on a page of its own."""

    kind = models.CharField(max_length=24, choices=PolicyKind, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=160)
    version = models.CharField(max_length=12)
    effective_on = models.DateField()
    body = RichTextField(headings_named=True)

    class Meta:
        ordering = ["kind"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse(f"content:{self.kind}")
