"""What is indexed of each thing that has a page: its title, what stands out on it, and all of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from content import richtext
from content.choices import SearchKind
from content.models import Center, Policy, Question, Revision, SearchEntry, Term, Therapy
from content.search.stemming import stem
from content.search.words import telling

# What a word counts in the title, in what stands out (summary, headings), and each time in the text, up to a most of each.
IN_TITLE = 20
STANDS_OUT, MOST_STANDING_OUT = 4, 8
IN_TEXT, MOST_IN_TEXT = 1, 6
# A text is longer than this only by mistake; what comes after is not found.
LONGEST_TEXT = 200_000


def of_revision(revision: Revision) -> SearchEntry:
    """Return the entry of an article's revision; its sections are read, or prefetched."""
    sections = list(revision.sections.all())
    text = [revision.summary, _uncited(revision.lead), *revision.key_point_list]
    for section in sections:
        text += [f"{section.heading}.", _uncited(section.body), section.figure_caption]
    standing_out = [revision.summary, *(section.heading for section in sections), revision.key_points]
    return _entry(SearchKind.ARTICLE, revision.title, standing_out, text, revision=revision)


def of_therapy(therapy: Therapy) -> SearchEntry:
    """Return the entry of a therapy with its findings, which are read with their criteria, or prefetched."""
    text = [therapy.summary, richtext.to_text(therapy.description), therapy.regulatory_note]
    text += [f"{finding.criterion.name}: {finding.value}. {finding.note}".strip() for finding in therapy.findings.all()]
    title = therapy.name if therapy.short_name in therapy.name else f"{therapy.name} ({therapy.short_name})"
    return _entry(
        SearchKind.THERAPY, title, [therapy.summary, therapy.get_regulatory_status_display()], text, therapy=therapy
    )


def of_comparison(one: Therapy, other: Therapy) -> SearchEntry:
    """Return the entry of the comparison of two therapies: for who names both, so its title says all."""
    title = f"{one.name} and {other.name} compared"
    text = ["What they are, how sure the evidence is and what to weigh, side by side.", one.summary, other.summary]
    return _entry(SearchKind.COMPARISON, title, [], text, said=[title], therapy=one, compared=other)


def of_question(question: Question) -> SearchEntry:
    """Return the entry of a question with its answer."""
    answer = richtext.to_text(question.answer)
    return _entry(SearchKind.QUESTION, question.question, [question.group], [answer], question=question)


def of_center(center: Center) -> SearchEntry:
    """Return the entry of a center: where it is."""
    place = f"{center.address}, {center.city} {center.postal_code}, {center.country.name}"
    where = [center.city, center.country.name, center.region]
    return _entry(SearchKind.CENTER, center.name, where, [place, "Clinic, opening hours and phone."], center=center)


def of_policy(policy: Policy) -> SearchEntry:
    """Return the entry of a legal text."""
    return _entry(
        SearchKind.POLICY,
        policy.title,
        [policy.summary],
        [policy.summary, richtext.to_text(policy.body)],
        policy=policy,
    )


def of_term(term: Term) -> SearchEntry:
    """Return the entry of a term of the glossary, found by its other spellings, too."""
    also = f"Also: {', '.join(term.spelling_list)}." if term.spelling_list else ""
    return _entry(SearchKind.TERM, term.name, term.spelling_list, [term.definition, also], term=term)


def _uncited(html: str) -> str:
    """Return the words of a text without the numbers of its citations."""
    return richtext.CITATION.sub("", richtext.to_text(html))


def _entry(
    kind: SearchKind,
    title: str,
    standing_out: Iterable[str],
    text: Iterable[str],
    said: Iterable[str] | None = None,
    **row: object,
) -> SearchEntry:
    """Return an unsaved entry; `said`: the text that can be found, where that is not all of it."""
    parts = [part for part in text if part]
    found = parts if said is None else list(said)
    whole = " ".join(parts)[:LONGEST_TEXT]
    words = _words(title, " \n".join(standing_out), " ".join(found)[:LONGEST_TEXT])
    return SearchEntry(kind=kind, title=title, text=whole, words=words, **row)


def _words(title: str, standing_out: str, text: str) -> str:
    """Return a line for each word, in their order: its stem, the word, its weight."""
    weights: Counter[str] = Counter()
    for source, each, most in ((standing_out, STANDS_OUT, MOST_STANDING_OUT), (text, IN_TEXT, MOST_IN_TEXT)):
        for word, times in Counter(telling(source)).items():
            weights[word] += min(times * each, most)
    for word in set(telling(title)):
        weights[word] += IN_TITLE
    # A line feed in front of each, and one at the end, so that every line can be looked for in the same way.
    return "".join(f"\n{stem(word)} {word} {weight}" for word, weight in sorted(weights.items())) + "\n"
