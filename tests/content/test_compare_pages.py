"""Choosing therapies and reading their table: one address for each choice, and words for a wrong one."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_notice, make_therapy

pytestmark = pytest.mark.usefixtures("clinic")


def text_of(client: Client, path: str) -> str:
    """Return a page's HTML; the page has to be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_centers_are_grouped_by_country(client: Client) -> None:
    make_center(name="Fern Leeds", country=make_country("GB", "United Kingdom"))
    make_center(name="Fern Boston")

    page = text_of(client, "/centers/")

    assert "2 centers in 2 countries" in page
    list_of = page[page.index('<h2 id="gb">') :]
    assert (
        list_of.index("United Kingdom")
        < list_of.index("Fern Leeds")
        < list_of.index("United States")
        < list_of.index("Fern Boston")
    )


def test_center_shows_hours_with_their_zone_and_the_notices_of_its_place(client: Client) -> None:
    center = make_center(slug="seattle", region="US-WA", time_zone="America/Los_Angeles")
    make_notice(title="For Washington", regions="US-WA")
    make_notice(title="For France", regions="FR")

    page = text_of(client, "/centers/seattle/")

    assert "Mo–Fr" in page
    assert "09:00–17:00" in page
    assert "America/Los_Angeles" in page or "Los Angeles" in page
    assert "For Washington" in page
    assert "For France" not in page
    assert center.name in page


def test_faq_shows_questions_in_their_groups(client: Client) -> None:
    make_question(question="What does it cost?", group="Costs")

    page = text_of(client, "/faq/")

    assert page.index("Costs") < page.index("What does it cost?")


def test_policy_is_shown_once_it_is_written(client: Client) -> None:
    assert client.get("/privacy/").status_code == 404

    make_policy(body="<p>We keep little.</p>")

    assert "We keep little." in text_of(client, "/privacy/")


def test_contact_shows_what_the_profile_says(client: Client, clinic: ClinicProfile) -> None:
    page = text_of(client, "/contact/")

    assert [words for words in ("+1 202-555-0143", clinic.email, clinic.address) if words not in page] == []


def test_page_calls_with_phone_and_number_of_centers(client: Client) -> None:
    make_center()
    make_center()

    page = text_of(client, make_article().get_absolute_url())

    assert "Questions? Call us" in page
    assert 'href="tel:+12025550143"' in page
    assert "2 centers" in page


@pytest.mark.parametrize("path", ["/", "/articles/", "/therapies/", "/compare/", "/centers/", "/faq/", "/contact/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_refuses_to_be_written_to(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/articles/", "/therapies/", "/compare/", "/centers/", "/faq/", "/contact/"])
def test_page_of_an_empty_site_is_still_a_page(client: Client, clinic: ClinicProfile, path: str) -> None:
    clinic.delete()

    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/articles/%00/",
        "/compare/%F0%9F%92%89-vs-prp/",


def test_compare_shows_notices_of_its_therapies_and_those_for_all(client: Client) -> None:
    chosen, _, other = make_therapy(slug="a"), make_therapy(slug="b"), make_therapy(slug="c")
    make_notice(title="For one of them").therapies.add(chosen)
    make_notice(title="For another").therapies.add(other)
    make_notice(title="For all")

    page = text_of(client, "/compare/a-vs-b/")

    assert [title in page for title in ("For one of them", "For another", "For all")] == [True, False, True]
