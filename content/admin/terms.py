"""Admin of the glossary."""

from __future__ import annotations

from django.contrib import admin

from content.admin.proposing import ProposedWords
from content.models import Term


@admin.register(Term)
class TermAdmin(ProposedWords, admin.ModelAdmin[Term]):
    """Words of the field; texts refer to them by the dialog for links."""

    list_display = ["name", "definition", "slug"]
    search_fields = ["name", "spellings", "definition"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "spellings", "definition"]

    def view_on_site(self, obj: Term) -> str:
        """Lead to its place in the glossary."""
        return obj.get_absolute_url()
