"""Which places a member of staff may see, and the conditions on rows that follow from it.

Every queryset of the desk has a `visible_to(user)` that is made of these. A right that is given or taken counts from the next one
on: of small tables the database reads the rights in the same query as the rows. Of requests, and of what hangs on them, they are
read right before, and so are guests: only by the centers and keys themselves can the database choose the index that answers soonest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Exists, OuterRef, Q

from consultations.models.among import among
from consultations.statuses import STANDING, PlaceScope
from content.models import Center

type Viewer = User | AnonymousUser

# Up to so many requests the database puts together in memory, in a few milliseconds.
FEW = 10_000
# Up to so many guests are read before, as rights are.
NAMED_ONE_BY_ONE = 500


class PlaceRightQuerySet(models.QuerySet["PlaceRight"]):
    """Rights as the desk asks for them."""

    def of(self, user: Viewer) -> Self:
        """Return the rights that somebody has."""
        return self.filter(user=user.pk)

    def visible_to(self, user: Viewer) -> Self:
        """Rights to the places that the user has; to every center for who has them all."""
        if user.is_superuser:
            return self.all()
        own = PlaceRight.objects.of(user)
        return self.filter(
            Q(scope=PlaceScope.CENTER) & at_places_of(user, "center")
            | Q(scope__in=own.exclude(scope=PlaceScope.CENTER).values("scope"))
        )


class PlaceRight(models.Model):
    """A member of staff may see the people of a center, of every center, or those who named none; superusers need no row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="place_rights")
    scope = models.CharField("place", max_length=10, choices=PlaceScope)
    center = models.ForeignKey(Center, models.CASCADE, null=True, blank=True, related_name="+")

    objects = PlaceRightQuerySet.as_manager()

    class Meta:
        ordering = ["user__username", "scope", "center__name", "id"]
        verbose_name = "right to a place"
        verbose_name_plural = "rights to places"
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=PlaceScope.values), name="consultations_placeright_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(scope=PlaceScope.CENTER, center__isnull=False)
                | ~Q(scope=PlaceScope.CENTER) & Q(center__isnull=True),
                name="consultations_placeright_names_a_center_or_a_scope",
            ),
            models.UniqueConstraint(fields=["user", "center"], name="consultations_placeright_center_once"),
            models.UniqueConstraint(
                fields=["user", "scope"],
                condition=~Q(scope=PlaceScope.CENTER),
                name="consultations_placeright_scope_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.place}"

    @property
    def place(self) -> str:
        """The place in words."""
        return str(self.center or self.get_scope_display())


def at_places_of(user: Viewer, field: str) -> Q:
    """Return the condition that the center in `field` is one of the user's, or is empty and they may see what has none."""
    if user.is_superuser:
        return Q()
    rights = PlaceRight.objects.of(user)
    return (
        Q(**{f"{field}__in": rights.filter(scope=PlaceScope.CENTER).values("center")})
        | Q(Exists(rights.filter(scope=PlaceScope.ALL)), **{f"{field}__isnull": False})
        | Q(Exists(rights.filter(scope=PlaceScope.POOL)), **{f"{field}__isnull": True})
    )


def at_centers_of(user: Viewer, field: str) -> Q:
    """Return the condition that the center in `field` is one of the user's, or is empty: what is for everywhere."""
    if user.is_superuser:
        # "Or everything" is no condition to Django: it would leave the empty ones only.
        return Q()
    return Q(**{f"{field}__isnull": True}) | at_places_of(user, field)


@dataclass(frozen=True)
class Reach:
    """Whose requests somebody may see: those of some centers or of every one, and those without a center."""

    centers: frozenset[int] = frozenset()
    every: bool = False
    pool: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether nothing is hidden."""
        return self.every and self.pool

    def at(self, field: str) -> Q:
        """Return the condition that the center in `field` is one of them; no center is none of them."""
        return Q(**{f"{field}__isnull": False}) if self.every else Q(**{f"{field}__in": sorted(self.centers)})

    def naming(self, field: str) -> Q:
        """Return the condition that the center in `field`, which a request names, is one of them, or none where they have the pool."""
        named = self.at(field)
        return named | Q(**{f"{field}__isnull": True}) if self.pool else named


def reach_of(user: Viewer) -> Reach:
    """Return what somebody may see, in one query; superusers need none."""
    if user.is_superuser:
        return Reach(every=True, pool=True)
    rights: list[tuple[str, int | None]] = list(PlaceRight.objects.of(user).order_by().values_list("scope", "center"))
    scopes = {scope for scope, _ in rights}
    return Reach(
        centers=frozenset(center for _, center in rights if center is not None),
        every=PlaceScope.ALL in scopes,
        pool=PlaceScope.POOL in scopes,
    )


def of_requests_of(user: Viewer) -> Q:
    """Return the condition that a request is the user's to see.

    It is where its center is one of theirs, and where the visitor has an appointment at one of theirs: whoever receives
    somebody has to know who comes. An appointment that was cancelled or moved elsewhere gives no sight.
    """
    reach = reach_of(user)
    if reach.is_everything:
        return Q()
    return reach.naming("center") | _of_guests(reach, "")


def _of_guests(reach: Reach, prefix: str) -> Q:
    """Return the condition that a request, reached by `prefix`, is a guest's."""
    guests = list(guest_appointments(reach).values_list("request", flat=True).distinct()[: NAMED_ONE_BY_ONE + 1])
    if len(guests) <= NAMED_ONE_BY_ONE:
        # By their keys and the centers the database finds all of them in indexes. No row has the key 0.
        return among(f"{prefix}id", guests or [0])
    there = guest_appointments(reach).filter(request=OuterRef(f"{prefix}pk"))
    # Few are somebody's guests: of the others no appointment is looked at.
    return Q(Exists(there), **{f"{prefix}visits_elsewhere": True})


def guest_appointments(reach: Reach) -> models.QuerySet[models.Model]:
    """Return the appointments at the reader's centers that give sight of a request which names another."""
    appointments = apps.get_model("consultations", "Appointment").objects
    return appointments.filter(reach.at("center"), status__in=STANDING, elsewhere=True).order_by()


class OfRequestQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that belong to a request: they are seen with it."""

    def visible_to(self, user: Viewer) -> Self:
        """Rows of the requests that the user may see.

        Where these are few among all, the database puts them together first: asked row by row, the newest of a quiet center would be
        found after those of all others had been looked at.
        """
        reach = reach_of(user)
        if reach.is_everything:
            return self.all()
        named = Q(request__in=_named(reach)) if _sees_few(reach) else reach.naming("request__center")
        return self.filter(named | _of_guests(reach, "request__"))

    def to_be_counted(self, user: Viewer) -> Self:
        """Return the same rows, which must be visible to the user, so that few among all are counted soon: request by request."""
        reach = reach_of(user)
        if not _sees_few(reach):
            return self
        return self.filter(request__in=_named(reach).union(guest_appointments(reach).values("request"), all=True))


def _named(reach: Reach) -> models.QuerySet[Any, Any]:
    """Return the keys of the requests that name one of the reader's centers, or none where they have the pool."""
    requests = apps.get_model("consultations", "ConsultationRequest").objects
    return requests.filter(reach.naming("center")).order_by().values("pk")


def _sees_few(reach: Reach) -> bool:
    return not reach.every and not _named(reach)[FEW : FEW + 1].exists()


def sees_everything(user: Viewer) -> bool:
    """Return whether somebody was given all centers and the requests without one, so that nothing is hidden from them."""
    return reach_of(user).is_everything


def holders(*centers: int | None) -> Q:
    """Return the condition on users that they may see what belongs to any of the centers; None is what has no center."""
    named = [center for center in centers if center is not None]
    wanted = Q(scope=PlaceScope.CENTER, center__in=named)
    if named:
        wanted |= Q(scope=PlaceScope.ALL)
    if None in centers:
        wanted |= Q(scope=PlaceScope.POOL)
    return Q(is_superuser=True) | Q(pk__in=PlaceRight.objects.filter(wanted).values("user"))


def known_to(user: Viewer) -> Q:
    """Return the condition on users that `user` may see them in a choice: they share a place, or have none yet.

    Superusers, who have no rows, are known to whoever has a place.
    """
    if user.is_superuser:
        return Q()
    return sharing_a_place_with(user) | Q(is_superuser=False) & ~Q(pk__in=PlaceRight.objects.values("user"))


def sharing_a_place_with(user: Viewer) -> Q:
    """Return the condition on users that they may see a place that the user may see."""
    if user.is_superuser:
        return Q()
    own = PlaceRight.objects.of(user)
    together = PlaceRight.objects.visible_to(user)
    # Somebody of all centers shares one with everybody who has one.
    every = PlaceRight.objects.filter(Exists(own.exclude(scope=PlaceScope.POOL)), scope=PlaceScope.ALL)
    boss = Q(Exists(own), is_superuser=True)
    return Q(pk=user.pk) | boss | Q(pk__in=together.values("user")) | Q(pk__in=every.values("user"))
