"""The times that requests are kept, by status. They hold for every center, so only who has them all changes one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from consultations.admin.places import has_every_center
from consultations.clocks import wording
from consultations.models import RetentionRule
from consultations.privacy import purging, retention
from consultations.requests import inbox


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin[RetentionRule]):
    """One row for each status; none is added or deleted."""

    list_display = ["status", "kept"]
    list_display_links = ["status"]
    fields = ["status", "days"]
    readonly_fields = ["status"]
    change_list_template = "admin/consultations/retentionrule/change_list.html"

    def get_urls(self) -> list[Any]:
        """Add the dry run, before Django's own, which take everything for an id."""
        view = self.admin_site.admin_view(self.dry_run_view)
        return [path("dry-run/", view, name="consultations_retentionrule_dry_run"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead who may to the dry run."""
        own = {"title": "Times that requests are kept", "may_plan": has_every_center(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    def dry_run_view(self, request: HttpRequest) -> HttpResponse:
        """Show what the next purge would erase of each status; nothing is erased. It counts the requests of every center."""
        if not self.has_view_permission(request) or not has_every_center(request):
            raise PermissionDenied
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": "What the next purge would erase",
            "opts": self.opts,
            "plans": purging.plan(now),
            "counted": wording.utc(now),
        }
        return TemplateResponse(request, "admin/consultations/retentionrule/dry_run.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A migration writes the rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without days nothing is erased; no row has to go for that."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change such rows, and this one: it holds everywhere."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or has_every_center(request))

    def response_change(self, request: HttpRequest, obj: RetentionRule) -> HttpResponse:
        """Say what the next purge would erase."""
        due = inbox.in_words(inbox.bounded(retention.due(timezone.now()).filter(status=obj.status)))
        words = f"Requests of this status that the next daily purge erases, but for those on legal hold: {due}."
        self.message_user(request, words, messages.WARNING if due != "0" else messages.INFO)
        return super().response_change(request, obj)

    @admin.display(description="erased after", ordering="days")
    def kept(self, rule: RetentionRule) -> str:
        """The days in words."""
        return f"{rule.days} days without anything happening" if rule.days else "never by itself"
