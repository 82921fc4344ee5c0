"""What search engines are told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from content.choices import PolicyKind
from tests.factories import make_article, make_center, make_policy, make_therapy

pytestmark = pytest.mark.usefixtures("clinic")


def paths(client: Client) -> list[str]:
    """Return the paths that the sitemap lists, all on the site's own origin."""
    return re.findall(r"<loc>http://localhost:8000(/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())


def test_sitemap_lists_every_page_once(client: Client) -> None:
    make_article(slug="guide")
    make_therapy(slug="b")
    make_therapy(slug="a")
    make_center(slug="here")
    make_policy(kind=PolicyKind.PRIVACY)

    listed = paths(client)

    rows = ["/articles/guide/", "/therapies/a/", "/therapies/b/", "/compare/a-vs-b/", "/centers/here/"]
    fixed = [
        "/",
        "/articles/",
        "/therapies/",
        "/compare/",
        "/centers/",
        "/faq/",
        "/contact/",
        "/decide/",
        "/glossary/",
        "/notices/",
    ]
    assert sorted(listed) == sorted([*rows, *fixed, "/privacy/"])


def test_sitemap_keeps_drafts_to_itself(client: Client) -> None:
    make_article(slug="draft", published_at=None)

    assert "/articles/draft/" not in paths(client)


def test_sitemap_says_since_when_readers_see_these_words(client: Client) -> None:
    article = make_article(published_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    make_article(article=article.article, published_at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC))

    assert "<lastmod>2026-10-02</lastmod>" in client.get("/sitemap.xml").content.decode()
