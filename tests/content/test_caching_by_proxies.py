"""Kept pages: what a proxy of ours may keep of them, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from content import versions
from content.found.page import Page
from content.views import ArticleListView
from tests.factories import make_article

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.mark.parametrize("is_known", [False, True])
def test_proxy_may_keep_a_page_to_the_end_of_the_second_in_which_it_was_asked_for(
    client: Client, *, is_known: bool
) -> None:
    path = make_article().get_absolute_url()
    etag = client.get(path).headers["ETag"]

    with time_machine.travel(dt.datetime(2026, 11, 16, 12, 0, 0, 900_000, tzinfo=dt.UTC), tick=False):
        response = client.get(path, headers={"if-none-match": etag if is_known else ""})

    names = list(response.headers)
    assert response.status_code == (304 if is_known else 200)
    assert response.headers["X-Accel-Expires"] == f"@{dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC).timestamp():.0f}"
    assert (
        response.headers["Cache-Control"]
        == "public, max-age=0, must-revalidate, stale-while-revalidate=1, stale-if-error=0"
    )
    # nginx before 1.23 heeds the first of the two.
    assert names.index("X-Accel-Expires") < names.index("Cache-Control")


@pytest.mark.parametrize(("is_edited", "second"), [(False, 5), (True, 0)])
def test_page_that_was_long_in_the_drawing_is_kept_from_when_its_words_last_held(
    client: Client, *, is_edited: bool, second: int
) -> None:
    arrival, described = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC), ArticleListView.get_page
    with time_machine.travel(arrival, tick=False) as clock, pytest.MonkeyPatch.context() as patch:

        def describe_slowly(view: ArticleListView, context: dict[str, Any]) -> Page:
            clock.shift(dt.timedelta(seconds=5))
            if is_edited:
                versions.bump()
            return described(view, context)

        patch.setattr(ArticleListView, "get_page", describe_slowly)
        response = client.get("/articles/")

    assert response.headers["X-Accel-Expires"] == f"@{arrival.timestamp() + second:.0f}"


def said_to_a_cdn(headers: Any) -> list[str | None]:
    return [headers.get(name) for name in ("CDN-Cache-Control", "Cache-Tag", "Surrogate-Key")]


def test_cdn_that_is_told_of_edits_may_keep_a_page_for_a_minute(client: Client, settings: Settings) -> None:
    path = make_article().get_absolute_url()
    without = client.get(path)
    settings.CDN_PURGE_URL = "https://cdn.example/purge"
    response = client.get(path)

    assert said_to_a_cdn(without.headers) == [None, None, None]
    assert said_to_a_cdn(response.headers) == ["public, max-age=60, must-revalidate", "pages", "pages"]
    # For all others it is as before.
    assert response.headers["Cache-Control"] == without.headers["Cache-Control"]


@pytest.mark.parametrize(("milliseconds", "said"), [(20_000, "public, max-age=20, must-revalidate"), (900, None)])
def test_cdn_keeps_no_page_past_the_moment_at_which_it_changes(
    client: Client, settings: Settings, milliseconds: int, said: str | None
) -> None:
    settings.CDN_PURGE_URL = "https://cdn.example/purge"
    changes = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
    make_article(published_at=changes)

    with time_machine.travel(changes - dt.timedelta(milliseconds=milliseconds), tick=False):
        assert client.get("/articles/").headers.get("CDN-Cache-Control") == said


def test_cdn_may_not_keep_a_page_whose_words_were_edited_while_it_was_drawn(client: Client, settings: Settings) -> None:
    settings.CDN_PURGE_URL = "https://cdn.example/purge"
    described = ArticleListView.get_page
    arrival = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
    with time_machine.travel(arrival, tick=False) as clock, pytest.MonkeyPatch.context() as patch:

        def describe_slowly(view: ArticleListView, context: dict[str, Any]) -> Page:
            clock.shift(dt.timedelta(seconds=1))
            versions.bump()
            return described(view, context)

        patch.setattr(ArticleListView, "get_page", describe_slowly)
        response = client.get("/articles/")

    assert said_to_a_cdn(response.headers) == [None, None, None]


@pytest.mark.parametrize("path", ["/consultation/", "/admin/login/", "/search/?q=cells", "/no/such/page/", "/healthz"])
def test_proxy_is_not_told_to_keep_what_is_personal_or_an_error(client: Client, path: str) -> None:
    assert client.get(path).has_header("X-Accel-Expires") is False
