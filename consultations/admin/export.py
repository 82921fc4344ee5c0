"""The list of requests as a file: which, as what, and why; the answer is streamed."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consultations import sheets
from consultations.admin.downloads import CSV, MAY_EXPORT, XLSX, format_field, reason_field, streamed
from consultations.admin.numbers import AskedForm
from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest
from consultations.privacy import handing_out
from consultations.statuses import AccessKind, ExportFormat
from content.admin.actor import actor


class ExportForm(AskedForm):
    """Which requests, as what, and why."""

    format = format_field(ExportFormat.CSV, ExportFormat.XLSX)
    reason = reason_field()


@require_http_methods(["GET", "HEAD", "POST"])
def export_requests(request: HttpRequest) -> HttpResponseBase:
    """Ask which, as what and why; a POST hands out the list."""
    if not request.user.has_perm(MAY_EXPORT):
        raise PermissionDenied
    now, words = timezone.now(), ""
    form = ExportForm(
        request.POST or None, user=request.user, initial={"format": ExportFormat.CSV, "until": now.date()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _list(request, form, now)
        except ConsultationError as refusal:
            words = str(refusal)
    failed = request.method == "POST"
    context = {
        **admin.site.each_context(request),
        "title": "Export requests",
        "form": form,
        "words": words,
        "most": f"{handing_out.MOST:,}",
        "columns": handing_out.HEAD,
        "is_error": failed,
    }
    return TemplateResponse(
        request,
        "admin/consultations/export.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK,
    )


def _list(request: HttpRequest, form: ExportForm, now: dt.datetime) -> HttpResponseBase:
    asked, as_format = form.asked(now.date()), ExportFormat(form.cleaned_data["format"])
    user = actor(request)
    keys = handing_out.hand_out(
        asked.received(ConsultationRequest.objects.visible_to(user).filter(erased_at=None)),
        what=AccessKind.LIST,
        file_format=as_format,
        filters=asked.in_words,
        reason=form.cleaned_data["reason"],
        by=user,
        now=now,
    )
    rows, name = handing_out.rows(keys, seen_by=user), f"requests-{asked.first}-{asked.last}.{as_format}"
    if as_format == ExportFormat.XLSX:
        return streamed(sheets.as_xlsx(rows), XLSX, name)
    return streamed(sheets.as_csv(rows), CSV, name)
