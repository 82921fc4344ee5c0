"""Old addresses of pages, to be read: saving a row with another slug writes them."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content.choices import PageKind
from content.models import FormerSlug
from content.page_links import Named, path_of


@admin.register(FormerSlug)
class FormerSlugAdmin(admin.ModelAdmin[FormerSlug]):
    """Which address leads on, and where."""

    list_display = ["old_address", "leads_to", "changed_at"]
    list_select_related = ["article", "therapy", "center"]
    list_filter = ["kind"]
    search_fields = ["slug", "article__slug", "therapy__slug", "center__slug"]
    search_help_text = "Words of the old or the present address"
    readonly_fields = ["old_address", "leads_to", "changed_at"]
    fields = ["old_address", "leads_to", "changed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Saving a page with another slug writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: FormerSlug | None = None) -> bool:
        """They are what was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FormerSlug | None = None) -> bool:
        """Links elsewhere go on using them; only with its page one goes, which the page's own screen asks here."""
        match = request.resolver_match
        name = str(match.url_name) if match else ""
        return name.endswith(("_delete", "_changelist")) and not name.startswith("content_formerslug_")

    @admin.display(description="old address", ordering="slug")
    def old_address(self, row: FormerSlug) -> str:
        """Say which address leads on."""
        return path_of(Named(PageKind(row.kind), row.slug))

    @admin.display(description="leads to")
    def leads_to(self, row: FormerSlug) -> SafeString | str:
        """Link to the page as it is called now."""
        if row.page is None:
            return ""
        path = row.page.get_absolute_url()
        return format_html('<a href="{}">{}</a>', path, path)
