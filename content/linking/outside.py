"""Links to other sites in everything that readers see, each with the places where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from content import page_links
from content.linking.keeping import texts_of
from content.models import ClinicProfile, Notice, Policy, Question, Reference, Revision, Section, Therapy


def public(now: dt.datetime) -> dict[str, list[str]]:
    """Return the web addresses of other sites that readers can follow at `now`, and where they stand in words for staff."""
    found: dict[str, list[str]] = {}
    for where, href in _all(now):
        if href.startswith(("https://", "http://")) and where not in found.setdefault(href, []):
            found[href].append(where)
    return found


def _all(now: dt.datetime) -> Iterator[tuple[str, str]]:
    for where, html in _texts(now):
        yield from ((where, link.href) for link in page_links.links_in(html))
    shown = Revision.objects.public(now)
    cited = (
        Q(citations__revision__in=shown)
        | Q(findings__isnull=False)
        | Q(pk__in=Therapy.objects.values("regulatory_reference"))
    )
    for source in Reference.objects.filter(cited).distinct():
        yield f"reference {source.key}", source.link
        if source.doi and source.url:
            yield f"reference {source.key}", source.url
    for notice in Notice.objects.current_somewhere(now):
        yield f"notice “{notice.title}”, source", notice.source


def _texts(now: dt.datetime) -> Iterator[tuple[str, str]]:
    """Yield where a text stands and its HTML."""
    shown = Revision.objects.public(now).order_by("article__slug")
    for revision in shown:
        yield f"article “{revision.title}”, lead", revision.lead
    for section in Section.objects.filter(revision__in=shown).select_related("revision"):
        yield f"article “{section.revision.title}”, section “{section.heading}”", section.body
    for rows in (
        Therapy.objects.shown(),
        Question.objects.all(),
        Notice.objects.current_somewhere(now),
        Policy.objects.all(),
        ClinicProfile.objects.all(),
    ):
        for row in rows:
            for column in texts_of(type(row)):
                name = f"{row._meta.verbose_name} “{row}”"  # noqa: SLF001  documented by Django
                yield f"{name}, {column.verbose_name}", getattr(row, column.attname)
