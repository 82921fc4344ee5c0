"""The page of results: for people alone, in words, with whatever was typed shown as it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import SearchMiss
from content.views.searching import A_PAGE, MOST_PAGES
from tests.clinic.pages import Page
from tests.factories import make_article, make_question

pytestmark = pytest.mark.usefixtures("clinic")


def text_of(client: Client, query: str) -> str:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_result_is_shown_with_its_kind_and_marks(client: Client) -> None:
    make_article(slug="water", title="Ozonated <water>", summary="About ozonated water & more.")

    html = text_of(client, "ozonated")

    assert "1 result for “ozonated”" in html
    assert '<h3><a href="/articles/water/"><mark>Ozonated</mark> &lt;water&gt;</a></h3>' in html
    assert "About <mark>ozonated</mark> water &amp; more." in html


def test_page_is_for_people_and_kept_by_nobody(client: Client) -> None:
    response = client.get("/search/", {"q": "<b>knee</b>"})
    page = Page(response.content.decode())

    assert page.meta["robots"] == "noindex,follow"
    assert page.title.startswith("Search: <b>knee</b>")
    assert page.tags["h1"] == 1
    assert page.tags["b"] == 0
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_without_a_query_there_is_the_form(client: Client) -> None:
    make_article(slug="water", title="Water")

    page = Page(client.get("/search/").content.decode())

    assert page.meta["robots"] == "noindex,follow"
    assert "/articles/water/" in page.anchors
    assert SearchMiss.objects.count() == 0


def test_nothing_found_is_said_and_counted_once(client: Client) -> None:
    make_article(slug="water", title="Water")

    html = text_of(client, "ozone")

    assert "Nothing found for “ozone”" in html
    assert 'href="/contact/"' in html
    assert 'href="/articles/water/"' in html
    assert list(SearchMiss.objects.values_list("term", "count")) == [("ozone", 1)]


def test_page_that_has_only_some_words_is_said_to(client: Client) -> None:
    make_article(title="Ozonated water")

    assert "No page has all of “ozonated vinegar”; 1 has some of it" in text_of(client, "ozonated vinegar")


def test_long_query_is_cut_and_controls_are_left_out(client: Client) -> None:
    make_article(title="Ozonated water")

    assert "1 result for “ozonated”" in text_of(client, "\x01ozonated\u200b\n")
    assert f"“{'x' * 200}”" in text_of(client, "x" * 500)
    assert client.get("/search/?q=ozonated%00").status_code == 302


def test_many_results_come_in_pages(client: Client) -> None:
    for number in range(A_PAGE + 1):
        make_question(question=f"Ozone number {number:02}?")

    first, last = (Page(client.get("/search/", {"q": "ozone", "page": page}).content.decode()) for page in ("1", "99"))

    assert first.tags["h3"] == A_PAGE
    assert "/search/?q=ozone&page=2" in first.anchors
    assert last.tags["h3"] == 1
    assert "/search/?q=ozone" in last.anchors
    assert MOST_PAGES * A_PAGE == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 50, "²"])
def test_odd_page_number_is_the_first_page(client: Client, page: str) -> None:
    make_article(title="Ozonated water")

    response = client.get("/search/", {"q": "ozonated", "page": page})

    assert b"1 result for" in response.content


def test_search_asks_as_much_for_many_as_for_few(client: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_article(title="Ozonated water")
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "ozonatd water"})
        counts.append(len([one for one in captured if "content_search" in one["sql"]]))

    assert counts == [3, 3]


def test_search_cannot_be_posted(client: Client) -> None:
    assert client.post("/search/", {"q": "water"}).status_code == 405


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_is_answered(client: Client, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/faq/", "/search/", "/consultation/"])
def test_every_page_has_one_search_form_with_a_name(client: Client, path: str) -> None:
    html = client.get(path).content.decode()

    form = html.partition('action="/search/" role="search">')[2].partition("</form>")[0]
    assert html.count('role="search"') == 1
    assert 'type="search" name="q"' in form
    assert ('aria-label="Search"' in form) != ('<label for="id-q">' in form)
