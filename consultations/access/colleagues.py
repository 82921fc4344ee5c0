"""Who works on requests, and who of them may see a given one."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet

from consultations.models import ConsultationRequest
from consultations.models.place import Viewer, holders, known_to, sharing_a_place_with
from consultations.statuses import STANDING


def colleagues() -> QuerySet[User]:
    """Return those who may work on requests."""
    backend = "django.contrib.auth.backends.ModelBackend"
    may_work = User.objects.with_perm("consultations.change_consultationrequest", backend=backend)
    return may_work.filter(is_staff=True).order_by("first_name", "last_name", "username")


def colleagues_of(user: Viewer) -> QuerySet[User]:
    """Return those who may work on requests and see a place that the user sees, the user among them."""
    return colleagues().filter(sharing_a_place_with(user))


def staff_known_to(user: Viewer) -> QuerySet[User]:
    """Return the staff whom the user may see in a choice: who share a place with them, and who have none yet."""
    return User.objects.filter(known_to(user), is_staff=True).order_by("first_name", "last_name", "username")


def who_may_work_on(request: ConsultationRequest) -> QuerySet[User]:
    """Return those who can be given a request: they may work on requests and see this one."""
    visited = request.appointments.filter(status__in=STANDING).exclude(center=None).values_list("center", flat=True)
    return colleagues().filter(holders(request.center_id, *visited))
