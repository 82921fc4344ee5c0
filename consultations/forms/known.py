"""What the request form can choose from, as far as it has been read already: a post of it asks the database for none of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.intake import receiving
from consultations.models import ConsentText
from content.models import Center, Therapy


@dataclass(frozen=True)
class Known:
    """The consent texts of all times, and the centers and therapies that may be chosen, by slug, in the order of the form."""

    texts: list[ConsentText] = dataclasses.field(default_factory=receiving.all_texts)
    centers: Mapping[str, Center] | None = None
    therapies: Mapping[str, Therapy] | None = None


def read(texts: list[ConsentText]) -> Known:
    """Return all of it as it is now; the consent texts of all times are read already."""
    return Known(
        texts,
        centers={center.slug: center for center in choosable_centers()},
        therapies={therapy.slug: therapy for therapy in choosable_therapies()},
    )


def choosable_centers() -> QuerySet[Center]:
    """Return the centers that take requests."""
    return Center.objects.filter(open_to_requests=True).select_related("country")


def choosable_therapies() -> QuerySet[Therapy]:
    """Return the therapies that somebody may wish to talk about."""
    return Therapy.objects.filter(standard_care=False)


class CenterField(forms.ModelChoiceField[Center]):
    """A choice among centers that are known, or else asked for."""

    known: Mapping[str, Center] | None = None

    def to_python(self, value: Any) -> Center | None:
        """Return the center of a slug.

        Raises:
            ValidationError: there is none.
        """
        if self.known is None or value in self.empty_values:
            return super().to_python(value)
        if (found := self.known.get(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class TherapiesField(forms.ModelMultipleChoiceField[Therapy]):
    """Choices among therapies that are known, or else asked for."""

    known: Mapping[str, Therapy] | None = None

    def clean(self, value: Any) -> Any:
        """Return the therapies of some slugs, in the order of the form.

        Raises:
            ValidationError: one of them is none.
        """
        if self.known is None:
            return super().clean(value)
        chosen = {str(one) for one in value or ()}
        if chosen - self.known.keys():
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return [therapy for slug, therapy in self.known.items() if slug in chosen]


def offer(fields: Mapping[str, forms.Field], known: Known) -> None:
    """Let the fields `center` and `therapies` of a form offer what can be chosen."""
    for name, queryset, found in (
        ("center", choosable_centers(), known.centers),
        ("therapies", choosable_therapies(), known.therapies),
    ):
        field = fields[name]
        if isinstance(field, CenterField | TherapiesField):
            field.queryset, field.known = queryset, found
