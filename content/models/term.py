"""Glossary terms: words of the field, each with a plain definition that texts refer to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from content import anchors, text


class Term(models.Model):
    """A word of the glossary; its place there is its slug as an anchor."""

    slug = models.SlugField("address", max_length=60, unique=True, validators=[anchors.validate])
    name = models.CharField(max_length=60, help_text="As it stands in a sentence, such as growth factor.")
    spellings = models.TextField(
        "other spellings", blank=True, help_text="Plurals, abbreviations and other names, one a line."
    )
    definition = models.CharField(max_length=300, help_text="One or two plain sentences.")

    class Meta:
        ordering = [Lower("name")]
        verbose_name = "glossary term"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="content_term_name_once",
                violation_error_message="The glossary has this term already.",
            ),
            models.CheckConstraint(
                condition=~Q(slug__iregex=anchors.RESERVED_PATTERN),
                name="content_term_slug_not_reserved",
                violation_error_message=anchors.TAKEN,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of its place in the glossary."""
        return f"{reverse('content:glossary')}#{self.slug}"

    @property
    def spelling_list(self) -> list[str]:
        """Its other spellings."""
        return text.lines(self.spellings)
