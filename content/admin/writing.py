"""The claim check while somebody writes: an address that takes a text and answers with findings, and the inputs that ask it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import CharField, Model, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse

from content.admin.fields import PlainInputs
from content.choices import EvidenceGrade
from content.claims.rules import Context, FieldKind
from content.models import Revision, Section
from content.proofreading import book
from content.publishing.fields import Way, of_model

# The longest text of an article; more is not typed, and is read when it is saved.
LONGEST = 100_000
ARTICLE: dict[type[Model], list[str]] = {
    Revision: "title summary lead key_points".split(),
    Section: "heading body figure_caption".split(),
}


class TextForm(forms.Form):
    """A text and what it is about."""

    text = forms.CharField(max_length=LONGEST, strip=False)
    therapy = forms.SlugField(required=False)
    field = forms.ChoiceField(choices=[("", ""), *FieldKind.choices], required=False)
    grade = forms.ChoiceField(choices=[("", ""), *EvidenceGrade.choices], required=False)


def check(request: HttpRequest) -> HttpResponse:
    """Answer a POST of a text with its findings as JSON: `{"findings": [...]}`, each as `check_claims --format json` has it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = TextForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    found = book.current().check(said["text"], Context(said["therapy"], said["field"], said["grade"]))
    return JsonResponse({"findings": [dict(finding.as_dict()) for finding in found]})


class ReadWhileWriting(PlainInputs):
    """Inputs whose words are read while they are typed: static/js/claims.js asks, and writes what it is told beside them."""

    class Media(PlainInputs.Media):
        js = [*PlainInputs.Media.js, "js/claims.js"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Tell the script where to ask."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        words = isinstance(db_field, CharField | TextField) and not db_field.choices
        if field is not None and words and db_field.name in _read(self.model):
            field.widget.attrs["data-claims"] = reverse("admin:content_claimrule_check")
        return field


def _read(model: type[Model]) -> list[str]:
    """Return the fields of a model whose words are read."""
    return ARTICLE.get(model) or [*of_model(model, Way.REVIEWED), *of_model(model, Way.AT_ONCE)]
