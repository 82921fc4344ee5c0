"""What a cache server gives out is something else than was put there."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from content import outages
from content.caching import _key
from tests.factories import make_article

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.mark.parametrize("other", [7, "words", (1, 2, 3)])
def test_page_is_drawn_anew_and_kept_again(client: Client, other: object) -> None:
    path = make_article(title="Title").get_absolute_url()
    first = client.get(path)
    key = _key(first.wsgi_request)
    kept = cache.get(key)
    cache.set(key, other)

    again = client.get(path)

    assert (again.status_code, again.content) == (200, first.content)
    assert cache.get(key).body == kept.body


@pytest.mark.parametrize("other", [7, "words", (1, 2, 3)])
def test_reading_of_the_content_version_that_is_none_counts_as_none(other: object) -> None:
    cache.set(outages.CACHE_KEY, other)

    assert outages.shared() is None
