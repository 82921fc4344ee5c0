"""Admin list of mails with their delivery state; read only."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from consultations.admin import detail
from consultations.admin.places import ByPlace
from consultations.admin.readonly import ReadOnly
from consultations.admin.search import FoundByReference
from consultations.models import Message
from consultations.models.fields import WORDS, through
from consultations.models.message import MessageQuerySet
from consultations.models.place import Viewer


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
class MessageAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[Message]):
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
    ordering = ["-id"]
    sortable_by = ()
    search_help_text = "A reference such as R-7K2M-9QXD, or a mail address, each from its start"
    fields = ["kind", "request", "recipient", "progress", "attempts", "created_at", "due_at", "sent_at", "last_error"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Read the request along."""
        return super().get_queryset(request).select_related("request").defer(*through("request", WORDS))

    def found_by(self, term: str, user: Viewer) -> Q:
        """Add the address that a mail went to."""
        return super().found_by(term, user) | Q(recipient__istartswith=term)

    @admin.display(description="state")
    def progress(self, message: Message) -> SafeString:
        """The state in words with a shape."""
        return detail.progress(message)
