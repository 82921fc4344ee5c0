"""What a visitor was shown, as a page to print and as data to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from consultations import proof
from consultations.models import ConsultationRequest

if TYPE_CHECKING:
    PagesBase = admin.ModelAdmin[ConsultationRequest]
else:
    PagesBase = object


class ProofPages(PagesBase):
    """Adds `…/proof/` and `…/proof.json` to the requests' own addresses, for whoever may see the request."""

    def get_urls(self) -> list[Any]:
        """Put both before Django's own, which take everything behind the id."""
        name = "consultations_consultationrequest_proof"
        own = [
            path("<path:object_id>/proof/", self.admin_site.admin_view(self.proof_view), name=name),
            path("<path:object_id>/proof.json", self.admin_site.admin_view(self.proof_data), name=f"{name}_json"),
        ]
        return [*own, *super().get_urls()]

    def proof_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show everything that was shown, rebuilt from what was kept that day."""
        found = self._seen_by(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was shown: {found.reference}",
            "opts": self.opts,
            "consultation": found,
            "proof": proof.of(found),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/consultations/consultationrequest/proof.html", context)

    def proof_data(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand the same out as a JSON file."""
        found = self._seen_by(request, object_id)
        disposition = f'attachment; filename="proof-{found.reference}.json"'
        return JsonResponse(
            proof.of(found).as_data(),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
            headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
        )

    def _seen_by(self, request: HttpRequest, object_id: str) -> ConsultationRequest:
        found = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if found is None:
            raise Http404("There is no such request.")
        return found
