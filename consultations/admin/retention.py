"""The times that requests are kept, by status. They hold for every center, so only who has them all changes one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consultations.admin.places import has_every_center
from consultations.models import RetentionRule
from consultations.privacy import retention
from consultations.requests import inbox


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin[RetentionRule]):
    """One row for each status; none is added or deleted."""

    list_display = ["status", "kept"]
    list_display_links = ["status"]
    fields = ["status", "days"]
    readonly_fields = ["status"]

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
