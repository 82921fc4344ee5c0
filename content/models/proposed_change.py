"""Changes of public words that wait for a reviewer, and what was done with them."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from content.choices import ChangeEventKind, ChangeKind, ChangeState
from content.models.written_once import WrittenOnce

OPEN_CHANGES = [ChangeState.PROPOSED, ChangeState.SENT_BACK]
WROTE = [ChangeEventKind.PROPOSED, ChangeEventKind.REVISED]


class ProposedChangeQuerySet(models.QuerySet["ProposedChange"]):
    """Proposed changes by where they stand and what they are of."""

    def open(self) -> Self:
        """What is neither approved nor withdrawn."""
        return self.filter(state__in=OPEN_CHANGES)

    def written_by(self, user: Any) -> Self:
        """What holds words of somebody's; agrees with `ProposedChange.was_written_by`."""
        wrote = ProposedChangeEvent.objects.filter(by=user, what__in=WROTE)
        return self.filter(pk__in=wrote.values("change"))

    def of(self, row: models.Model) -> Self:
        """What was proposed for a row; countries, which go by their code, need no reviewer."""
        if not isinstance(row.pk, int):
            return self.none()
        return self.filter(model=row._meta.model_name, row_id=row.pk)  # noqa: SLF001  documented


class ProposedChange(models.Model):
    """A change of one row that readers do not see until somebody other than its author approves it.

    `before` and `after` hold the values of the changed fields as JSON has them, by field: what was public when the change was
    proposed, and what is to be. Only the verbs of content/publishing/changes.py write; `version` rises with each.
    """

    kind = models.CharField(max_length=6, choices=ChangeKind)
    model = models.CharField(max_length=40)
    row_id = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Empty for a new row until it is approved."
    )
    title = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(help_text="In UTC. When it was proposed last.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="In UTC.")

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "pk"]
        verbose_name = "change waiting for a reviewer"
        verbose_name_plural = "changes waiting for a reviewer"
        indexes = [models.Index(fields=["model", "row_id"], name="content_proposedchange_row")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind), name="content_proposedchange_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ChangeState), name="content_proposedchange_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.APPROVED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="content_proposedchange_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.APPROVED) | ~Q(decided_by=F("proposed_by")),
                name="content_proposedchange_approver_is_not_author",
                violation_error_message="Nobody approves their own words.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.ADD) | Q(row_id__isnull=False), name="content_proposedchange_names_its_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.kind_of_row} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of its page in the admin."""
        return reverse("admin:content_proposedchange_change", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is neither approved nor withdrawn; agrees with `ProposedChangeQuerySet.open`."""
        return self.state in OPEN_CHANGES

    def was_written_by(self, user: Any) -> bool:
        """Whether some of its words are theirs."""
        return self.events.filter(by=user, what__in=WROTE).exists()

    @property
    def model_class(self) -> type[models.Model]:
        """What it is a row of."""
        return apps.get_model("content", self.model)

    @property
    def kind_of_row(self) -> str:
        """What a row of that is called."""
        return str(self.model_class._meta.verbose_name)  # noqa: SLF001  documented


class ProposedChangeEvent(WrittenOnce):
    """What somebody did with a proposed change; `after` is what it said then."""

    change = models.ForeignKey(ProposedChange, models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=ChangeEventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=ChangeEventKind), name="content_proposedchangeevent_what_known"
            ),
            models.CheckConstraint(
                condition=~Q(what=ChangeEventKind.SENT_BACK) | ~Q(words=""),
                name="content_proposedchangeevent_sent_back_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M} UTC"
