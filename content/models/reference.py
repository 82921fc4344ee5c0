"""References: sources that articles and findings cite."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from content.fields import WebAddressField


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
    doi = models.CharField("DOI", max_length=120, blank=True)

    class Meta:
        ordering = ["publisher", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(doi=""),
                name="content_reference_can_be_found",
                violation_error_message="Give a web address or a DOI, so that a reader can look the source up.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1800, 2200)),
                name="content_reference_year_plausible",
                violation_error_message="The year must have four digits.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def link(self) -> str:
        """The address to look it up at: the DOI resolver where there is a DOI, as it outlives journals' addresses."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url
