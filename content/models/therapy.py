"""Therapies, criteria, findings, and named comparisons."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan
from django.urls import reverse

from content.choices import EvidenceGrade, Illustration, RegulatoryStatus, SourceKind, Tone
from content.fields import RichTextField
from content.models.reference import Reference


def says_something(value: str) -> None:
    """Refuse a value without any letter or digit: a dash is an empty cell, “Not reported” is a finding."""
    if not any(sign.isalnum() for sign in value):
        raise ValidationError("Say it in words; where nothing is known, write “Not reported”.", code="says_nothing")


class TherapyQuerySet(models.QuerySet["Therapy"]):
    """Therapies by what readers may see of them."""

    def shown(self) -> Self:
        """Therapies with a finding under every required criterion, reviewed or not: no risk is passed over in silence."""
        return self.exclude(Exists(Criterion.objects.required().without_finding_of(OuterRef(OuterRef("pk")))))

    def hidden(self) -> Self:
        """The others."""
        return self.filter(Exists(Criterion.objects.required().without_finding_of(OuterRef(OuterRef("pk")))))


class Therapy(models.Model):
    """A treatment approach that the site describes and compares."""

    name = models.CharField(max_length=80, unique=True)
    short_name = models.CharField(max_length=30, help_text="For table heads and links, such as PRP.")
    slug = models.SlugField("address", max_length=60, unique=True)
    summary = models.CharField(max_length=200, help_text="One or two plain sentences; also the page's description.")
    description = RichTextField()
    source_kind = models.CharField("source", max_length=12, choices=SourceKind)
    regulatory_status = models.CharField(max_length=16, choices=RegulatoryStatus)
    regulatory_note = models.CharField(max_length=500, help_text="What the status rests on.")
    regulatory_reference = models.ForeignKey(Reference, models.PROTECT, null=True, blank=True, related_name="+")
    standard_care = models.BooleanField(
        default=False, help_text="The established alternative that every comparison mentions."
    )
    illustration = models.CharField(max_length=30, choices=Illustration, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    objects = TherapyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "therapies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__contains="-vs-"),
                name="content_therapy_slug_without_vs",
                violation_error_message="The slug must not contain -vs-: it separates therapies in a comparison's address.",
            ),
            models.CheckConstraint(
                condition=Q(regulatory_status__in=RegulatoryStatus.values),
                name="content_therapy_regulatory_status_known",
            ),
            models.CheckConstraint(
                condition=Q(source_kind__in=SourceKind.values), name="content_therapy_source_kind_known"
            ),
            models.UniqueConstraint(
                fields=["standard_care"],
                condition=Q(standard_care=True),
                name="content_therapy_one_standard_care",
                violation_error_message="Another therapy already stands for standard care.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("content:therapy", args=[self.slug])


class CriterionQuerySet(models.QuerySet["Criterion"]):
    """Criteria by what is known under them."""

    def required(self) -> Self:
        """Criteria under which every therapy needs a finding."""
        return self.filter(required=True)

    def without_finding_of(self, therapy: int | OuterRef) -> Self:
        """Criteria under which nothing is written of a therapy, given by its id."""
        return self.exclude(Exists(Finding.objects.filter(criterion=OuterRef("pk"), therapy=therapy)))


class Criterion(models.Model):
    """A row of the comparison."""

    slug = models.SlugField("short name", max_length=60, unique=True)
    name = models.CharField(max_length=60, unique=True)
    help = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=100)
    required = models.BooleanField(
        default=False,
        help_text="For risks: a therapy without a finding here is not shown to readers at all.",
    )

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to require a finding that therapies on show do not have: they would vanish."""
        if not self.required:
            return
        filled = Therapy.objects.filter(findings__criterion=self.pk) if self.pk else Therapy.objects.none()
        if empty := Therapy.objects.shown().exclude(pk__in=filled).values_list("short_name", flat=True):
            names = ", ".join(empty)
            raise ValidationError({"required": f"First fill this row for {names}; readers would no longer see them."})


class Finding(models.Model):
    """One cell: what is known of a therapy under a criterion, how sure that is, and when it was last looked at."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="findings")
    value = models.CharField(max_length=80, validators=[says_something])
    note = models.CharField(max_length=240, blank=True)
    tone = models.CharField(max_length=8, choices=Tone, default=Tone.NEUTRAL)
    grade = models.CharField("evidence", max_length=10, choices=EvidenceGrade, default=EvidenceGrade.NOT_GRADED)
    reference = models.ForeignKey(Reference, models.PROTECT, null=True, blank=True, related_name="findings")
    reviewed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["criterion__position", "therapy__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["therapy", "criterion"],
                name="content_finding_one_per_cell",
                violation_error_message="This therapy already has a finding for this criterion.",
            ),
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("value")), 0),
                name="content_finding_value_not_empty",
                violation_error_message="A finding says something; where nothing is known, write “Not reported”.",
            ),
            models.CheckConstraint(condition=Q(tone__in=Tone.values), name="content_finding_tone_known"),
            models.CheckConstraint(condition=Q(grade__in=EvidenceGrade.values), name="content_finding_grade_known"),
        ]

    def __str__(self) -> str:
        return f"{self.therapy} · {self.criterion}: {self.value}"


class Comparison(models.Model):
    """A named table that an article can embed: which therapies and which criteria, never what the cells say."""

    slug = models.SlugField("short name", max_length=60, unique=True)
    title = models.CharField(max_length=120)
    caption = models.CharField(max_length=200)
    therapies = models.ManyToManyField(Therapy, through="ComparisonTherapy", related_name="comparisons")
    criteria = models.ManyToManyField(Criterion, through="ComparisonCriterion", related_name="comparisons")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ComparisonTherapy(models.Model):
    """A column of a named table."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="columns")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "column"
        constraints = [
            models.UniqueConstraint(fields=["comparison", "therapy"], name="content_comparisontherapy_once_per_table")
        ]

    def __str__(self) -> str:
        return str(self.therapy)


class ComparisonCriterion(models.Model):
    """A row of a named table."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="rows")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="table_rows")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "row"
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "criterion"], name="content_comparisoncriterion_once_per_table"
            )
        ]

    def __str__(self) -> str:
        return str(self.criterion)
