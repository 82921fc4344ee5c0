"""Which pages link to a page: who withdraws it is told, as their links become plain words then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Model, Q

from content import page_links
from content.linking.keeping import texts_of
from content.models import ClinicProfile, Notice, Policy, Question, RelatedArticle, Revision, Section, Therapy
from content.page_links import Named, Page

# What has no revisions: readers see a change of them at once.
PLAIN: tuple[type[Model], ...] = (Therapy, Question, Notice, Policy, ClinicProfile)


class Reader(NamedTuple):
    """A row whose text links to a page, and where in it."""

    row: Model
    place: str

    @property
    def kind(self) -> str:
        """What the row is, in words for staff: of an article, how far it is."""
        if isinstance(self.row, Revision):
            return f"article, {self.row.get_state_display().lower()}"
        return str(self.row._meta.verbose_name)  # noqa: SLF001  documented by Django


def linking_to(page: Page, slug: str, now: dt.datetime) -> list[Reader]:
    """Return what links to a page: articles that readers see or will see, drafts, and other texts; the page itself left out."""
    return [*_articles(page, slug, now), *_others(page, slug)]


def _articles(page: Page, slug: str, now: dt.datetime) -> Iterator[Reader]:
    live = Revision.objects.exclude(article=page.pk) if page.kind == "article" else Revision.objects.all()
    shown = live.filter(
        Q(pk__in=live.public(now).values("pk"))
        | Q(pk__in=live.scheduled(now).values("pk"))
        | Q(pk__in=live.open().values("pk"))
    ).order_by("title", "pk")
    for revision in shown.filter(_links("lead", page, slug)):
        yield Reader(revision, "lead")
    for section in Section.objects.filter(_links("body", page, slug), revision__in=shown).select_related("revision"):
        yield Reader(section.revision, f"section “{section.heading}”")
    if page.kind == "article":
        for guide in RelatedArticle.objects.filter(related=page.pk, revision__in=shown).select_related("revision"):
            yield Reader(guide.revision, "related guides")


def _others(page: Page, slug: str) -> Iterator[Reader]:
    for model in PLAIN:
        for column in texts_of(model):
            rows: Any = model._default_manager.filter(_links(column.attname, page, slug))  # noqa: SLF001  documented by Django
            yield from (Reader(row, str(column.verbose_name)) for row in rows)


def _links(column: str, page: Page, slug: str) -> Q:
    """Return the condition that a text links to a page, with an anchor or without; by its address where that was kept."""
    reference, path = page_links.reference(page), page_links.path_of(Named(page.kind, slug))
    found = Q(pk__in=[])
    for start in (f'href="{reference}"', f'href="{reference}#', f'href="{path}"', f'href="{path}#'):
        found |= Q(**{f"{column}__contains": start})
    return found
