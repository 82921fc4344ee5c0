"""Who came from where before, and who was let in again after losing a device."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q

from consultations.models.place import Viewer, known_to


class KnownPlace(models.Model):
    """A network from which somebody logged in to an account, as a keyed digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_places")
    place = models.CharField(max_length=64, help_text="Keyed digest of the network.")
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place"], name="consultations_knownplace_place")]
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="consultations_knownplace_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.place[:8]}"


class SecondFactorResetQuerySet(models.QuerySet["SecondFactorReset"]):
    """Lost second factors as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Those of staff whom the user knows: see `place.known_to`."""
        return self.filter(whose__in=User.objects.filter(known_to(user)))


class SecondFactorReset(models.Model):
    """Two managers together take a lost second factor off an account. The row is the history of it."""

    whose = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who lost the device."
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SecondFactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = "lost second factor"
        verbose_name_plural = "lost second factors"
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("whose")), name="consultations_reset_not_asked_by_oneself"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | (~Q(confirmed_by=F("whose")) & ~Q(confirmed_by=F("asked_by"))),
                name="consultations_reset_by_two_others",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="consultations_reset_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whose}, asked {self.asked_at:%Y-%m-%d %H:%M} UTC"
