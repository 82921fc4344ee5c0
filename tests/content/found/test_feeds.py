"""The feed of new guides."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.factories import NOW, make_article

ATOM = {"a": "http://www.w3.org/2005/Atom"}

pytestmark = pytest.mark.usefixtures("clinic")


def entries(client: Client) -> list[ET.Element]:
    """Return the feed's entries."""
    return ET.fromstring(client.get("/feed/").content).findall("a:entry", ATOM)  # noqa: S314  our own feed


def test_feed_holds_published_articles_newest_first(client: Client) -> None:
    make_article(title="Older", published_at=NOW - dt.timedelta(days=20))
    make_article(title="Newer", published_at=NOW - dt.timedelta(days=10))
    make_article(title="Draft", published_at=None)
    make_article(title="To come", published_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))

    assert [entry.findtext("a:title", "", ATOM) for entry in entries(client)] == ["Newer", "Older"]


def test_feed_entry_says_who_what_and_when(client: Client) -> None:
    article = make_article(summary="What it says & why.")

    entry = entries(client)[0]

    assert entry.findtext("a:summary", "", ATOM) == "What it says & why."
    assert entry.findtext("a:author/a:name", "", ATOM) == article.author.name
    assert entry.findtext("a:published", "", ATOM) == (NOW - dt.timedelta(days=10)).isoformat()


def test_feed_gives_canonical_addresses_whatever_host_was_asked(client: Client) -> None:
    article = make_article()

    feed = client.get("/feed/").content.decode()

    assert f'<link href="http://localhost:8000{article.get_absolute_url()}" rel="alternate"/>' in feed
    assert "testserver" not in feed


def test_feed_holds_the_twenty_newest(client: Client) -> None:
    first = make_article()
    for _ in range(20):
        make_article(topic=first.topic, author=first.author, medical_reviewer=first.medical_reviewer)

    assert len(entries(client)) == 20


def test_feed_without_articles_is_still_a_feed(client: Client) -> None:
    response = client.get("/feed/")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert entries(client) == []
