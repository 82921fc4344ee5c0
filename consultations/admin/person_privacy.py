"""Pages that hand out everything that is kept about a person, and erase the person.

Both reach the requests that whoever asks may see; a person's requests at other centers are for the staff there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from consultations.admin.downloads import MAY_EXPORT, format_field, headers_of, reason_field
from consultations.admin.privacy_buttons import MAY_ERASE
from consultations.clocks import wording
from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest, Person
from consultations.privacy import exporting, handing_out, retention, touching
from consultations.statuses import AccessKind, ExportFormat
from content.admin.actor import actor


class PersonExportForm(forms.Form):
    """As what, and why."""

    format = format_field(ExportFormat.HTML, ExportFormat.JSON)
    reason = reason_field()


class PrivacyPages(admin.ModelAdmin[Person]):
    """Adds `…/export/` and `…/erase/` to the people's own addresses."""

    find: Callable[[HttpRequest, str], tuple[Person, list[ConsultationRequest]]]

    def get_urls(self) -> list[Any]:
        """Put both before Django's own, which take everything behind the id."""
        view = self.admin_site.admin_view
        own = [
            path("<path:object_id>/export/", view(self.export_view), name="consultations_person_export"),
            path("<path:object_id>/erase/", view(self.erase_view), name="consultations_person_erase"),
        ]
        return [*own, *super().get_urls()]

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask what for; a POST hands out the file."""
        if not request.user.has_perm(MAY_EXPORT):
            raise PermissionDenied
        person, requests = self.find(request, object_id)
        form = PersonExportForm(request.POST or None, initial={"format": ExportFormat.HTML})
        if request.method == "POST" and form.is_valid():
            return self._file(request, person, requests, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": "Hand out everything that is kept",
            "opts": self.opts,
            "person": person,
            "requests": requests,
            "form": form,
            "is_error": form.is_bound,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return TemplateResponse(request, "admin/consultations/person/export.html", context, status=status)

    def _file(
        self, request: HttpRequest, person: Person, requests: list[ConsultationRequest], said: dict[str, Any]
    ) -> HttpResponse:
        as_format, now = ExportFormat(said["format"]), timezone.now()
        rows = ConsultationRequest.objects.filter(pk__in=[one.pk for one in requests])
        handing_out.hand_out(
            rows,
            what=AccessKind.FILE,
            file_format=as_format,
            filters="one person",
            reason=said["reason"],
            by=actor(request),
            now=now,
        )
        people_read = as_format == ExportFormat.HTML
        data = [exporting.everything(one, in_words=people_read) for one in rows.order_by("received_at")]
        headers = headers_of(f"person-{now:%Y-%m-%d}.{as_format}")
        if not people_read:
            words = json.dumps({"requests": data}, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
            return HttpResponse(words, content_type="application/json", headers=headers)
        parts = [(one["reference"], list(flat(one))) for one in data]
        context = {"parts": parts, "now": now}
        return TemplateResponse(request, "admin/consultations/person/file.html", context, headers=headers)

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would go, table by table; a POST erases every request of the person that the user may see."""
        if not request.user.has_perm(MAY_ERASE):
            raise PermissionDenied
        person, requests = self.find(request, object_id)
        if request.method == "POST":
            return self._erase(request, requests)
        # What is held would only be refused, and what is erased has nothing left.
        to_go = [one for one in requests if not one.legal_hold and one.erased_at is None]
        context = {
            **self.admin_site.each_context(request),
            "title": "Erase this person?",
            "opts": self.opts,
            "person": person,
            "requests": list(zip(to_go, retention.preview(to_go), strict=True)),
            "held": [one for one in requests if one.legal_hold],
            "tables": touching.tables(to_go),
        }
        return TemplateResponse(request, "admin/consultations/person/erase.html", context)

    def _erase(self, request: HttpRequest, requests: list[ConsultationRequest]) -> HttpResponse:
        """Erase one after the other, so that a refusal of one undoes none."""
        erased = 0
        for one in requests:
            try:
                erased += retention.erase(one, by=actor(request), now=timezone.now())
            except ConsultationError as refusal:
                messages.error(request, f"{one.reference}: {refusal}")
        if erased:
            messages.success(request, "1 request is erased." if erased == 1 else f"{erased} requests are erased.")
        return HttpResponseRedirect(reverse("admin:consultations_person_changelist"))


def flat(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value that says something, with its name: `history 2: kind`; moments as staff read them, in UTC."""
    if isinstance(data, dict):
        for key, value in data.items():
            words = str(key).replace("_", " ")
            yield from flat(value, f"{name}: {words}" if name else words)
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from flat(value, f"{name} {number}")
    elif data not in (None, "", False):
        yield name, _said(data)


def _said(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return wording.utc(value)
    return "yes" if value is True else str(value)
