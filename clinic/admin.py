"""Accounts in the admin: what is secret stays out, and nobody grants themselves more."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consultations.requests import claims

# Second factors and sessions are their owner's. An administrator who could delete them would need no second manager.
for model in (Authenticator, UserSession, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.unregister(User)

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Django's page of accounts; one's own rights are for somebody else to change, and only a superuser changes any."""

    search_fields = ["username", "first_name__has_part", "last_name__has_part", "email"]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the right first: Django looks for the row before, and so says whether an account exists."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001  Django's own signature
        """Give back the requests of an account that is closed: nobody else would be shown them as their own or nobody's."""
        super().save_model(request, obj, form, change)
        if change and not (obj.is_active and obj.is_staff) and isinstance(request.user, User):
            given = claims.give_back_unseen(obj, by=request.user, now=timezone.now())
            if given:
                self.message_user(request, f"Requests that they had, given back: {given}.", messages.WARNING)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Lock the rights on one's own page, and for whoever is no superuser."""
        fields = super().get_readonly_fields(request, obj)
        own = obj is not None and obj.pk == request.user.pk
        locked = own or not request.user.is_superuser
        return (*fields, *RIGHTS) if locked else fields
