"""Which pages use a term of the glossary, for readers of the glossary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from content import page_links
from content.choices import PageKind
from content.links import REFERENCE_SCHEME
from content.models import Question, Revision, Section, Therapy


class Use(NamedTuple):
    """A page that uses a term: its title, and the path of the part that does so first."""

    title: str
    path: str


def uses_of_terms(now: dt.datetime) -> dict[int, list[Use]]:
    """Return where texts that readers see at `now` refer to each term, by its id; a page once, in four queries."""
    found: dict[int, dict[str, Use]] = {}
    for html, use in _texts(now):
        for page in page_links.pages_in([html]):
            if page.kind == PageKind.TERM:
                found.setdefault(page.pk, {}).setdefault(use.title, use)
    return {pk: list(uses.values()) for pk, uses in found.items()}


def _texts(now: dt.datetime) -> Iterator[tuple[str, Use]]:
    """Yield each text that refers to a term, with its page."""
    start = f'href="{REFERENCE_SCHEME}:{PageKind.TERM}/'
    public = Revision.objects.public(now)
    for revision in public.filter(lead__contains=start).select_related("article").order_by("title"):
        yield revision.lead, Use(revision.title, revision.get_absolute_url())
    sections = Section.objects.filter(revision__in=public, body__contains=start).select_related("revision__article")
    for section in sections.order_by("revision__title", "position"):
        path = f"{section.revision.get_absolute_url()}#{section.anchor}"
        yield section.body, Use(section.revision.title, path)
    for therapy in Therapy.objects.shown().filter(description__contains=start):
        yield therapy.description, Use(therapy.name, therapy.get_absolute_url())
    for question in Question.objects.filter(answer__contains=start):
        yield question.answer, Use(question.question, f"{reverse('content:faq')}#{question.slug}")
