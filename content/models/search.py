"""What search knows: an entry for each thing with a page, groups of words that mean the same, and words that found nothing."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from content import text
from content.choices import SearchKind
from content.models.center import Center
from content.models.clinic import Policy
from content.models.notice import Question
from content.models.revision import Revision
from content.models.term import Term
from content.models.therapy import Therapy

# Which row an entry is of, by its kind.
ROWS = {
    SearchKind.ARTICLE: ["revision"],
    SearchKind.THERAPY: ["therapy"],
    SearchKind.COMPARISON: ["therapy", "compared"],
    SearchKind.QUESTION: ["question"],
    SearchKind.CENTER: ["center"],
    SearchKind.POLICY: ["policy"],
    SearchKind.TERM: ["term"],
}
LINKS = "revision therapy compared question center policy term".split()
MOST_PHRASES = 20
LONGEST_PHRASE = 60


def _of_its_kind() -> Q:
    """Return the condition that an entry names the row that its kind is of, and no other."""
    condition = Q()
    for kind, names in ROWS.items():
        condition |= Q(kind=kind, **{f"{name}__isnull": name not in names for name in LINKS})
    return condition


def validate_phrases(value: str) -> None:
    """Refuse a group that is no group, or too large."""
    phrases = text.lines(value)
    if len(phrases) < 2:
        raise ValidationError("Write at least two, one a line: each is found where another one stands.", code="few")
    if len(phrases) > MOST_PHRASES:
        raise ValidationError(f"At most {MOST_PHRASES} can mean the same.", code="many")
    if long := next((phrase for phrase in phrases if len(phrase) > LONGEST_PHRASE), ""):
        raise ValidationError(f"“{long[:LONGEST_PHRASE]}…” is too long.", code="long")


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries by what readers may see; time is a parameter."""

    def public(self, now: dt.datetime) -> Self:
        """Entries whose page readers see at `now`: asked of the revisions and therapies themselves."""
        shown = Therapy.objects.shown().order_by().values("pk")
        return self.filter(
            Q(revision=None) | Q(revision__in=Revision.objects.public(now).order_by().values("pk")),
            Q(therapy=None) | Q(therapy__in=shown),
            Q(compared=None) | Q(compared__in=shown),
        )


class SearchEntry(models.Model):
    """One thing that can be found, in the words of its page; written by content/search/indexing.py alone."""

    kind = models.CharField(max_length=10, choices=SearchKind)
    revision = models.OneToOneField(Revision, models.CASCADE, null=True, related_name="+")
    therapy = models.ForeignKey(Therapy, models.CASCADE, null=True, related_name="+")
    compared = models.ForeignKey(Therapy, models.CASCADE, null=True, related_name="+")
    question = models.OneToOneField(Question, models.CASCADE, null=True, related_name="+")
    center = models.OneToOneField(Center, models.CASCADE, null=True, related_name="+")
    policy = models.OneToOneField(Policy, models.CASCADE, null=True, related_name="+")
    term = models.OneToOneField(Term, models.CASCADE, null=True, related_name="+")
    title = models.TextField()
    text = models.TextField(help_text="What snippets are taken from, without markup.")
    words = models.TextField(help_text="A line for each word: its stem, the word, its weight.")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title"]
        verbose_name_plural = "search entries"
        constraints = [
            models.CheckConstraint(condition=_of_its_kind(), name="content_searchentry_row_of_its_kind"),
            models.UniqueConstraint(fields=["therapy", "compared"], name="content_searchentry_comparison_once"),
            models.UniqueConstraint(
                fields=["therapy"], condition=Q(kind=SearchKind.THERAPY), name="content_searchentry_therapy_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SearchSynonym(models.Model):
    """Words and phrases that mean the same to who searches: where one is typed, pages with another are found."""

    slug = models.SlugField("short name", max_length=60, unique=True)
    phrases = models.TextField(
        validators=[validate_phrases],
        help_text="One a line, such as: PRP, platelet-rich plasma, plasma rico en plaquetas. Plurals need no line.",
    )

    class Meta:
        ordering = ["slug"]
        verbose_name = "search synonym"
        constraints = [
            models.CheckConstraint(
                condition=Q(phrases__contains="\n"),
                name="content_searchsynonym_has_two",
                violation_error_message="Write at least two, one a line.",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.phrase_list)

    @property
    def phrase_list(self) -> list[str]:
        """The phrases, without empty lines."""
        return text.lines(self.phrases)


class SearchMiss(models.Model):
    """Words that were searched for on a day (UTC) and found nothing; nothing of who searched is kept."""

    day = models.DateField()
    term = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "-count", "term"]
        verbose_name = "search without result"
        verbose_name_plural = "searches without result"
        constraints = [models.UniqueConstraint(fields=["day", "term"], name="content_searchmiss_once_a_day")]

    def __str__(self) -> str:
        return self.term
