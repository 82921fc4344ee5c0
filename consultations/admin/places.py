"""What every page of the desk has in common: its rows are those that whoever asks may see.

Django's own pages fetch by `get_queryset`: lists, searches, filters, a row's page, its history, deleting, actions and the
choices of other pages' fields. A row of another center is answered as one that does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from content.admin.fields import CalmFields
from consultations.models.place import at_places_of
from content.models import Center

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    PagesBase = admin.ModelAdmin[Any]
    FieldsBase = BaseModelAdmin[Any]
else:
    PagesBase = FieldsBase = object


class ByPlace(PagesBase):
    """Pages of a model whose queryset has `visible_to`."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may see."""
        rows: Any = super().get_queryset(request)
        seen: QuerySet[Any] = rows.visible_to(request.user)
        return seen

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether the user may see such rows, and this one."""
        return super().has_view_permission(request, obj) and self.in_sight(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether the user may change such rows, and this one."""
        return super().has_change_permission(request, obj) and self.in_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether the user may delete such rows, and this one."""
        return super().has_delete_permission(request, obj) and self.in_reach(request, obj)
