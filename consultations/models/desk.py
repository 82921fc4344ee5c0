"""What the desk keeps for its own work: rules for calls, saved views, who is looking at a request now."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from consultations.models.place import Viewer, sharing_a_place_with
from consultations.models.request import ConsultationRequest
from consultations.statuses import CallOutcome


class CallRule(models.Model):
    """What follows a call: when to do the next thing, and whether the call counts as our answer.

    A rule counts from its attempt on, until the next one of the same outcome. Attempts are calls in a row in which nobody
    was reached. `wait_hours` are business hours of the request's center; empty is the next morning.
    """

    outcome = models.CharField(max_length=10, choices=CallOutcome)
    attempt = models.PositiveSmallIntegerField("from attempt", default=1)
    wait_hours = models.PositiveSmallIntegerField(
        "wait",
        null=True,
        blank=True,
        help_text="Business hours until the next step; empty: the next morning, half an hour after opening.",
    )
    is_answer = models.BooleanField(
        "is our answer",
        default=False,
        help_text="Whether the promised response time stops. Reaching somebody always does.",
    )

    class Meta:
        ordering = ["outcome", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "attempt"], name="consultations_callrule_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=CallOutcome.values), name="consultations_callrule_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(attempt__range=(1, 50)),
                name="consultations_callrule_attempt_plausible",
                violation_error_message="Count attempts from 1 to 50.",
            ),
            models.CheckConstraint(
                condition=Q(wait_hours__isnull=True) | Q(wait_hours__range=(1, 200)),
                name="consultations_callrule_wait_plausible",
                violation_error_message="Wait 1 to 200 business hours, or leave it empty for the next morning.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CallOutcome.REACHED) | Q(is_answer=True),
                name="consultations_callrule_reaching_is_an_answer",
                violation_error_message="Reaching somebody is always our answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, from attempt {self.attempt}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Return the user's own, and those that colleagues at the user's places share."""
        if user.is_superuser:
            return self.filter(Q(owner=user.pk) | Q(shared=True))
        return self.filter(
            Q(owner=user.pk) | Q(shared=True, owner__in=User.objects.filter(sharing_a_place_with(user)).values("pk"))
        )


class SavedView(models.Model):
    """A list of requests that somebody looks at again and again: its filters by name, never its rows.

    Whoever opens it sees those of the requests that they may see.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", editable=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, editable=False, help_text="The filters as they stand in the address.")
    shared = models.BooleanField(default=False, help_text="Colleagues at the same centers see it too.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="consultations_savedview_name_once",
                violation_error_message="You have a view of this name.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="consultations_savedview_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """When a member of staff last opened a request's page; nothing is asked of it after some minutes."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="consultations_presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="consultations_presence_seen")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.request_id}"
