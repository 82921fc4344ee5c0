"""Template tag with the counts on the admin's front page."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from consultations.limits import counting
from consultations.models import ConsultationRequest

register = template.Library()


@register.simple_tag
def desk_counts(user: AbstractBaseUser) -> dict[str, int]:
    """Return how many requests nobody has, are overdue, and are the user's own: three queries over indexes."""
    requests = ConsultationRequest.objects.all()
    return {
        "untriaged": requests.untriaged().count(),
        "overdue": requests.overdue(timezone.now()).count(),
        "mine": requests.live().filter(assignee=user.pk).count(),
    }


@register.simple_tag
def limits_reached() -> list[str]:
    """Return a sentence for each limit that closes a door for everybody at this moment, or of an account under attack."""
    return [
        f"More {limit.what} than usual: {who} has reached the limit, until {until:%H:%M} UTC. {limit.beyond}"
        for limit, who, until in counting.reached(now=timezone.now())
    ]
