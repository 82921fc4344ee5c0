"""What a page of results shows: each thing's title, address, kind, and the passage of it that answers best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from content.choices import SearchKind
from content.comparison.tables import canonical
from content.models import SearchEntry
from content.search.finding import Hit
from content.search.words import Word, words_of

# Signs. A passage is about two lines on a wide screen.
PASSAGE = 220
BEFORE = 60
ROWS = ["revision__article", "therapy", "compared", "question", "center", "policy", "term"]


@dataclass(frozen=True)
class Result:
    """A line of the page; title and passage are HTML with the words that were looked for marked."""

    title: SafeString
    kind: str
    path: str
    passage: SafeString


def results_of(hits: Sequence[Hit]) -> list[Result]:
    """Return what is shown of some hits, in their order, in one query; what is gone meanwhile is left out."""
    rows = SearchEntry.objects.select_related(*ROWS).in_bulk([hit.pk for hit in hits])
    return [_result(rows[hit.pk], hit.words) for hit in hits if hit.pk in rows]


def _result(entry: SearchEntry, words: frozenset[str]) -> Result:
    kind = SearchKind(entry.kind)
    return Result(marked(entry.title, words), str(kind.label), path_of(entry), passage(entry.text, words))


def path_of(entry: SearchEntry) -> str:
    """Return the address of an entry's page as it is now."""
    if entry.therapy and entry.compared:
        return reverse("content:comparison", args=[canonical([entry.therapy.slug, entry.compared.slug])])
    if entry.question:
        return f"{reverse('content:faq')}#{entry.question.slug}"
    row = entry.revision or entry.therapy or entry.center or entry.policy or entry.term
    return row.get_absolute_url() if row else "/"


def marked(text: str, words: frozenset[str]) -> SafeString:
    """Return a text as HTML, escaped, with some of its words in `<mark>`; `words` are folded."""
    parts, at = [], 0
    for word in words_of(text):
        if word.folded in words:
            parts += [escape(text[at : word.start]), f"<mark>{escape(text[word.start : word.end])}</mark>"]
            at = word.end
    return mark_safe("".join([*parts, escape(text[at:])]))  # noqa: S308  every part is escaped


def passage(text: str, words: frozenset[str]) -> SafeString:
    """Return the part of a text where most of the words stand, as HTML; its beginning where none does."""
    found = [word for word in words_of(text) if word.folded in words]
    start = _best(found)
    if start < PASSAGE - BEFORE:
        start = 0
    else:
        # At the beginning of a word, and of a sentence where one begins nearby.
        sentence = text.rfind(". ", start - BEFORE, start)
        start = sentence + 2 if sentence >= 0 else text.find(" ", start - BEFORE) + 1
    end = start + PASSAGE
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + PASSAGE // 2)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + marked(text[start:end].strip(), words) + after)  # noqa: S308  `marked` escapes


def _best(found: list[Word]) -> int:
    """Return where the passage with most different words begins; of several the first."""
    best, most, first = 0, 0, 0
    for last, word in enumerate(found):
        while word.end - found[first].start > PASSAGE - BEFORE:
            first += 1
        if (different := len({one.folded for one in found[first : last + 1]})) > most:
            best, most = found[first].start, different
    return best


def address(query: str, page: int = 1) -> str:
    """Return the address of a page of results."""
    return f"{reverse('content:search')}?{urlencode({'q': query} | ({'page': page} if page > 1 else {}))}"
