"""Turns addresses of our pages in texts into references before they are saved, whichever form, command or shell wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models import Model, Q
from django.db.models.signals import pre_save

from content import page_links, richtext, targets
from content.fields import RichTextField
from content.page_links import Named


def listen(app: AppConfig) -> None:
    """Do it for every model of the app that has rich text."""
    for model in _with_texts(app):
        pre_save.connect(_keep, sender=model, dispatch_uid=f"content.linking.keeping.{model.__name__}")


def referring(html: str, pages: Mapping[Named, int] | None = None) -> str:
    """Return a sanitised text that refers to pages of ours where it had their addresses.

    Args:
        html: sanitised.
        pages: ids by what names a page; None: they are looked up, old slugs included.
    """
    if "<a " not in html:
        return html
    if pages is None:
        named = page_links.named_in(html, settings.SITE_URL)
        pages = targets.find(named) if named else {}
    return page_links.refer(html, pages, settings.SITE_URL)


def settle(models: Iterable[type[Model]]) -> None:
    """Save the rows whose texts have the address of a page that was written after them."""
    for model in models:
        columns = texts_of(model)
        with_paths = Q(pk__in=[])
        for column in columns:
            with_paths |= Q(**{f"{column.attname}__contains": 'href="/'})
        for row in model._default_manager.filter(with_paths):  # noqa: SLF001  documented by Django
            if any(referring(text) != text for column in columns if (text := getattr(row, column.attname))):
                row.save()


def texts_of(model: type[Model]) -> list[RichTextField]:
    """Return the columns of a model that hold rich text."""
    return [column for column in model._meta.concrete_fields if isinstance(column, RichTextField)]  # noqa: SLF001  documented


def _with_texts(app: AppConfig) -> Iterator[type[Model]]:
    return (model for model in app.get_models() if texts_of(model))


def _keep(instance: Model, *, raw: bool = False, **kwargs: Any) -> None:
    for column in [] if raw else texts_of(type(instance)):
        html = instance.__dict__.get(column.attname)
        if html and "<a" in html.casefold():
            # Before it is cleaned: the name of a machine of our own, such as localhost, is none that a link may lead to.
            cleaned = richtext.clean(
                page_links.with_paths(html, settings.SITE_URL), headings_named=column.headings_named
            )
            setattr(instance, column.attname, referring(cleaned))
