"""Admin of claim rules: reviewers write them, editors see them, every version stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from content.admin import writing
from content.choices import EvidenceGrade, RegulatoryStatus
from content.claims.rules import FieldKind, Stance
from content.models import ClaimRule, ClaimRuleVersion, Therapy
from content.models.claim_rule import names_in


class NamesInput(forms.MultipleChoiceField):
    """Boxes for names that are kept on one line."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """Return the names that are ticked."""
        return sorted(names_in(value)) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """Return the names on one line."""
        return ", ".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether other names are ticked, in whatever order they are kept."""
        return names_in(initial or "") != set(data or ())


CHOICES = {
    "despite": Stance.choices,
    "spared": RegulatoryStatus.choices,
    "fields": FieldKind.choices,
    "grades": EvidenceGrade.choices,
}


class VersionInline(admin.TabularInline[ClaimRuleVersion, ClaimRule]):
    """What the rule was before, newest first; nobody changes it."""

    model = ClaimRuleVersion
    extra = 0
    fields = ["number", "at", "by", "severity", "patterns"]
    readonly_fields = ["number", "at", "by", "severity", "patterns"]
    ordering = ["-number"]
    verbose_name_plural = "versions"

    @admin.display
    def severity(self, version: ClaimRuleVersion) -> str:
        """Say how severe it was, and whether it was in force."""
        return str(version.state["severity"]) if version.state["active"] else "switched off"

    @admin.display
    def patterns(self, version: ClaimRuleVersion) -> str:
        """Show its patterns."""
        return str(version.state["patterns"])

    def has_add_permission(self, request: HttpRequest, obj: ClaimRule | None = None) -> bool:
        """Versions are written when the rule is saved."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History stays."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History stays."""
        return False


@admin.register(ClaimRule)
class ClaimRuleAdmin(admin.ModelAdmin[ClaimRule]):
    """What no text may claim."""

    list_display = ["name", "family", "severity", "active", "version"]
    list_filter = ["family", "severity", "active"]
    search_fields = ["name", "slug", "patterns", "reason"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [VersionInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", ("family", "severity", "hedged"), "active"]}),
        ("What it looks like", {"fields": ["patterns", "unless", "despite"]}),
        ("Where it holds", {"fields": ["spared", "therapies", "fields", "grades"]}),
        ("What an editor reads", {"fields": ["reason", "wording", "source"]}),
    ]

    def get_urls(self) -> list[Any]:
        """Add where a text is checked while it is written."""
        own = path("check/", self.admin_site.admin_view(self.check_text), name="content_claimrule_check")
        return [own, *super().get_urls()]

    def check_text(self, request: HttpRequest) -> HttpResponse:
        """Answer with what is found in a text; for whoever may read the rules."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return writing.check(request)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Show lists of names as boxes."""
        choices: Iterable[Any] | None = CHOICES.get(db_field.name)
        if db_field.name == "therapies":
            choices = Therapy.objects.values_list("slug", "name")
        if choices is None:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return NamesInput(
            choices=list(choices),
            required=False,
            label=db_field.verbose_name.capitalize(),
            help_text=db_field.help_text,
        )

    def save_model(self, request: HttpRequest, obj: ClaimRule, form: Any, change: bool) -> None:  # noqa: FBT001
        """Say in the new version who made it."""
        obj.changed_by = request.user if request.user.is_authenticated else None
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: ClaimRule | None = None) -> bool:
        """A rule is switched off; what it was stays readable."""
        return False
