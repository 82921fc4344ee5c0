"""Persons and the digests of mail addresses and phone numbers by which they are recognised."""

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """Somebody who asked once or more often. Holds nothing personal itself."""

    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "people"

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
