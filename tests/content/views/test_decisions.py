"""The decision aid: one page for everybody, and a visitor's own link that nobody else keeps or hears of."""

from __future__ import annotations

import pytest
from django.test import Client

from content.caching import ASK_AGAIN
from tests.clinic.pages import Page
from tests.factories import make_decision_question, make_therapy

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture(autouse=True)
def _questions(db: None) -> None:
    """Two questions."""
    make_decision_question("pain", "moving", slug="goal")
    make_decision_question("cost", slug="means")


def test_page_asks_everything_and_has_chosen_nothing(client: Client) -> None:
    response = client.get("/decide/")

    html = response.content.decode()
    assert [html.count(f'id="answer-{place}"') for place in ("1-1", "1-2", "2-1")] == [1, 1, 1]
    # What belongs to an answer: what matters then, and what to ask.
    assert [html.count(f'class="for-{place}"') for place in ("1-1", "1-2", "2-1")] == [2, 2, 2]
    assert " checked" not in html
    assert response.headers["Cache-Control"] == ASK_AGAIN
    assert not response.cookies


def test_page_always_has_standard_care(client: Client) -> None:
    assert "What can standard care do for me" in client.get("/decide/").content.decode()

    make_therapy(standard_care=True, slug="care", short_name="Usual care")

    assert '<a href="/therapies/care/">Read about usual care</a>' in client.get("/decide/").content.decode()


def test_link_with_answers_has_chosen_them(client: Client) -> None:
    html = client.get("/decide/?goal=moving&means=gold").content.decode()

    assert html.count(" checked") == 1
    assert 'value="moving" checked' in html
    assert "Make a link" not in html


def test_link_with_answers_is_kept_by_nobody_and_told_to_nobody(client: Client) -> None:
    response = client.get("/decide/?goal=moving")

    page = Page(response.content.decode())
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert page.links["canonical"] == "http://localhost:8000/decide/"
    assert page.meta["robots"] == "noindex,follow"
    assert not response.cookies
    assert not [anchor for anchor in page.anchors if "moving" in anchor]


def test_link_without_known_answers_is_the_page_of_everybody(client: Client) -> None:
    response = client.get("/decide/?utm_source=mail&goal=gold")

    assert response.headers["Cache-Control"] == ASK_AGAIN


def test_post_is_refused_in_words(client: Client) -> None:
    response = client.post("/decide/", {"goal": "pain"})

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/compare/", "/therapies/a/", "/compare/a-vs-b/", "/"])
def test_other_pages_lead_there(client: Client, path: str) -> None:
    make_therapy(slug="a")
    make_therapy(slug="b")

    assert "/decide/" in Page(client.get(path).content.decode()).anchors


def test_sitemap_lists_it(client: Client) -> None:
    assert "<loc>http://localhost:8000/decide/</loc>" in client.get("/sitemap.xml").content.decode()
