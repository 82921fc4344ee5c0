"""What every page of the desk has in common: its rows are those that whoever asks may see.

Django's own pages fetch by `get_queryset`: lists, searches, filters, a row's page, its history, deleting, actions and the
choices of other pages' fields. A row of another center is answered as one that does not exist.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest

from consultations.access.granting import has_place
from consultations.models.place import Viewer, at_places_of
from consultations.statuses import PlaceScope
from content.models import Center

# Answers of this request; no header of a client's can have this name.
KNOWN_RIGHTS = "consultations.known_rights"


class ByPlace(admin.ModelAdmin[Any]):
    """Pages of a model whose queryset has `visible_to`."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may see."""
        rows: Any = super().get_queryset(request)
        seen: QuerySet[Any] = rows.visible_to(request.user)
        return seen

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change such rows, and this one."""
        return super().has_change_permission(request, obj) and self._may_change_row(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may delete such rows, and this one."""
        return super().has_delete_permission(request, obj) and self._may_change_row(request, obj)

    def _may_change_row(self, request: HttpRequest, obj: Any) -> bool:
        """Ask once for each row and request: a page asks a dozen times."""
        answers: dict[tuple[str, Any], bool] = request.META.setdefault(KNOWN_RIGHTS, {})
        key = (self.opts.label, obj and obj.pk)
        if key not in answers:
            answers[key] = self.may_change_row(request.user, obj)
        return answers[key]

    def may_change_row(self, user: Viewer, row: Model | None) -> bool:
        """Return whether the user may change a row that they see."""
        return True


class ForEveryCenter(admin.ModelAdmin[Any]):
    """Pages of what holds at every center: whoever may sees it, and only who has all centers changes it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may add such a row."""
        return super().has_add_permission(request) and has_every_center(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change such rows."""
        return super().has_change_permission(request, obj) and has_every_center(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may delete such rows."""
        return super().has_delete_permission(request, obj) and has_every_center(request)


class OwnCenters(BaseModelAdmin[Any]):
    """Fields that offer only the user's own centers."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Narrow a choice of one."""
        if db_field.related_model is Center:
            kwargs.setdefault("queryset", own_centers(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Narrow a choice of several."""
        if db_field.related_model is Center:
            kwargs.setdefault("queryset", own_centers(request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def own_centers(user: Viewer) -> QuerySet[Center]:
    """Return the user's centers by name."""
    return Center.objects.filter(at_places_of(user, "pk")).order_by("name")


def has_every_center(request: HttpRequest) -> bool:
    """Return whether somebody was given all centers, those that are opened later among them; asked once for each request."""
    answers: dict[tuple[str, Any], bool] = request.META.setdefault(KNOWN_RIGHTS, {})
    key = (PlaceScope.ALL, None)
    if key not in answers:
        answers[key] = has_place(request.user, PlaceScope.ALL)
    return answers[key]
