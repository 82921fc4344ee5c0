"""Admin of search: groups of words that mean the same, and what was searched for and not found."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from content.models import SearchMiss, SearchSynonym


@admin.register(SearchSynonym)
class SearchSynonymAdmin(admin.ModelAdmin[SearchSynonym]):
    """Where one of a group is typed, pages that say another one are found."""

    list_display = ["__str__", "slug"]
    search_fields = ["slug", "phrases"]
    fields = ["slug", "phrases"]


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin[SearchMiss]):
    """What visitors miss: to be written, or to be added to a group of synonyms. Nobody changes it; it goes after a while."""

    list_display = ["term", "day", "count"]
    list_filter = ["day"]
    search_fields = ["term"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Searches are counted, not written."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was counted stays so."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes by itself."""
        return False
