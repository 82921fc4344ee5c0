"""What the admin's first page says about the desk."""

from __future__ import annotations

from django import template
from django.utils import timezone

from consultations.models import ConsultationRequest
from consultations.models.place import Viewer

register = template.Library()


@register.simple_tag
def desk_counts(user: Viewer) -> dict[str, int]:
    """Return how many requests nobody has, are overdue, and are the user's own: three queries over indexes."""
    requests = ConsultationRequest.objects.visible_to(user)
    return {
        "untriaged": requests.untriaged().count(),
        "overdue": requests.overdue(timezone.now()).count(),
        "mine": requests.live().filter(assignee=user.pk).count(),
    }
