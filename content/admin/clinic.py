"""Admin of the clinic's profile and its policies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from content.admin.editor import RichTextPages
from content.admin.proposing import ProposedWords
from content.models import ClinicProfile, Policy


@admin.register(ClinicProfile)
class ClinicProfileAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[ClinicProfile]):
    """One row: its list leads straight to it."""

    fieldsets = [
        ("Who", {"fields": [("name", "short_name"), "tagline", "legal_name", "about"]}),
        ("How to reach it", {"fields": [("phone", "email"), "address", "banner_text", "hours_text"]}),
        (
            "What is promised",
            {"fields": ["consultation_text", "response_promise", ("response_hours", "hours", "time_zone")]},
        ),
        ("How the desk works", {"fields": ["claim_minutes", "waiting_pauses"]}),
        ("Mail to visitors", {"fields": ["discreet_mail"]}),
        ("Articles whose review is overdue", {"fields": ["review_grace_months"]}),
        ("On every page", {"fields": ["disclaimer", "emergency_text"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Go to the row; while there is none, show the empty list with its button."""
        profile = ClinicProfile.objects.first()
        if profile is None or not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:content_clinicprofile_change", args=[profile.pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A second one would be ignored."""
        return super().has_add_permission(request) and not ClinicProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ClinicProfile | None = None) -> bool:
        """Every page needs it."""
        return False


@admin.register(Policy)
class PolicyAdmin(ProposedWords, RichTextPages, admin.ModelAdmin[Policy]):
    """Legal texts."""

    list_display = ["title", "kind", "version", "effective_on"]
    search_fields = ["title", "summary"]

    def view_on_site(self, obj: Policy) -> str:
        """Lead to its page."""
        return obj.get_absolute_url()
