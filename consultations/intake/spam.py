"""Spam score of a request and its reasons. Pure.

Nothing here refuses anybody: a suspect is kept with the reasons, and staff can restore it. No single guess about what
somebody wrote reaches the threshold; only filling in the hidden field does.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consultations.intake.submission import Submission

THRESHOLD = 5
FASTEST_HUMAN_SECONDS = 3
MANY_AN_HOUR = 10

LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
MARKUP = re.compile(r"<\s*a\s|\[\s*(?:url|link)\b|<\s*script", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
PHRASES = (
    "seo service", "search engine optimization", "search engine optimisation", "backlink", "rank your", "rank higher",
    "first page of google", "guest post", "website traffic", "web design service", "redesign your website",
    "lead generation service", "business loan", "crypto investment", "bitcoin", "forex", "casino", "online betting",
    "escort", "viagra", "cialis", "weight loss pill", "make money online", "passive income", "click here",
    "limited time offer", "unsubscribe", "telegram channel",
)  # fmt: skip
VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class Signals:
    """How a form arrived.

    Attributes:
        trap_filled: the field that people do not see was filled in.
        seconds_open: between showing and sending; None where the form carried no genuine key.
        recent: requests from the same address within the hour, with this one.
    """

    trap_filled: bool = False
    seconds_open: float | None = None
    recent: int = 1


@dataclass(frozen=True)
class Verdict:
    """The points and what they were given for, in words for staff."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_spam(self) -> bool:
        """Whether staff should see it in the spam view first."""
        return self.score >= THRESHOLD


def score(submission: Submission, signals: Signals) -> Verdict:
    """Return how much a request looks like spam."""
    points = [
        *_of_arrival(signals),
        *_of_name(submission.name),
        *_of_text(f"{submission.message}\n{submission.best_time}"),
    ]
    return Verdict(sum(number for number, _ in points), tuple(reason for _, reason in points))


def _of_arrival(signals: Signals) -> Iterator[tuple[int, str]]:
    if signals.trap_filled:
        yield THRESHOLD, "the hidden field was filled in"
    if signals.seconds_open is None:
        yield 2, "sent without a form of ours"
    elif signals.seconds_open < FASTEST_HUMAN_SECONDS:
        yield 2, "filled in within moments"
    if signals.recent > MANY_AN_HOUR:
        yield 2, "many from the same address"


def _of_name(name: str) -> Iterator[tuple[int, str]]:
    if LINK.search(name) or MARKUP.search(name):
        yield 4, "a link for a name"
    if any(_is_gibberish(word) for word in WORD.findall(name)):
        yield 2, "random letters for a name"


def _of_text(text: str) -> Iterator[tuple[int, str]]:
    folded = text.casefold()
    links = min(len(LINK.findall(text)), 4)
    if links:
        yield links, "links"
    if MARKUP.search(text):
        yield 3, "link markup"
    phrases = sum(phrase in folded for phrase in PHRASES)
    if phrases:
        yield min(2 * phrases, 4), "advertising phrases"
    if any(_mixes_scripts(word) for word in WORD.findall(text)):
        yield 2, "letters of two alphabets in one word"


def _is_gibberish(word: str) -> bool:
    """Return whether a word is random Latin letters: capitals all over, or long and without a vowel."""
    if not word.isascii():
        return False
    jumps = sum(left.islower() and right.isupper() for left, right in itertools.pairwise(word))
    return jumps >= 3 or (len(word) >= 8 and not VOWELS & set(word.lower()))


def _mixes_scripts(word: str) -> bool:
    """Return whether a word mixes alphabets that share the look of their letters, to slip past filters."""
    if word.isascii():
        return False
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK"})
