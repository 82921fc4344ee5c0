"""Comparing therapies: one address for each set, and words for choices that cannot be compared."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from content.caching import ASK_AGAIN
from content.models import Therapy
from tests.clinic.pages import Page
from tests.factories import make_comparison, make_criterion, make_finding, make_notice, make_therapy

pytestmark = pytest.mark.usefixtures("clinic")


def test_compare_shows_both_and_the_way_to_standard_care(client: Client) -> None:
    make_therapy(slug="a", name="Alpha")
    make_therapy(slug="b", name="Beta")
    make_therapy(slug="care", short_name="Usual care", standard_care=True)

    page = client.get("/compare/a-vs-b/").content.decode()

    assert '<a href="/compare/a-vs-b-vs-care/">Add usual care to this table</a>' in page


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("b-vs-a", "a-vs-b"),
        ("a-vs-b-vs-a", "a-vs-b"),
        ("c-vs-b-vs-a", "a-vs-b-vs-c"),
        ("b-vs-a/?utm_source=mail", "a-vs-b/?utm_source=mail"),
    ],
)
def test_compare_other_order_moves_to_the_one_address(client: Client, asked: str, canonical: str) -> None:
    for slug in "abc":
        make_therapy(slug=slug)
    ask, end = asked if "?" in asked else f"{asked}/", canonical if "?" in canonical else f"{canonical}/"

    response = client.get(f"/compare/{ask}")

    assert (response.status_code, response.headers["Location"]) == (301, f"/compare/{end}")


def test_compare_one_order_is_served_where_it_is(client: Client) -> None:
    make_therapy(slug="a")
    make_therapy(slug="b")

    assert client.get("/compare/a-vs-b/").status_code == 200


@pytest.mark.parametrize("path", ["/compare/a-vs-nothing/", "/compare/?therapy=a&therapy=nothing"])
def test_compare_unknown_therapy_is_named(client: Client, path: str) -> None:
    make_therapy(slug="a")

    response = client.get(path)

    assert response.status_code == 404
    assert "There is no therapy called &#x27;nothing&#x27;" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/compare/a-vs-b-vs-c-vs-d-vs-e/", "/compare/?therapy=a&therapy=b&therapy=c&therapy=d&therapy=e"]
)
def test_compare_five_are_too_many(client: Client, path: str) -> None:
    for slug in "abcde":
        make_therapy(slug=slug)

    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 400
    assert "Choose at most 4 therapies" in page
    assert "<title>Error: " in page
    # What was chosen stays chosen.
    assert page.count(" checked") == 5


@pytest.mark.parametrize("path", ["/compare/a/", "/compare/?therapy=a", "/compare/?compare="])
def test_compare_fewer_than_two_are_too_few(client: Client, path: str) -> None:
    make_therapy(slug="a")

    response = client.get(path)

    assert response.status_code == 400
    assert "Choose at least 2 therapies" in response.content.decode()


def test_compare_chooser_leads_to_the_one_address(client: Client) -> None:
    make_therapy(slug="a")
    make_therapy(slug="b")

    response = client.get("/compare/?therapy=b&therapy=a")

    assert (response.status_code, response.headers["Location"]) == (302, "/compare/a-vs-b/")


def test_compare_shows_notices_of_its_therapies_and_those_for_all(client: Client) -> None:
    chosen, _, other = make_therapy(slug="a"), make_therapy(slug="b"), make_therapy(slug="c")
    make_notice(title="For one of them").therapies.add(chosen)
    make_notice(title="For another").therapies.add(other)
    make_notice(title="For all")

    page = client.get("/compare/a-vs-b/").content.decode()

    assert [title in page for title in ("For one of them", "For another", "For all")] == [True, False, True]


def test_cells_name_their_column_only_where_there_are_several(client: Client) -> None:
    criterion = make_criterion()
    for slug in ("a", "b"):
        make_finding(therapy=make_therapy(slug=slug, short_name=slug.upper()), criterion=criterion)

    labels = [client.get(path).content.decode().count("data-label=") for path in ("/therapies/a/", "/compare/a-vs-b/")]

    assert labels == [0, 2]


def alike_and_differing() -> None:
    """Write two therapies that are alike in one row and differ in another."""
    alike, differing = make_criterion(name="Alike"), make_criterion(name="Differing")
    for slug in ("a", "b"):
        therapy = make_therapy(slug=slug)
        make_finding(therapy=therapy, criterion=alike, value="No")
        make_finding(therapy=therapy, criterion=differing, value=f"Like {slug}")


def rows(client: Client, path: str) -> list[str]:
    """Return the names of the rows on a page, in order."""
    return re.findall(r'<th scope="row">(\w+)', client.get(path).content.decode())


def test_compare_whole_table_puts_what_differs_first_and_marks_the_rest(client: Client) -> None:
    alike_and_differing()

    page = client.get("/compare/a-vs-b/").content.decode()

    assert rows(client, "/compare/a-vs-b/") == ["Differing", "Alike"]
    assert page.count("The same for all") == 1
    assert '<a href="/compare/a-vs-b/?differences=1">Only the 1 that differs</a>' in page


def test_compare_only_differences_is_a_view_of_the_same_address(client: Client) -> None:
    alike_and_differing()

    response = client.get("/compare/a-vs-b/?differences=1")

    page = Page(response.content.decode())
    assert rows(client, "/compare/a-vs-b/?differences=1") == ["Differing"]
    assert page.links["canonical"] == "http://localhost:8000/compare/a-vs-b/"
    assert page.meta["robots"] == "noindex,follow"
    assert response.headers["Cache-Control"] == ASK_AGAIN


def test_compare_other_order_keeps_the_wish_for_differences(client: Client) -> None:
    alike_and_differing()

    response = client.get("/compare/b-vs-a/?differences=1")

    assert (response.status_code, response.headers["Location"]) == (301, "/compare/a-vs-b/?differences=1")


@pytest.mark.parametrize("query", ["", "?differences=", "?differences=0", "?differences=yes", "?utm_source=mail"])
def test_compare_anything_else_shows_the_whole_table(client: Client, query: str) -> None:
    alike_and_differing()

    assert rows(client, f"/compare/a-vs-b/{query}") == ["Differing", "Alike"]


def test_compare_no_link_where_every_row_differs(client: Client) -> None:
    criterion = make_criterion()
    for slug in ("a", "b"):
        make_finding(therapy=make_therapy(slug=slug), criterion=criterion)

    assert "differences=1" not in client.get("/compare/a-vs-b/").content.decode()


def test_compare_nothing_differs_says_so(client: Client) -> None:
    criterion = make_criterion()
    for slug in ("a", "b"):
        make_finding(therapy=make_therapy(slug=slug), criterion=criterion, value="No")

    assert "<p>No row differs.</p>" in client.get("/compare/a-vs-b/?differences=1").content.decode()


def test_compare_four_therapies_lead_to_standard_care_beside_each(client: Client) -> None:
    for slug in "abcd":
        make_therapy(slug=slug, short_name=slug.upper())
    make_therapy(slug="care", short_name="Usual care", standard_care=True)

    page = client.get("/compare/a-vs-b-vs-c-vs-d/").content.decode()

    pairs = {"a": "a-vs-care", "b": "b-vs-care", "c": "c-vs-care", "d": "care-vs-d"}
    links = [f'<a href="/compare/{pair}/">{slug.upper()}</a>' for slug, pair in pairs.items()]
    assert [link for link in links if link not in page] == []


def test_compare_groups_fold_and_the_first_is_open(client: Client) -> None:
    for slug in ("a", "b"):
        make_therapy(slug=slug)
    make_criterion(group="First", position=1)
    make_criterion(group="Second", position=2)

    page = client.get("/compare/a-vs-b/").content.decode()

    assert re.findall(r'<details class="fold"( open)?>', page) == [" open", ""]


def test_compare_risk_that_nobody_reviewed_is_no_sign_of_safety(client: Client) -> None:
    risks = make_criterion(required=True)
    for slug in ("a", "b"):
        make_finding(therapy=make_therapy(slug=slug), criterion=risks, reviewed_on=None, value="Leaky value")

    page = client.get("/compare/a-vs-b/").content.decode()

    assert page.count("this does not mean that there is nothing to know") == 2
    assert "Leaky value" not in page


def test_therapy_with_an_empty_risk_cell_is_nowhere(client: Client) -> None:
    risks = make_criterion(required=True)
    told = [make_therapy(slug=slug) for slug in ("a", "b")]
    for therapy in told:
        make_finding(therapy=therapy, criterion=risks)
    silent = make_therapy(slug="silent", name="Silent therapy", short_name="Silent")
    make_comparison(title="With the silent one", therapies=[told[0], silent], criteria=[risks])

    gone = [client.get(path).status_code for path in ("/therapies/silent/", "/compare/a-vs-silent/")]
    pages = ("/", "/therapies/", "/therapies/a/", "/compare/", "/compare/a-vs-b/", "/sitemap.xml")
    naming = [path for path in pages if "ilent" in client.get(path).content.decode()]

    assert gone == [404, 404]
    assert naming == []
    assert Therapy.objects.count() == 3
