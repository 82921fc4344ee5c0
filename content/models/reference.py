"""References: sources that articles and findings cite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from content import identifiers
from content.fields import WebAddressField


def validate_doi(value: str) -> None:
    """Refuse what is no DOI, and one that is not in its plain form."""
    _validate(value, identifiers.doi)


def validate_pmid(value: str) -> None:
    """Refuse what is no PubMed number."""
    _validate(value, identifiers.pmid)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """Sources by where they can be looked up."""

    def same_as(self, *, doi: str = "", pmid: str = "", url: str = "") -> Self:
        """Those that can be looked up at one of these; an empty one is nobody's."""
        same = Q(pk__in=[])
        for name, value in (("doi__iexact", doi), ("pmid", pmid), ("url", url)):
            if value:
                same |= Q(**{name: value})
        return self.filter(same)


class Reference(models.Model):
    """A source: a regulator's page, a law, a paper. It has a number only within an article or a table."""

    key = models.SlugField(
        max_length=80, unique=True, help_text="A short name to find it by, such as fda-consumer-alert-2020."
    )
    title = models.CharField(max_length=300)
    authors = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, help_text="Journal with volume and pages, or the authority.")
    year = models.PositiveSmallIntegerField()
    url = WebAddressField("web address", max_length=500, blank=True)
    doi = models.CharField("DOI", max_length=120, blank=True, validators=[validate_doi])
    pmid = models.CharField("PubMed number", max_length=8, blank=True, validators=[validate_pmid])

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["publisher", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(doi="") | ~Q(pmid=""),
                name="content_reference_can_be_found",
                violation_error_message="Give a web address, a DOI or a PubMed number, so that a reader can look the source up.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1800, 2200)),
                name="content_reference_year_plausible",
                violation_error_message="The year must have four digits.",
            ),
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="content_reference_doi_once",
                violation_error_message="Another source has this DOI.",
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid=""),
                name="content_reference_pmid_once",
                violation_error_message="Another source has this PubMed number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def link(self) -> str:
        """The address to look it up at: the DOI resolver where there is a DOI, as it outlives journals' addresses."""
        if self.doi:
            return identifiers.doi_link(self.doi)
        return self.url or identifiers.pmid_link(self.pmid)


def _validate(value: str, plain: Callable[[str], str]) -> None:
    """Refuse a value that `plain` refuses, or would write in another way."""
    try:
        written = plain(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None
    if written != value:
        raise ValidationError(f"Write it as {written}.", code="invalid")
