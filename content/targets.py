"""The pages of this site that texts can link to: which readers see, and what they are called in addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat

from content import page_links
from content.choices import PageKind
from content.models import Article, Center, FormerSlug, Revision, Term, Therapy
from content.page_links import Named, Page

MODELS: dict[PageKind, type[Article | Therapy | Center | Term]] = {
    PageKind.ARTICLE: Article,
    PageKind.THERAPY: Therapy,
    PageKind.CENTER: Center,
    PageKind.TERM: Term,
}


def shown(kind: PageKind, now: dt.datetime) -> QuerySet[Any]:
    """Return the rows of a kind whose page readers see at `now`."""
    if kind == PageKind.ARTICLE:
        return Article.objects.filter(pk__in=Revision.objects.public(now).values("article"))
    return Therapy.objects.shown() if kind == PageKind.THERAPY else _rows(kind)


def in_one_column(kind: PageKind, now: dt.datetime) -> Subquery:
    """Return all shown pages of a kind as one value of a query on something else: "12:what-is-prp,13:exosomes"."""
    each = Concat(Cast("pk", TextField()), Value(":"), "slug", output_field=TextField())
    # Grouping by a constant makes the subquery return one text.
    rows = shown(kind, now).order_by().values(one=OuterRef("pk"))
    return Subquery(rows.annotate(all=StringAgg(each, Value(","))).values("all"), output_field=TextField())


def from_columns(columns: Mapping[PageKind, str | None]) -> dict[Page, str]:
    """Return the slugs of pages from what `in_one_column` gave; no slug has a colon or a comma in it."""
    found = {}
    for kind, column in columns.items():
        for each in (column or "").split(",") if column else []:
            pk, _, slug = each.partition(":")
            found[Page(kind, int(pk))] = slug
    return found


def slugs_of(pages: Iterable[Page]) -> dict[Page, str]:
    """Return the present slugs of pages, seen by readers or not; one query for each kind among them."""
    by_kind: dict[PageKind, list[int]] = {}
    for page in pages:
        by_kind.setdefault(page.kind, []).append(page.pk)
    return {
        Page(kind, pk): slug
        for kind, pks in by_kind.items()
        for pk, slug in _rows(kind).filter(pk__in=pks).values_list("pk", "slug")
    }


def find(named: Iterable[Named]) -> dict[Named, int]:
    """Return the ids of pages by a slug that they have or, where no row has it now, had; seen by readers or not."""
    by_kind: dict[PageKind, set[str]] = {}
    for each in named:
        by_kind.setdefault(each.kind, set()).add(each.slug)
    found: dict[Named, int] = {}
    for kind, slugs in by_kind.items():
        present = _rows(kind).filter(slug__in=slugs).values_list("slug", "pk")
        found |= {Named(kind, slug): pk for slug, pk in present}
        left = slugs - {each.slug for each in found if each.kind == kind}
        if left and kind in page_links.FOLDERS:
            former = FormerSlug.objects.filter(kind=kind, slug__in=left).values_list("slug", str(kind))
            found |= {Named(kind, slug): pk for slug, pk in former}
    return found


def every() -> dict[Named, int]:
    """Return the ids of all pages by their present slugs."""
    return {Named(kind, slug): pk for kind in PageKind for slug, pk in _rows(kind).values_list("slug", "pk")}


def kind_of(model: type[Model]) -> PageKind | None:
    """Return the kind of page that rows of a model have; None: none whose address holds a slug."""
    return next((kind for kind, each in MODELS.items() if each is model), None)


def _rows(kind: PageKind) -> QuerySet[Any]:
    return MODELS[kind]._default_manager.order_by()  # noqa: SLF001  documented by Django
