"""Template tag with the counts of the review desk on the admin's front page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from content.publishing import rights, waiting

register = template.Library()


@register.simple_tag
def review_counts(user: Any) -> dict[str, int]:
    """Return what waits for an editor or a reviewer; nothing for everybody else."""
    return waiting.counts_of(user, timezone.now()) if rights.works_here(user) else {}
