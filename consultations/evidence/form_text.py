"""The request form as plain text: headings, labels, hints and choices as the visitor read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.utils.html import strip_tags

# Places come and go by the dozen; which one was chosen stands in the request.
LISTED_ELSEWHERE = frozenset({"center"})


def plain(form: forms.Form, layout: Any) -> str:
    """Return the words of a crispy-forms layout, a line each; hidden fields and what was typed are not among them."""
    return "\n".join(_lines(form, layout))


def _lines(form: forms.Form, part: Any) -> Iterator[str]:
    if isinstance(part, str):
        if part in form.fields and not form.fields[part].widget.is_hidden:
            yield from _field(form[part])
        return
    if isinstance(part, HTML):
        yield strip_tags(part.html)
    if isinstance(part, Fieldset):
        yield from ["", f"# {part.legend}"]
    for child in getattr(part, "fields", []):
        yield from _lines(form, child)


def _field(bound: forms.BoundField) -> Iterator[str]:
    if bound.label:
        yield str(bound.label)
    if bound.help_text:
        yield f"  {strip_tags(str(bound.help_text))}"
    if bound.name not in LISTED_ELSEWHERE:
        # What the widget draws: it has the choices of every kind of field in one form.
        yield from (f"  ( ) {label}" for _, label in getattr(bound.field.widget, "choices", []))
