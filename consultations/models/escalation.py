"""Who is told by mail of overdue answers and of what a working day begins with, and those mails."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from consultations.models.place import Viewer, at_places_of
from consultations.models.request import ConsultationRequest
from consultations.statuses import EscalationKind
from content.models import Center
from content.models.desk import AccountMail, AccountMailQuerySet

# No center has this key: two rows without a center are alike to a unique key.
HERE = Coalesce(F("center"), Value(0))


class EscalationRuleQuerySet(models.QuerySet["EscalationRule"]):
    """Rules as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Those of the user's places."""
        return self.filter(at_places_of(user, "center"))


class EscalationRule(models.Model):
    """Who of a center is told what. A center without a rule tells all its managers of both."""

    center = models.OneToOneField(
        Center,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="escalation_rule",
        help_text="Empty: requests without a center.",
    )
    tell_overdue = models.BooleanField("tell of each overdue answer", default=True)
    tell_daily = models.BooleanField("tell at the start of the working day what waits", default=True)
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Empty, or where none of these may see the center any more: all its managers.",
    )

    objects = EscalationRuleQuerySet.as_manager()

    class Meta:
        ordering = ["center__name", "id"]
        verbose_name = "rule for who is told"
        verbose_name_plural = "rules for who is told"
        constraints = [
            models.UniqueConstraint(
                HERE,
                name="consultations_escalationrule_once",
                violation_error_message="There is a rule for this center.",
            )
        ]

    def __str__(self) -> str:
        return str(self.center or "Requests without a center")


class EscalationMail(AccountMail):
    """A reference or numbers with a link, no words of a visitor. Who may still get it is asked when it leaves.

    An account is told of a request once for each deadline, and of a center once a day.
    """

    kind = models.CharField(max_length=8, choices=EscalationKind)
    request = models.ForeignKey(
        ConsultationRequest, models.CASCADE, null=True, blank=True, related_name="escalation_mails"
    )
    deadline = models.DateTimeField(null=True, blank=True, help_text="Of the answer that is overdue.")
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+")
    day = models.DateField(null=True, blank=True, help_text="The working day, on the center's clock.")

    objects = AccountMailQuerySet["EscalationMail"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="consultations_escalation_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "deadline", "account"], name="consultations_escalationmail_once_per_deadline"
            ),
            models.UniqueConstraint(
                HERE,
                "day",
                "account",
                condition=Q(day__isnull=False),
                name="consultations_escalationmail_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=EscalationKind.OVERDUE, request__isnull=False, deadline__isnull=False, center=None, day=None
                )
                | Q(kind=EscalationKind.DAILY, request=None, deadline=None, day__isnull=False),
                name="consultations_escalationmail_of_request_or_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
