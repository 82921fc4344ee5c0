"""Two people who turned out to be one: what was brought together, by whom, and whether it was undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consultations.models.fields import EncryptedTextField
from consultations.models.person import Identity, Person
from consultations.models.request import ConsultationRequest


class PersonMerge(models.Model):
    """`merged` became `kept`; the requests and identities that changed hands are kept, so that it can be undone.

    Once one of the requests was erased it is final: nobody can tell any more what belonged to whom.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="merged_by")
    requests = models.ManyToManyField(ConsultationRequest, related_name="+", editable=False)
    identities = models.ManyToManyField(Identity, related_name="+", editable=False)
    reason = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True, help_text="When one of them was erased.")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "merge of people"
        verbose_name_plural = "merges of people"
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="consultations_personmerge_two_people"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="consultations_personmerge_merged_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__gte=F("at"), undone_by__isnull=False),
                name="consultations_personmerge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} became {self.kept} at {self.at:%Y-%m-%d %H:%M} UTC"
