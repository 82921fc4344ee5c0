"""Admin list of mails with their delivery state; read only."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from consultations.admin import detail
from consultations.admin.places import ByPlace
from consultations.admin.readonly import ReadOnly
from consultations.models import Message
from consultations.models.fields import WORDS, through
from consultations.models.message import MessageQuerySet


class TroubleFilter(admin.SimpleListFilter):
    """Mails that could not leave, finally or so far; those of erased requests will not, and need nobody."""

    title = "trouble"
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the one choice."""
        return [("1", "Failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() != "1":
            return queryset
        return cast("MessageQuerySet", queryset).troubled().filter(request__erased_at=None)


@admin.register(Message)
class MessageAdmin(ByPlace, ReadOnly, admin.ModelAdmin[Message]):
    """The queue. A mail's text is built when it leaves and is not kept, so there is none to show."""

    list_display = [
        "created_at",
        "kind",
        "request",
        "recipient",
        "progress",
        "attempts",
        "due_at",
        "sent_at",
        "last_error",
    ]
    list_filter = [TroubleFilter, "state", "kind"]
    search_fields = ["request__reference", "recipient__istartswith"]
    search_help_text = "A reference such as R-7K2M-9QXD, or a mail address from its start"
    fields = ["kind", "request", "recipient", "progress", "attempts", "created_at", "due_at", "sent_at", "last_error"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Read the request along."""
        return super().get_queryset(request).select_related("request").defer(*through("request", WORDS))

    @admin.display(description="state", ordering="state")
    def progress(self, message: Message) -> SafeString:
        """The state in words with a shape."""
        return detail.progress(message)
