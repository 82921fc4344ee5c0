"""The verbs that give and take rights to places.

Whoever gives or takes has the place themselves; nobody gives to themselves or takes from themselves. Superusers have every
place, and need no right.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import PlaceRight
from consultations.models.place import Viewer
from consultations.statuses import PlaceScope
from content.models import Center


def give(user: User, *, scope: PlaceScope, center: Center | None, by: User) -> PlaceRight:
    """Give a member of staff a place, and return the right.

    Raises:
        NotAllowed: it is not `by`'s to give, or it is for themselves.
        ChangedMeanwhile: they have it already.
    """
    refuse(user, scope=scope, center=center, by=by)
    try:
        with transaction.atomic():
            return PlaceRight.objects.create(user=user, scope=scope, center=center)
    except IntegrityError as error:
        raise ChangedMeanwhile("This member of staff has that place already. Nothing was saved.") from error


def take(right: PlaceRight, *, by: User) -> None:
    """Take a right away.

    Raises:
        NotAllowed: it is not `by`'s to take, or it is their own.
    """
    refuse(right.user, scope=PlaceScope(right.scope), center=right.center, by=by)
    right.delete()


def refuse(user: User, *, scope: PlaceScope, center: Center | None, by: User) -> None:
    """Refuse to let `by` give or take this place.

    Raises:
        NotAllowed: it is not theirs to give, or it is about themselves.
    """
    if by.is_superuser:
        return
    if user == by:
        raise NotAllowed("Nobody changes their own places. Please ask a colleague.")
    if not has_place(by, scope, center):
        raise NotAllowed("You can give and take only the places that you have yourself.")


def has_place(user: Viewer, scope: PlaceScope, center: Center | None = None) -> bool:
    """Return whether somebody has a place, and so may give it to others and take it from them; `center` is that of CENTER."""
    if user.is_superuser:
        return True
    scopes = {PlaceScope.ALL: [PlaceScope.ALL], PlaceScope.POOL: [PlaceScope.POOL], PlaceScope.CENTER: [PlaceScope.ALL]}
    held = PlaceRight.objects.of(user)
    if scope == PlaceScope.CENTER and held.filter(center=center).exists():
        return True
    return held.filter(scope__in=scopes[scope]).exists()
