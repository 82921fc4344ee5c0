"""Comparing therapies: one address for each set, and words for choices that cannot be compared."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_criterion, make_finding, make_notice, make_therapy

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
