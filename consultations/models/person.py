"""Persons and the digests of mail addresses and phone numbers by which they are recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from consultations.models.place import Viewer


class PersonQuerySet(models.QuerySet["Person"]):
    """People as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """People with a request that a member of staff may see; of the person's other requests this says nothing."""
        requests = apps.get_model("consultations", "ConsultationRequest").objects.visible_to(user)
        return self.filter(Exists(requests.filter(person=OuterRef("pk"))))


class Person(models.Model):
    """Somebody who asked once or more often. Holds nothing personal itself."""

    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "people"
        permissions = [("merge_person", "Can merge people and undo it")]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class Identity(models.Model):
    """A mail address or number that belongs to a person, as a keyed digest: it can be matched but not read."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "identities"
        constraints = [
            models.CheckConstraint(condition=~models.Q(digest=""), name="consultations_identity_digest_not_empty")
        ]

    def __str__(self) -> str:
        return f"Identity {self.pk}"
