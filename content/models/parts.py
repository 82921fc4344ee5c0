"""What hangs on a revision: its sections, numbered citations and related guides. Like it, they do not change once approved."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from content import anchors
from content.choices import CardKind, Illustration
from content.fields import RichTextField
from content.models.article import Article
from content.models.image import Image
from content.models.reference import Reference
from content.models.revision import Revision
from content.models.therapy import Comparison

CAPTION_MISSING = "Describe the figure in a caption."
PICTURE_UNSAID = "Say what the picture shows, or tick that it is only decoration; not both."
TWO_FIGURES = "Choose a drawing or a picture, not both."
# The field of a section at which each is told.
BESIDE = {CAPTION_MISSING: "figure_caption", PICTURE_UNSAID: "image_alt", TWO_FIGURES: "image"}


class Section(models.Model):
    """A part of a revision, with an anchor that survives rewording the heading."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField(max_length=120)
    anchor = models.SlugField(
        max_length=60,
        validators=[anchors.validate],
        help_text="Part of links to this section; leave it when you reword the heading.",
    )
    body = RichTextField(blank=True)
    comparison = models.ForeignKey(
        Comparison,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        help_text="A table drawn after the text, from the findings.",
    )
    card = models.CharField(
        max_length=15,
        choices=CardKind,
        blank=True,
        help_text="Care cards say when to get help: the section's text is what is on the card.",
    )
    figure = models.CharField(max_length=30, choices=Illustration, blank=True)
    figure_caption = models.CharField(max_length=200, blank=True)
    image = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        help_text="An uploaded picture instead of one of our drawings.",
    )
    image_alt = models.CharField(
        "what the picture shows",
        max_length=200,
        blank=True,
        help_text="For readers who do not see it. It is part of the article and reviewed with it.",
    )
    image_decorative = models.BooleanField(
        "only decoration",
        default=False,
        help_text="It says nothing that the text does not say: screen readers pass it over.",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "anchor"],
                name="content_section_anchor_unique_in_revision",
                violation_error_message="Another section of this article has the same anchor.",
            ),
            models.CheckConstraint(
                condition=~Q(anchor__iregex=anchors.RESERVED_PATTERN),
                name="content_section_anchor_not_reserved",
                violation_error_message=anchors.TAKEN,
            ),
            models.CheckConstraint(
                condition=Q(card="") | Q(card__in=CardKind.values), name="content_section_card_known"
            ),
            models.CheckConstraint(
                condition=Q(figure="") | ~Q(figure_caption=""),
                name="content_section_figure_has_caption",
                violation_error_message=CAPTION_MISSING,
            ),
            models.CheckConstraint(
                condition=Q(image=None, image_alt="", image_decorative=False)
                | Q(image__isnull=False, image_decorative=True, image_alt="")
                | (Q(image__isnull=False, image_decorative=False) & ~Q(image_alt="")),
                name="content_section_image_described",
                violation_error_message=PICTURE_UNSAID,
            ),
            models.CheckConstraint(
                condition=Q(image=None) | Q(figure=""),
                name="content_section_one_figure",
                violation_error_message=TWO_FIGURES,
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def validate_constraints(self, exclude: Any = None) -> None:
        """Tell beside its field what is wrong with a figure or a picture.

        Raises:
            ValidationError: a constraint does not hold.
        """
        try:
            super().validate_constraints(exclude)
        except ValidationError as refused:
            by_field: dict[str, list[ValidationError]] = {}
            for place, errors in refused.error_dict.items():
                for error in errors:
                    by_field.setdefault(BESIDE.get(str(error.message), place), []).append(error)
            raise ValidationError(by_field) from None

    @property
    def urgency(self) -> str:
        """What its heading says first where it is a care card, else ""."""
        return CardKind(self.card).urgency if self.card else ""


class ArticleReference(models.Model):
    """A numbered citation: `[2]` in the text means the row with number 2."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="citations")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        verbose_name = "reference"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "number"],
                name="content_articlereference_number_unique",
                violation_error_message="Another reference of this article has the same number.",
            ),
            models.UniqueConstraint(
                fields=["revision", "reference"],
                name="content_articlereference_listed_once",
                violation_error_message="This source is already listed.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="content_articlereference_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.reference}"


class RelatedArticle(models.Model):
    """A guide to read next."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="related_links")
    related = models.ForeignKey(Article, models.PROTECT, related_name="linked_from")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "related guide"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "related"],
                name="content_relatedarticle_once",
                violation_error_message="This guide is already listed.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.related)
