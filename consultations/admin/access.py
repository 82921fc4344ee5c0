"""Lost second factors: one manager asks on this page, another confirms on it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consultations.access import resetting
from consultations.access.colleagues import staff_known_to
from consultations.admin.places import ByPlace
from consultations.exceptions import ConsultationError
from consultations.models import SecondFactorReset
from content.admin.actor import actor


@admin.register(SecondFactorReset)
class SecondFactorResetAdmin(ByPlace, admin.ModelAdmin[SecondFactorReset]):
    """Ask for it by adding a row; what is written stays. It is about staff who share a place with the manager."""

    list_display = ["whose", "asked_by", "asked_at", "confirmed_by", "confirmed_at"]
    list_select_related = ["whose", "asked_by", "confirmed_by"]
    fields = ["whose"]
    actions = ["confirm"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers and superusers."""
        return resetting.may_reset(actor(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """See has_view_permission."""
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """See has_view_permission."""
        return request.user.is_authenticated and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: the row is the history."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: the row is the history."""
        return False

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the active staff whom the manager knows, oneself left out."""
        kwargs["queryset"] = staff_known_to(request.user).filter(is_active=True).exclude(pk=actor(request).pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: SecondFactorReset, form: Any, change: Any) -> None:
        """Ask; another manager has to confirm."""
        try:
            found = resetting.ask(obj.whose, by=actor(request), now=timezone.now())
        except ConsultationError as refusal:
            request.refusal = str(refusal)  # type: ignore[attr-defined]
            return
        obj.pk, obj.asked_by, obj.asked_at = found.pk, found.asked_by, found.asked_at

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave no line of what was refused."""
        return super().log_addition(request, obj, message) if obj.pk else None

    def response_add(
        self, request: HttpRequest, obj: SecondFactorReset, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say what happens next, or what was refused."""
        if not obj.pk:
            self.message_user(request, getattr(request, "refusal", ""), messages.ERROR)
        else:
            self.message_user(request, "Asked. Another manager has to confirm it here within a day.", messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    @admin.action(description="Confirm: remove the second factor", permissions=["view"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[SecondFactorReset]) -> None:
        """Confirm each chosen one, and say of each what was refused."""
        for reset in queryset:
            try:
                resetting.confirm(reset, by=actor(request), now=timezone.now())
            except ConsultationError as refusal:
                self.message_user(request, f"{reset.whose}: {refusal}", messages.ERROR)
            else:
                text = f"{reset.whose} can log in with the password now and has a day to set up a new second factor."
                self.message_user(request, text, messages.SUCCESS)
