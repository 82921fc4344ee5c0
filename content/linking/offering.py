"""What an editor can link to on this site, by name: pages and their parts that readers see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from content.choices import PageKind
from content.models import Policy, Question, Revision, Section
from content.targets import shown

# Pages without a row of their own.
PAGES = {
    "content:articles": "Guides",
    "content:therapies": "Therapies",
    "content:compare": "Compare therapies",
    "content:decide": "Decision aid",
    "content:centers": "Centers",
    "content:faq": "Questions and answers",
    "content:glossary": "Glossary",
    "content:contact": "Contact",
}


class Offer(NamedTuple):
    """A page or a part of one: its path, and its name for staff."""

    path: str
    name: str


def offered(now: dt.datetime) -> list[Offer]:
    """Return everything that a text can link to at `now`, pages before their parts."""
    return [*_articles(now), *_rows(now), *_questions(), *(Offer(reverse(view), name) for view, name in PAGES.items())]


def _articles(now: dt.datetime) -> Iterator[Offer]:
    public = Revision.objects.public(now)
    parts: dict[int, list[Section]] = {}
    for section in Section.objects.filter(revision__in=public).only("revision", "anchor", "heading"):
        parts.setdefault(section.revision_id, []).append(section)
    for revision in public.select_related("article").order_by("title"):
        path = revision.get_absolute_url()
        yield Offer(path, revision.title)
        for section in parts.get(revision.pk, []):
            yield Offer(f"{path}#{section.anchor}", f"{revision.title}: {section.heading}")


def _rows(now: dt.datetime) -> Iterator[Offer]:
    for kind in (PageKind.THERAPY, PageKind.CENTER, PageKind.TERM):
        for row in shown(kind, now):
            yield Offer(row.get_absolute_url(), f"{kind.label} {row.name}")
    for policy in Policy.objects.all():
        yield Offer(policy.get_absolute_url(), policy.title)


def _questions() -> Iterator[Offer]:
    path = reverse("content:faq")
    for question in Question.objects.only("slug", "question"):
        yield Offer(f"{path}#{question.slug}", question.question)
