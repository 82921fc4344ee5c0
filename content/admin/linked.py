"""What links to an article, for the page on which it is withdrawn."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from content.choices import PageKind
from content.linking import readers
from content.linking.readers import Reader
from content.models import Revision
from content.page_links import Page


def readers_of(revision: Revision) -> list[tuple[Reader, str]]:
    """Return what links to the article of a revision, each with the address of its form."""
    page = Page(PageKind.ARTICLE, revision.article_id)
    found = readers.linking_to(page, revision.article.slug, timezone.now())
    return [(reader, _form_of(reader)) for reader in found]


def _form_of(reader: Reader) -> str:
    options = reader.row._meta  # noqa: SLF001  documented by Django
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[reader.row.pk])
