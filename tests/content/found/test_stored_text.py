"""What stands in the database, whoever put it there, breaks no format."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from content.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x01", "\x1b", "\x85", "\ufffe", "\uffff", "\ufdd0"])
def test_feed_is_well_formed_with_any_stored_title(client: Client, sign: str) -> None:
    article = make_article(published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    Article.objects.filter(pk=article.pk).update(title=f"What{sign}PRP is", summary=f"A{sign}B")

    response = client.get("/feed/")

    assert response.status_code == 200
    titles = [one.text or "" for one in ET.fromstring(response.content).iter("{http://www.w3.org/2005/Atom}title")]  # noqa: S314  written by this site
    assert titles[1].replace("\n", "") == "WhatPRP is"
