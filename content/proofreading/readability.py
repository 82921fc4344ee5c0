"""How hard the words of a revision are to read: a hint for its editor, which stands in nobody's way."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from django.utils.html import strip_tags

from content import richtext
from content.models import Revision

# Grades 6 to 8 of schools in the United States are commonly advised for what patients read.
ADVISED_GRADE = 8
# Of fewer words, one long name decides the grade.
FEWEST_WORDS = 30
BLOCK_END = re.compile(r"</(?:p|li|h[2-4]|td|th|caption|blockquote)>|<br ?/?>")
SENTENCE_END = re.compile(r"[.!?:]+[”\"’')\]]*(?=\s|$)|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
VOWELS = re.compile(r"[aeiouy]+")
# An "e" at the end is silent, but not that of "table"; nor is that of "-es" and "-ed", but in "-ses" and "-ted".
SILENT = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)e$|[^aeiouyscxzgtd]e[sd]$|[^aeiouytd]ed$")


class Readability(NamedTuple):
    """How a text reads: where it stands, its words, their number in an average sentence, and the school grade of its readers."""

    place: str
    words: int
    sentence_length: float
    grade: float

    @property
    def is_hard(self) -> bool:
        """Whether it is harder than what is advised for patients."""
        return self.grade > ADVISED_GRADE


def of(revision: Revision) -> list[Readability]:
    """Return how a revision reads as a whole, and each of its sections that is long enough to say so."""
    sections = list(revision.sections.all())
    points = "\n".join(revision.key_point_list)
    whole = "\n".join([revision.lead, points, *(section.body for section in sections)])
    texts = [("The whole text", whole), *((f"Section “{section.heading}”", section.body) for section in sections)]
    return [found for place, html in texts if (found := measure(html, place))]


def measure(html: str, place: str = "") -> Readability | None:
    """Return how rich text reads, by the grade of Flesch and Kincaid (1975); None where it is too short."""
    text = richtext.CITATION.sub("", unescape(strip_tags(BLOCK_END.sub("\n", html))))
    sentences = [words for part in SENTENCE_END.split(text) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS:
        return None
    length = len(words) / len(sentences)
    grade = 0.39 * length + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return Readability(place, len(words), length, max(grade, 0.0))


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, by its groups of vowels; at least one."""
    plain = word.casefold()
    return max(1, len(VOWELS.findall(plain)) - bool(SILENT.search(plain)))
