"""Page and JSON download of what a visitor was shown and agreed to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from consultations.access.viewing import viewed
from consultations.admin.addresses import addresses
from consultations.admin.downloads import headers_of
from consultations.evidence import shown
from consultations.models import ConsultationRequest
from consultations.statuses import AccessKind
from content.admin.actor import actor


class ProofPages(admin.ModelAdmin[ConsultationRequest]):
    """Adds `…/proof/` and `…/proof.json` to the requests' own addresses, for whoever may see the request."""

    _find: Callable[..., ConsultationRequest]

    def get_urls(self) -> list[Any]:
        """Put both before Django's own, which take everything behind the id."""
        name = "consultations_consultationrequest_proof"
        own = [
            *addresses(self, {"proof": self.proof_view}),
            path("<path:object_id>/proof.json", self.admin_site.admin_view(self.proof_data), name=f"{name}_json"),
        ]
        return [*own, *super().get_urls()]

    def proof_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show everything that was shown, rebuilt from what was kept that day."""
        found = self._find(request, object_id, self.has_view_permission)
        viewed(found, AccessKind.PROOF, by=actor(request), now=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was shown: {found.reference}",
            "opts": self.opts,
            "consultation": found,
            "proof": shown.of(found),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/consultations/consultationrequest/proof.html", context)

    def proof_data(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand the same out as a JSON file."""
        found = self._find(request, object_id, self.has_view_permission)
        viewed(found, AccessKind.EXPORT, by=actor(request), now=timezone.now())
        return JsonResponse(
            shown.of(found).as_data(),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
            headers=headers_of(f"proof-{found.reference}.json"),
        )
