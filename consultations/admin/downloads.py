"""Files that staff take out of the desk: who may, what is asked beforehand, and how a file is answered."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import StreamingHttpResponse

from consultations.statuses import ExportFormat
from content import form_fields

MAY_EXPORT = "consultations.export_consultationrequest"
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def format_field(*formats: ExportFormat) -> forms.ChoiceField:
    """Return the field that asks as what."""
    return forms.ChoiceField(choices=[(one.value, one.label) for one in formats], widget=forms.RadioSelect)


def reason_field() -> form_fields.LineField:
    """Return the field that asks what for."""
    return form_fields.LineField(label="What it is for", max_length=300, help_text="It stands in the history.")


def headers_of(name: str) -> dict[str, str]:
    """Return the headers of a file with this name: to be saved, and kept by no cache."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def streamed(pieces: Iterable[bytes] | Iterable[str], content_type: str, name: str) -> StreamingHttpResponse:
    """Return the answer that hands a file out piece by piece."""
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers_of(name))
