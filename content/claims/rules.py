"""What a rule is, what a text is checked with, and what is found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Severity(TextChoices):
    """What a finding does: a block stops an article from being submitted or approved."""

    BLOCK = "block", "Block: an article cannot be submitted or approved"
    WARN = "warn", "Warn: look again"
    HINT = "hint", "Hint"


class Family(TextChoices):
    """What kind of claim it is."""

    DISEASE = "disease", "Cures or treats a disease"
    APPROVAL = "approval", "A regulator’s approval"
    REGISTERED = "registered", "Registration dressed as approval"
    SAFETY = "safety", "Absolute safety"
    GUARANTEE = "guarantee", "Guarantee or success rate"
    PROVEN = "proven", "“Proven”"
    SUPERIORITY = "superiority", "Better than standard care"
    LIVE_CELLS = "live_cells", "Live cells in exosomes"
    AGEING = "ageing", "Against ageing"
    MIRACLE = "miracle", "Miracle wording"
    TESTIMONIAL = "testimonial", "Testimonial as evidence"
    PRESSURE = "pressure", "Pressure to buy"
    PRICE = "price", "Price or insurance as bait"
    EVIDENCE = "evidence", "More than the evidence carries"


class Stance(TextChoices):
    """How a sentence can stand to a claim without making it."""

    NEGATED = "negated", "denied: “does not cure”"
    TOLD = "told", "told of others: “some clinics claim”"
    WARNED = "warned", "warned against: “beware of”"
    ASKED = "asked", "asked: “does it cure?”"
    STUDIED = "studied", "under study: “in mice”, “in one small trial”"
    ADVISED = "advised", "advice or law: “ask whether”, “must be approved before”"
    CONVENTIONAL = "conventional", "about established care: “antibiotics cure”"


class Hedged(TextChoices):
    """What a finding becomes where the sentence says “may” or “might”."""

    SAME = "same", "The same"
    WARN = "warn", "A warning"
    NOTHING = "nothing", "Nothing"


class FieldKind(TextChoices):
    """Kinds of fields that a rule may be limited to."""

    TITLE = "title", "Titles and headings"
    SUMMARY = "summary", "Summaries, descriptions, social cards"
    TEXT = "text", "Running text"
    CAPTION = "caption", "Captions and alternative texts"
    QUESTION = "question", "Questions and answers"
    FINDING = "finding", "Findings"
    NOTICE = "notice", "Notices and policies"
    PROFILE = "profile", "Texts of the clinic and its centers"


SEVERITY_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.HINT: 2}


@dataclass(frozen=True)
class Rule:
    """A claim that may not be made.

    Attributes:
        patterns: what it looks like, one pattern a line.
        unless: patterns that make it harmless when they stand in the same sentence.
        despite: stances that do not excuse it.
        spared: regulatory statuses of a therapy for which it may be said.
        therapies: slugs of the therapies that it holds for; empty: all.
        fields: kinds of fields that it holds for; empty: all.
        grades: evidence grades that it holds for; empty: all.
    """

    slug: str
    name: str
    family: str
    patterns: str
    reason: str
    wording: str = ""
    source: str = ""
    severity: str = Severity.BLOCK
    hedged: str = Hedged.WARN
    unless: str = ""
    despite: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    therapies: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Therapy:
    """A therapy by the names that texts call it, and its regulatory status."""

    slug: str
    names: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Context:
    """What a text is about.

    Attributes:
        therapy: slug of the therapy that is spoken of where a sentence names none; empty: not known.
        field: kind of the field; empty: not known.
        grade: grade of the evidence that is cited; empty: not known.
    """

    therapy: str = ""
    field: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Finding:
    """A claim that was found.

    Attributes:
        words: the words that make it, as they stand in the source.
        start: where they begin in the source.
        end: behind them.
        sentence: the sentence as it stands in the source.
    """

    rule: Rule
    severity: str
    words: str
    start: int
    end: int
    sentence: str

    @property
    def in_words(self) -> str:
        """The sentence, what is wrong with it, and what to write instead."""
        better = f" Better: {self.rule.wording}" if self.rule.wording else ""
        return f"“{self.sentence.strip()}”: {self.rule.reason}{better}"

    def as_dict(self) -> Mapping[str, object]:
        """Return it as JSON has it."""
        rule = self.rule
        return {
            "rule": rule.slug,
            "family": rule.family,
            "severity": str(self.severity),
            "words": self.words,
            "start": self.start,
            "end": self.end,
            "sentence": self.sentence,
            "reason": rule.reason,
            "wording": rule.wording,
            "source": rule.source,
        }


NO_CONTEXT = Context()
