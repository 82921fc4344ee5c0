"""Rows that no form writes: they come from the verbs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    PagesBase = admin.ModelAdmin[Any]
else:
    PagesBase = object


class WrittenByVerbs(PagesBase):
    """No adding and no deleting, for nobody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one here."""
        return False


class ReadOnly(WrittenByVerbs):
    """No changing either."""

    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False
