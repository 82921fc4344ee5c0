"""Admin of sources: one is found by pasting its DOI, PubMed number or web address, and nothing is fetched for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content import identifiers
from content.admin.proposing import ProposedWords
from content.form_fields import LineField
from content.models import Reference


class IdentifierField(LineField):
    """A DOI or a PubMed number; what came with it when it was copied is taken off."""

    def __init__(self, plain: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plain = plain

    def to_python(self, value: Any) -> str:
        """Return it as it will be stored."""
        line = super().to_python(value)
        try:
            return self.plain(line) if line else ""
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class ReferenceForm(forms.ModelForm[Reference]):
    """A source; a source that is there already is offered instead of a second one."""

    pasted = LineField(
        required=False,
        max_length=500,
        label="Paste to fill in",
        help_text="A DOI, a PubMed number or a web address, as copied; it goes into the right field below when you save.",
    )
    # Longer than what is kept: an address may come with it.
    doi = IdentifierField(
        identifiers.doi, required=False, max_length=300, label="DOI", help_text="Such as 10.1056/NEJMoa1501184."
    )
    pmid = IdentifierField(
        identifiers.pmid, required=False, max_length=300, label="PubMed number", help_text="Such as 26287849."
    )

    class Meta:
        model = Reference
        fields = ["title", "authors", "publisher", "year", "key", "doi", "pmid", "url"]

    def clean_pasted(self) -> identifiers.Identifier:
        """Return what was pasted, as the one of the three that it is."""
        pasted = self.cleaned_data["pasted"]
        try:
            return identifiers.read(pasted) if pasted else identifiers.Identifier()
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def clean(self) -> dict[str, Any]:
        """Fill in what was pasted, and refuse a second row for the same source."""
        cleaned = super().clean() or self.cleaned_data
        pasted = cleaned.get("pasted") or identifiers.Identifier()
        for name, value in pasted._asdict().items():
            if not value or name in self.errors:
                continue
            if cleaned.get(name) and cleaned[name] != value:
                self.add_error("pasted", f"The field below holds another one: {cleaned[name]}. Empty one of the two.")
            cleaned[name] = value
        found = {name: cleaned.get(name, "") for name in identifiers.Identifier._fields}
        same = Reference.objects.same_as(**found).exclude(pk=self.instance.pk).first()
        if same is not None:
            self.add_error("pasted", ValidationError(_offer(same), code="duplicate"))
        return cleaned

    def validate_constraints(self) -> None:
        """Leave out what was said better already: the database asks the same of everybody else."""
        if not self.has_error("pasted", "duplicate"):
            super().validate_constraints()


def _offer(same: Reference) -> SafeString:
    return format_html(
        'This source is listed already: <a href="{}">{}</a>, under the key {}. Use that one.',
        reverse("admin:content_reference_change", args=[same.pk]),
        same,
        same.key,
    )


@admin.register(Reference)
class ReferenceAdmin(ProposedWords, admin.ModelAdmin[Reference]):
    """Sources; the search is also the one of every field that asks for a source."""

    form = ReferenceForm
    list_display = ["title", "publisher", "year", "key"]
    list_filter = ["year"]
    search_fields = ["key", "title", "authors", "publisher", "doi", "pmid", "url"]
    search_help_text = (
        "Words of the title, the people, the publisher or the key, or a DOI, PubMed number or web address"
    )
    prepopulated_fields = {"key": ["title", "year"]}
    fieldsets = [
        (None, {"fields": ["title", "authors", "publisher", "year", "key"]}),
        ("Where it can be looked up", {"fields": ["pasted", "doi", "pmid", "url"]}),
    ]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        """Look for a source by what was copied from its page, such as the DOI resolver's address, too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        try:
            identifier = identifiers.read(search_term) if search_term else identifiers.Identifier()
        except ValueError:
            return found, may_repeat
        return found | queryset.filter(
            pk__in=Reference.objects.same_as(**identifier._asdict()).values("pk")
        ), may_repeat
