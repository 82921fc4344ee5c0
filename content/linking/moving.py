"""Old addresses of pages: noted when a row is saved with another slug, and looked up when no page has the asked one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save, pre_save

from content import page_links, targets
from content.choices import PageKind
from content.models import Article, FormerSlug
from content.page_links import Named, path_of


def listen() -> None:
    """Note every change of a slug, whichever form, command or shell makes it."""
    for kind in page_links.FOLDERS:
        model = targets.MODELS[kind]
        for signal, receiver in ((pre_save, _compare), (post_save, _note)):
            signal.connect(receiver, sender=model, dispatch_uid=f"content.linking.moving.{kind}.{receiver.__name__}")


def note(row: Model, former: str) -> None:
    """Let the address with the slug `former` lead to the page of `row` from now on, and its own address to itself.

    Whoever had the slug last is who it leads to. A page that readers see comes before any of them.
    """
    kind = _kind(row)
    owner = {str(each): row if each == kind else None for each in page_links.FOLDERS}
    FormerSlug.objects.update_or_create(kind=kind, slug=former, defaults=owner)
    FormerSlug.objects.filter(kind=kind, slug=row.slug, **{str(kind): row}).delete()  # type: ignore[attr-defined]  # each of them has one


def present_slugs(kind: PageKind, slugs: Collection[str], now: dt.datetime) -> dict[str, str]:
    """Return the present slugs of pages by those that they had before; what readers do not see is not among them.

    An article that readers have seen under one of `slugs` keeps it, withdrawn or not: they are not led to other words.
    """
    rows = FormerSlug.objects.filter(kind=kind, slug__in=slugs, **{f"{kind}__in": targets.shown(kind, now)})
    found = {former: present for former, present in rows.values_list("slug", f"{kind}__slug") if former != present}
    if found and kind == PageKind.ARTICLE:
        own = Article.objects.filter(slug__in=found, revisions__go_live_at__lte=now).values_list("slug", flat=True)
        found = {former: present for former, present in found.items() if former not in set(own)}
    return found


def present_path(kind: PageKind, slug: str, now: dt.datetime) -> str | None:
    """Return the path of the page that had `slug` before, or None, as for `present_slugs`."""
    present = present_slugs(kind, [slug], now).get(slug)
    return path_of(Named(kind, present)) if present else None


def _compare(instance: Any, *, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """Remember on the row which slug it is about to lose."""
    instance.slug_before = None
    if instance.pk is None or raw or (update_fields is not None and "slug" not in update_fields):
        return
    before = type(instance).objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    instance.slug_before = before if before != instance.slug else None


def _note(instance: Any, **kwargs: Any) -> None:
    if instance.slug_before:
        note(instance, instance.slug_before)
    instance.slug_before = None


def _kind(row: Model) -> PageKind:
    kind = targets.kind_of(type(row))
    if kind is None:
        raise TypeError(f"{type(row).__name__} has no page with a slug in its address")
    return kind
