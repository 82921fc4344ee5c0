"""Claim rules: what no text may claim, editable by who may, with every version kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from content.choices import EvidenceGrade, RegulatoryStatus
from content.claims.checking import class_names
from content.claims.patterns import PatternError, compile_lines
from content.claims.rules import Family, FieldKind, Hedged, Rule, Severity, Stance
from content.models.version import ContentVersion
from content.models.written_once import WrittenOnce

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def validate_patterns(text: str) -> None:
    """Refuse patterns that cannot be used, with a sentence that says which and why."""
    try:
        compile_lines(text, class_names())
    except PatternError as error:
        raise ValidationError(str(error), code="pattern") from error


def names_in(text: str) -> frozenset[str]:
    """Return the names of a list that is kept on one line, separated by commas."""
    return frozenset(name for part in text.split(",") if (name := part.strip()))


def validate_stances(text: str) -> None:
    """Refuse a stance that there is not."""
    _validate_names(text, Stance.values)


def validate_statuses(text: str) -> None:
    """Refuse a regulatory status that there is not."""
    _validate_names(text, RegulatoryStatus.values)


def validate_field_kinds(text: str) -> None:
    """Refuse a kind of field that there is not."""
    _validate_names(text, FieldKind.values)


def validate_grades(text: str) -> None:
    """Refuse an evidence grade that there is not."""
    _validate_names(text, EvidenceGrade.values)


def _validate_names(text: str, known: list[str]) -> None:
    unknown = sorted(names_in(text) - set(known))
    if unknown:
        raise ValidationError(
            "%(name)s is not known here; known are %(known)s.",
            params={"name": unknown[0], "known": ", ".join(known)},
            code="unknown",
        )


class ClaimRuleQuerySet(models.QuerySet["ClaimRule"]):
    """Rules as the claim check asks for them."""

    def active(self) -> Self:
        """Rules that are in force."""
        return self.filter(active=True)


class ClaimRule(models.Model):
    """A claim that may not be made. docs/claims.md explains the language of its patterns."""

    slug = models.SlugField("short name", max_length=60, unique=True)
    name = models.CharField(max_length=100, help_text="What the sentence does, such as: Says that a disease is cured.")
    family = models.CharField(max_length=12, choices=Family)
    severity = models.CharField(max_length=5, choices=Severity, default=Severity.BLOCK)
    hedged = models.CharField(
        "with “may” or “might”",
        max_length=7,
        choices=Hedged,
        default=Hedged.WARN,
        help_text="What a finding becomes where the sentence says “may”, “might” or the like.",
    )
    patterns = models.TextField(
        validators=[validate_patterns],
        help_text="One a line: words, word*, verb+ (all its forms), one|other, {class}, # (a number), … as three dots.",
    )
    unless = models.TextField(
        blank=True,
        validators=[validate_patterns],
        help_text="Patterns that make a sentence harmless when they stand in it too.",
    )

    despite = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_stances],
        help_text="What does not excuse it: negated, told, warned, asked, studied, advised, conventional.",
    )
    spared = models.CharField(
        "may be said of",
        max_length=200,
        blank=True,
        validators=[validate_statuses],
        help_text="Regulatory statuses of a therapy for which it is true.",
    )
    therapies = models.CharField(
        max_length=500, blank=True, help_text="Slugs of the therapies it is limited to. Empty: all."
    )
    fields = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_field_kinds],
        help_text="Kinds of fields it is limited to. Empty: all.",
    )
    grades = models.CharField(
        "evidence grades",
        max_length=200,
        blank=True,
        validators=[validate_grades],
        help_text="Grades it is limited to. Empty: all.",
    )
    reason = models.CharField(max_length=300, help_text="Why not, in a sentence that an editor understands.")
    wording = models.CharField("better wording", max_length=300, blank=True)
    source = models.CharField(max_length=300, help_text="Law, regulation or guidance that it rests on.")
    active = models.BooleanField(default=True, help_text="Rules are switched off, not deleted, so that history stays.")
    version = models.PositiveIntegerField(default=0, editable=False)
    # Who changes it; set by who calls `save`, and kept in the version.
    changed_by: User | None = None

    objects = ClaimRuleQuerySet.as_manager()

    class Meta:
        ordering = ["family", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(family__in=Family.values), name="content_claimrule_family_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="content_claimrule_severity_known"),
            models.CheckConstraint(condition=Q(hedged__in=Hedged.values), name="content_claimrule_hedged_known"),
            models.CheckConstraint(
                condition=~Q(patterns=""),
                name="content_claimrule_has_pattern",
                violation_error_message="Write at least one pattern.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep what changed as a new version; `changed_by` says who did it, nobody: a command."""
        with transaction.atomic():
            ContentVersion.lock()
            before = None if self._state.adding else ClaimRule.objects.filter(pk=self.pk).first()
            if before is not None and before.state() == self.state():
                return
            self.version = (before.version if before else 0) + 1
            super().save(*args, **{name: value for name, value in kwargs.items() if name != "update_fields"})
            ClaimRuleVersion.objects.create(
                rule=self, number=self.version, by=self.changed_by, at=timezone.now(), state=self.state()
            )

    def state(self) -> dict[str, Any]:
        """Return everything a version keeps."""
        columns = self._meta.concrete_fields
        return {
            column.name: getattr(self, column.attname) for column in columns if column.name not in {"id", "version"}
        }

    def as_rule(self) -> Rule:
        """Return the rule as the claim check takes it."""
        texts = "slug name family patterns reason wording source severity hedged unless".split()
        lists = "despite spared therapies fields grades".split()
        values: dict[str, Any] = {name: getattr(self, name) for name in texts}
        return Rule(**values | {name: names_in(getattr(self, name)) for name in lists})


class ClaimRuleVersion(WrittenOnce):
    """One state of a rule, written once. `by` is empty for what a command loaded."""

    rule = models.ForeignKey(ClaimRule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="content_claimruleversion_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.rule}"
