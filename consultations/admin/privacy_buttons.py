"""Staff buttons that erase a request, put it on legal hold, or close its private link.

Erasing cannot be undone, so its button leads to a page that says in words what goes and what stays; only that page's own
button erases, and only for those who hold the permission for it (see groups.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from consultations.admin.addresses import addresses
from consultations.admin.forms import STALE
from consultations.models import ConsultationRequest
from consultations.privacy import holding, retention, selfservice, touching
from content import form_fields

MAY_ERASE = "consultations.erase_consultationrequest"
MAY_HOLD = "consultations.hold_consultationrequest"


class RevokeForm(forms.Form):
    """The mark of the link that the page was drawn with."""

    seen = forms.CharField(max_length=16, error_messages={"required": STALE, "max_length": STALE})


class HoldForm(forms.Form):
    """Whether the request is to be held, and why."""

    held = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")], error_messages={"required": STALE, "invalid_choice": STALE}
    )
    reason = form_fields.WordsField(required=False, max_length=1000)


class PrivacyButtons(admin.ModelAdmin[ConsultationRequest]):
    """Adds `…/erase/`, `…/hold/` and `…/revoke/` to the requests' own addresses."""

    _act: Callable[..., HttpResponse]
    _find: Callable[..., ConsultationRequest]

    def get_urls(self) -> list[Any]:
        """Add them."""
        views = {"erase": self.erase_view, "hold": self.hold_view, "revoke": self.revoke_view}
        return [*addresses(self, views), *super().get_urls()]

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would go and what would stay; a POST erases."""
        if not request.user.has_perm(MAY_ERASE):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return self._act(request, object_id, forms.Form, _erase, "The request is erased.")
        consultation = self._find(request, object_id, self.has_change_permission)
        to_come = consultation.appointments.active().filter(starts_at__gt=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": f"Erase {consultation.reference}?",
            "opts": self.opts,
            "consultation": consultation,
            "goes": retention.preview([consultation])[0],
            "tables": touching.tables([consultation]),
            "to_come": to_come.select_related("center", "consultant").first(),
        }
        return TemplateResponse(request, "admin/consultations/consultationrequest/erase.html", context)

    def hold_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the request on legal hold, or lift it."""
        if not request.user.has_perm(MAY_HOLD):
            raise PermissionDenied
        return self._act(request, object_id, HoldForm, _hold, "The legal hold is saved.")

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the private link."""
        done = "The private link is closed. The next mail to the visitor carries a new one."
        return self._act(request, object_id, RevokeForm, _revoke, done)


def _erase(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    retention.erase(request, by=by, now=now)


def _hold(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    holding.put_on_hold(request, held=data["held"] == "yes", reason=data["reason"], by=by, now=now)


def _revoke(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    selfservice.revoke_link(request, by=by, now=now, seen=data["seen"])
