"""The admin's site: nobody is in before everything that the policy asks was shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase

from clinic.login import policy, views


class DeskSite(admin.AdminSite):
    """Django's site with the one log-in page that this project has."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask for active staff, as Django does, and for the second factor."""
        return super().has_permission(request) and policy.may_enter(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Hand over to the page that has the limits."""
        return views.enter(request)
