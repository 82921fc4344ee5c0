"""Claim rules that are limited to a therapy follow it when its slug changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import pre_save

from content.models import ClaimRule, Therapy
from content.models.claim_rule import names_in


def listen() -> None:
    """Follow every therapy, whoever renames it."""
    pre_save.connect(_follow, sender=Therapy, dispatch_uid="content.proofreading.renaming")


def _follow(instance: Therapy, update_fields: Any = None, **kwargs: Any) -> None:
    if kwargs.get("raw") or (update_fields is not None and "slug" not in update_fields):
        return
    was = Therapy.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if was is None or was == instance.slug:
        return
    with transaction.atomic():
        for rule in ClaimRule.objects.filter(therapies__contains=was):
            names = names_in(rule.therapies)
            if was in names:
                rule.therapies = ", ".join(sorted(names - {was} | {instance.slug}))
                rule.save()
