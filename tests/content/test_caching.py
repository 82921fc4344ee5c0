"""Kept pages: as fast as memory, never older than the database, the same for everyone."""

from __future__ import annotations

import datetime as dt
import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from typing import Any

import brotli
import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from content import site
from content.caching import PageCacheMiddleware
from content.found.page import Page
from content.models import Article, ClinicProfile
from content.publishing import freshness, steps
from content.views import ArticleListView
from tests.asking import queries_of, text_of
from tests.factories import (
    NOW,
    desk_account,
    make_article,
    make_clinic,
    make_finding,
    make_notice,
    make_therapy,
)

pytestmark = pytest.mark.usefixtures("clinic")


def test_kept_page_costs_one_query_in_a_quarter_of_a_second(client: Client) -> None:
    path = make_article().get_absolute_url()
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(path)

        counts = [queries_of(client, path)]
        for milliseconds in (249, 1, 249):
            clock.shift(dt.timedelta(milliseconds=milliseconds))
            counts.append(queries_of(client, path))

    assert counts == [0, 0, 1, 0]


def test_edit_is_seen_at_the_next_request(client: Client) -> None:
    article = make_article(title="Before")
    assert "Before" in text_of(client, article.get_absolute_url())

    make_article(article=article.article, title="After", published_at=NOW)

    page = text_of(client, article.get_absolute_url())
    assert "After" in page
    assert "Before" not in page


def test_finding_edited_is_seen_wherever_it_is_shown(client: Client) -> None:
    finding = make_finding(value="Seven days")
    other = make_therapy()
    pages = [finding.therapy.get_absolute_url(), f"/compare/{'-vs-'.join(sorted([finding.therapy.slug, other.slug]))}/"]
    assert [text_of(client, path).count("Seven days") > 0 for path in pages] == [True, True]

    finding.value = "Nine days"
    with freshness.vouched():
        finding.save()

    assert [text_of(client, path).count("Nine days") > 0 for path in pages] == [True, True]
    assert [text_of(client, path).count("Seven days") for path in pages] == [0, 0]


def test_answer_that_may_be_kept_for_a_while_is_kept_for_so_long_and_says_how_old_it_is(client: Client) -> None:
    path = "/favicon.ico"
    with time_machine.travel(NOW, tick=False) as clock:
        first = client.get(path)
        clock.shift(dt.timedelta(seconds=59))
        second = client.get(path)

    assert [answer.headers["Age"] for answer in (first, second)] == ["0", "59"]
    assert [answer.headers["Cache-Control"] for answer in (first, second)] == ["public, max-age=604800"] * 2


def test_crowd_has_a_page_drawn_once() -> None:
    drawn, crowd = [], 5
    asked = RequestFactory().get("/articles/")
    site.note(asked, NOW)
    # Read here, as no thread of the crowd may leave a connection open.
    assert site.facts(asked).until > NOW
    asking, drawing = threading.Barrier(crowd), threading.Barrier(crowd)

    def draw(request: HttpRequest) -> HttpResponse:
        drawn.append(request)
        # Time enough for the others to come here as well, if they could.
        with suppress(threading.BrokenBarrierError):
            drawing.wait(timeout=0.2)
        return HttpResponse("page")

    middleware = PageCacheMiddleware(draw)

    def ask() -> bytes:
        asking.wait()
        return middleware(copy(asked)).content

    with time_machine.travel(NOW, tick=False), ThreadPoolExecutor(crowd) as pool:
        answers = [one.result() for one in [pool.submit(ask) for _ in range(crowd)]]

    assert answers == [b"page"] * crowd
    assert len(drawn) == 1


def test_withdrawn_page_is_gone(client: Client) -> None:
    article = make_article()
    assert client.get(article.get_absolute_url()).status_code == 200

    steps.end(article, seen=article.version, at=NOW, by=desk_account("desk-editor"), now=NOW)

    assert client.get(article.get_absolute_url()).status_code == 404


def test_scheduled_article_appears_at_its_moment(client: Client) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC), tick=False) as clock:
        make_article(title="Already here", published_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
        article = make_article(title="Soon to come", published_at=dt.datetime(2026, 11, 16, 12, 30, tzinfo=dt.UTC))
        assert "Soon to come" not in text_of(client, "/articles/")

        clock.shift(dt.timedelta(minutes=29, seconds=59))
        assert "Soon to come" not in text_of(client, "/articles/")
        assert client.get(article.get_absolute_url()).status_code == 404
        clock.shift(dt.timedelta(seconds=1))

        assert "Soon to come" in text_of(client, "/articles/")
        assert client.get(article.get_absolute_url()).status_code == 200


def test_notice_ends_with_its_last_day_on_the_clinics_clock(client: Client) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 17, 4, 59, tzinfo=dt.UTC), tick=False) as clock:
        therapy = make_therapy()
        make_notice(title="For a while", ends_on=dt.date(2026, 11, 16)).therapies.add(therapy)
        assert "For a while" in text_of(client, therapy.get_absolute_url())

        clock.shift(dt.timedelta(minutes=1))

        assert "For a while" not in text_of(client, therapy.get_absolute_url())


def test_same_answer_is_not_sent_twice(client: Client) -> None:
    path = make_article().get_absolute_url()
    etag = client.get(path).headers["ETag"]

    again = client.get(path, headers={"if-none-match": etag})
    other = client.get(path, headers={"if-none-match": '"something-else"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag
    assert other.status_code == 200


def test_copy_whose_tag_a_proxy_weakened_still_holds(client: Client) -> None:
    path = make_article().get_absolute_url()
    etag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"if-none-match": f"W/{etag}"}).status_code == 304


def test_article_that_goes_live_while_a_page_is_drawn_is_not_missed(client: Client) -> None:
    arrival, described = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC), ArticleListView.get_page
    with time_machine.travel(arrival, tick=False) as clock:
        make_article(title="Goes live", published_at=arrival + dt.timedelta(seconds=1))

        def describe_slowly(view: ArticleListView, context: dict[str, Any]) -> Page:
            # By now the list has been asked for, and the clinic's facts have not.
            clock.shift(dt.timedelta(seconds=2))
            return described(view, context)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ArticleListView, "get_page", describe_slowly)
            assert "Goes live" not in text_of(client, "/articles/")

        assert "Goes live" in text_of(client, "/articles/")


def test_etag_changes_with_the_page(client: Client, clinic: ClinicProfile) -> None:
    path = make_article().get_absolute_url()
    etag = client.get(path).headers["ETag"]
    make_clinic(banner_text="Another call")

    response = client.get(path, headers={"if-none-match": etag})

    assert response.status_code == 200
    assert response.headers["ETag"] != etag


def test_each_encoding_is_kept_by_itself(client: Client) -> None:
    path = make_article(title="One page").get_absolute_url()
    plain = client.get(path)
    for _ in range(2):  # rendered, then kept
        zipped = client.get(path, headers={"accept-encoding": "gzip"})
        brotlied = client.get(path, headers={"accept-encoding": "br"})

        assert zipped.headers["Content-Encoding"] == "gzip"
        assert brotlied.headers["Content-Encoding"] == "br"
        assert gzip.decompress(zipped.content) == plain.content
        assert brotli.decompress(brotlied.content) == plain.content
    assert not plain.has_header("Content-Encoding")
    assert zipped.headers["Vary"].lower() == "accept-encoding"


def test_head_says_what_get_would_and_sends_no_body(client: Client) -> None:
    path = make_article().get_absolute_url()
    got = client.get(path)

    head = client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))


def test_wrong_host_is_not_served_from_the_cache(client: Client) -> None:
    path = make_article().get_absolute_url()
    assert client.get(path).status_code == 200

    response = client.get(path, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert client.get(path).status_code == 200


def test_kept_page_of_one_address_is_not_another_s(client: Client) -> None:
    article = make_article()
    client.get("/articles/")

    filtered = text_of(client, f"/articles/?topic={make_article().topic.slug}")

    assert article.title not in filtered


@pytest.mark.parametrize("path", ["/consultation/", "/admin/login/", "/healthz"])
def test_what_is_for_one_person_is_never_kept(client: Client, path: str) -> None:
    before = count_kept()

    client.get(path)

    assert count_kept() == before


def test_answer_to_a_known_visitor_is_the_same_and_sets_no_cookie(client: Client) -> None:
    path = make_article().get_absolute_url()
    client.cookies["sessionid"] = "somebody"
    client.cookies["csrftoken"] = "x" * 32

    response = client.get(path)

    assert not response.cookies
    assert response.content == Client().get(path).content


def test_error_is_not_kept(client: Client) -> None:
    article = make_article()
    assert client.get("/articles/to-come/").status_code == 404

    # No signal tells of it and the version stays as it is: only a kept 404 could stand in the way.
    Article.objects.filter(pk=article.article_id).update(slug="to-come")

    assert client.get("/articles/to-come/").status_code == 200


def count_kept() -> int:
    """Return how many pages are in memory."""
    return len([key for key in cache._cache if ":page:" in key])  # type: ignore[attr-defined]
