"""Says in the lists of the admin which therapies readers do not see, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from content.models import Therapy


class WarnsOfHiddenTherapies(ModelAdmin[Any]):
    """A list that warns of therapies that readers do not see; who saves or deletes a finding comes back to it."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Warn above the list; one query."""
        if request.method == "GET":
            for therapy in Therapy.objects.hidden():
                sentence = f"Readers do not see {therapy.name}: a row that must be filled, such as its risks, is empty."
                messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)
