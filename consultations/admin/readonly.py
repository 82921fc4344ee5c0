"""Base class of admins whose rows are written by verbs only: no add, change or delete."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from consultations.admin.paging import LongList


class WrittenByVerbs(admin.ModelAdmin[Any]):
    """No adding and no deleting, for nobody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one here."""
        return False


class ReadOnly(LongList, WrittenByVerbs):
    """No changing either; there may be a million of them."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False
