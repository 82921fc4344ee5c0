"""Checks across rows of a library: links between rows, links in texts, uniqueness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from content import links
from content.comparison.tables import SEPARATOR
from content.loading import prose, rules, sections
from content.loading.kind import Kind
from content.loading.kinds import KINDS
from content.loading.library import Library
from content.loading.rows import Link, Model, Row, column_of, word_for
from content.loading.source import BODY, Problem
from content.loading.values import quoted, suggestion
from content.models import Article, Center, Criterion, DecisionQuestion, Finding, Policy, Reference, Term, Therapy
from content.models.decision import MOST_QUESTIONS

# Pages whose address names a row, by the name of the view.
PAGES: Mapping[str, Model] = {"content:article": Article, "content:therapy": Therapy, "content:center": Center}
# One source has one key, so that nobody cites it under two numbers; one therapy stands for standard care.
UNSHARED: Mapping[Model, tuple[str, ...]] = {Reference: ("doi", "url", "pmid"), Therapy: ("standard_care",)}


def find_problems(library: Library) -> Iterator[Problem]:
    """Yield what is wrong in rows that could be read."""
    for kind in KINDS:
        yield from _shared_values(library, kind)
        for row in library.rows[kind.model].values():
            yield from rules.find_problems(row)
            for member in row.family:
                yield from _unknown_rows(library, member)
                yield from _text_problems(library, member, row)
    yield from _unsaid(library)
    for row in list(library.rows[DecisionQuestion].values())[MOST_QUESTIONS:]:
        yield Problem(*row.entry.place, f"the decision aid has at most {MOST_QUESTIONS} questions")


def _unsaid(library: Library) -> Iterator[Problem]:
    """Yield therapies that say nothing under a required criterion: readers would not see them."""
    required = [key for key, row in library.rows[Criterion].items() if row.values.get("required")]
    for row in library.rows[Therapy].values():
        said = {link.key for finding in row.children[Finding] for link in finding.links if link.model is Criterion}
        for key in required:
            if key not in said:
                sentence = f'there is no finding under "{key}"; every therapy needs one, if only "Not reported"'
                yield Problem(*row.entry.place, sentence)


def _unknown_rows(library: Library, row: Row) -> Iterator[Problem]:
    for link in row.links:
        sentence = _unknown(library, link.model, link.key)
        if sentence:
            yield Problem(*link.place, sentence)


def _text_problems(library: Library, row: Row, page: Row) -> Iterator[Problem]:
    """Yield what is wrong in the texts of a row that is shown on the page of `page`."""
    for passage in row.passages:
        yield from prose.find_problems(passage)
        yield from sections.find_stray_citations(passage)
        for place, href in prose.find_links(passage):
            sentence = _wrong_address(library, href, page)
            if sentence:
                yield Problem(*place, sentence)


def _unknown(library: Library, model: Model, key: str) -> str:
    """Return a sentence when a row is named that no file describes; nothing while some of them could not be read."""
    known = library.rows[model]
    if key in known or model in library.incomplete:
        return ""
    return f"the {word_for(model)} {quoted(key)} is unknown{suggestion(key, known)}"


def _wrong_address(library: Library, href: str, page: Row) -> str:
    """Return a sentence when a link leads nowhere; links to other sites are not followed."""
    try:
        address = urlsplit(links.complete(href))
    except ValueError as error:
        return str(error)
    if address.scheme:
        return ""
    if not address.path and address.fragment:
        return _missing_anchor(page, address.fragment)
    try:
        match = resolve(address.path)
    except Resolver404:
        match = None
    if match is None:
        return f"the link to {quoted(href)} leads nowhere; a path on this site starts and ends with a slash"
    return _unknown_target(library, match, address.fragment)


def _unknown_target(library: Library, match: ResolverMatch, anchor: str) -> str:
    """Return a sentence when a page of this site would have nothing to show."""
    if match.view_name == "content:comparison":
        slugs = str(match.kwargs["chosen"]).split(SEPARATOR)
        return next(filter(None, (_unknown(library, Therapy, slug) for slug in slugs)), "")
    if match.view_name == "content:glossary":
        return _unknown(library, Term, anchor) if anchor else ""
    model = PAGES.get(match.view_name)
    if model is None:
        return ""
    target = library.rows[model].get(match.kwargs["slug"])
    return _missing_anchor(target, anchor) if target else _unknown(library, model, match.kwargs["slug"])


def _missing_anchor(page: Row, anchor: str) -> str:
    if not anchor or page.model not in {Article, Policy}:
        return ""
    known = [part.anchor for part in sections.split(page.entry.texts[BODY])[1:]]
    return "" if anchor in known else f"{page.entry.path} has no section #{anchor}{suggestion(anchor, known)}"


def _shared_values(library: Library, kind: Kind) -> Iterator[Problem]:
    """Yield rows that share a value which only one of them may have."""
    unique = [name for name in kind.columns.values() if column_of(kind.model, name).unique and name != kind.key]
    for column_name in (*unique, *UNSHARED.get(kind.model, ())):
        seen: dict[object, Row] = {}
        for row in library.rows[kind.model].values():
            value = row.values.get(column_name)
            if not value or isinstance(value, Link):
                continue
            other = seen.setdefault(str(value).casefold(), row)
            if other is not row:
                name = next(name for name, same in kind.columns.items() if same == column_name)
                where = f"{other.entry.path}:{other.entry.line}"
                yield Problem(*row.entry.at(name), f'another {word_for(kind.model)} has the same "{name}": see {where}')
