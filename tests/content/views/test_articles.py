"""What readers get, and in which words they are refused."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from content.choices import Illustration
from content.models import ClinicProfile
from tests.factories import (
    make_article,
    make_center,
    make_comparison,
    make_contributor,
    make_country,
    make_criterion,
    make_finding,
    make_notice,
    make_policy,
    make_question,
    make_reference,
    make_therapy,
    make_topic,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def text_of(client: Client, path: str) -> str:
    """Return a page's HTML; the page has to be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_article_list_shows_published_articles_of_the_topic(client: Client) -> None:
    joints = make_topic(slug="joints", name="Joints")
    make_article(title="About joints", topic=joints)
    make_article(title="About skin")
    make_article(title="A draft", topic=joints, published_at=None)

    everything, filtered = text_of(client, "/articles/"), text_of(client, "/articles/?topic=joints")

    assert ["About joints" in everything, "About skin" in everything, "A draft" in everything] == [True, True, False]
    assert ["About joints" in filtered, "About skin" in filtered, "A draft" in filtered] == [True, False, False]
    assert '<meta name="robots" content="noindex,follow">' in filtered


def test_article_list_unknown_topic_is_told(client: Client) -> None:
    response = client.get("/articles/?topic=gardening")

    assert response.status_code == 404
    assert "There is no such topic." in response.content.decode()


def test_drawings_of_an_article_and_a_therapy_say_in_words_what_they_show(client: Client) -> None:
    make_article(slug="drawn", illustration="how-prp-is-made")
    make_article(
        slug="drawn-inside", sections=[section_words(figure="evidence-ladder", figure_caption="From a guess to a rule")]
    )
    make_therapy(slug="drawn", illustration="cells-and-exosomes")

    pages = [text_of(client, path) for path in ("/articles/drawn/", "/articles/drawn-inside/", "/therapies/drawn/")]

    drawings = [Illustration.HOW_PRP_IS_MADE, Illustration.EVIDENCE_LADDER, Illustration.CELLS_AND_EXOSOMES]
    assert [re.findall(r'<figure>\s*<img src="[^"]*illustrations/[^"]*" alt="([^"]*)"', page) for page in pages] == [
        [drawing.says] for drawing in drawings
    ]


@pytest.mark.parametrize("published_at", [None, dt.datetime(2999, 1, 1, tzinfo=dt.UTC)])
def test_article_not_published_is_not_found(client: Client, published_at: dt.datetime | None) -> None:
    article = make_article(title="Hidden words", published_at=published_at)

    response = client.get(article.get_absolute_url())

    assert response.status_code == 404
    assert "Hidden words" not in response.content.decode()


def test_article_draws_its_table_from_the_findings(client: Client) -> None:
    therapies, criterion = (
        [make_therapy(short_name="PRP"), make_therapy(short_name="Exo")],
        make_criterion(name="Cells?"),
    )
    make_finding(therapy=therapies[0], criterion=criterion, value="Your own platelets")
    table = make_comparison(therapies=therapies, criteria=[criterion], caption="Both together")
    article = make_article(sections=[section_words(comparison=table)])

    page = text_of(client, article.get_absolute_url())

    assert "<caption>Both together</caption>" in page
    assert "Your own platelets" in page
    assert "Not reviewed yet" in page


def test_article_links_its_citations_to_the_references(client: Client) -> None:
    article = make_article(lead="<p>It is so [1]. Not so [9].</p>", citations=[make_reference(title="The source")])

    page = text_of(client, article.get_absolute_url())

    assert 'href="#ref-1" id="cite-1"' in page
    assert '<li id="ref-1">' in page
    assert "Not so [9]." in page


def test_article_lists_the_sources_of_its_tables_after_its_own(client: Client) -> None:
    finding = make_finding(reference=make_reference(title="Behind the finding"))
    table = make_comparison(therapies=[finding.therapy, make_therapy()], criteria=[finding.criterion])
    article = make_article(
        citations=[make_reference(title="Cited in the text")], sections=[section_words(comparison=table)]
    )

    page = text_of(client, article.get_absolute_url())

    assert '<a class="cite" href="#ref-2" aria-label="Reference 2">[2]</a>' in page
    listed = page[page.index('<section id="references">') :]
    assert listed.index('id="ref-1"') < listed.index("Cited in the text") < listed.index('id="ref-2"')
    assert listed.index('id="ref-2"') < listed.index("Behind the finding")


def test_article_names_people_and_dates(client: Client) -> None:
    reviewer = make_contributor(name="Ada Reviewer")
    article = make_article(
        reviewed_on=dt.date(2026, 10, 5), next_review_on=dt.date(2027, 10, 5), medical_reviewer=reviewer
    )

    page = text_of(client, article.get_absolute_url())

    shown = [article.author.name, reviewer.name, "5 October 2026", "5 October 2027"]
    assert [words for words in shown if words not in page] == []


def test_article_review_overdue_is_said(client: Client) -> None:
    article = make_article(reviewed_on=dt.date(2024, 1, 1), next_review_on=dt.date(2025, 1, 1))

    assert "This page is due for its review, since 1 January 2025." in text_of(client, article.get_absolute_url())


def test_article_leads_to_published_guides_only(client: Client) -> None:
    article = make_article(
        related=[make_article(title="Next guide"), make_article(title="Draft guide", published_at=None)]
    )

    page = text_of(client, article.get_absolute_url())

    assert "Next guide" in page
    assert "Draft guide" not in page


def test_article_text_cannot_become_markup(client: Client) -> None:
    article = make_article(
        title="<script>alert(1)</script>", lead='<p onclick="x()">Hello<script>alert(2)</script></p>'
    )

    page = text_of(client, article.get_absolute_url())

    assert "<script>alert" not in page
    assert "onclick" not in page


def test_therapy_says_its_status_from_the_field(client: Client) -> None:
    therapy = make_therapy(regulatory_status="unapproved", regulatory_note="No product is approved.")

    page = text_of(client, therapy.get_absolute_url())

    assert "Not approved by the FDA" in page
    assert "No product is approved." in page


def test_centers_are_grouped_by_country(client: Client) -> None:
    make_center(name="Fern Leeds", country=make_country("GB", "United Kingdom"))
    make_center(name="Fern Boston")

    page = text_of(client, "/centers/")

    assert "2 centers in 2 countries" in page
    list_of = page[page.index('<h2 id="country-gb">') :]
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
    response = getattr(client, method)(path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "This page can only be read" in response.content.decode()


def test_page_written_to_from_elsewhere_does_not_speak_of_a_form() -> None:
    response = Client(enforce_csrf_checks=True).post("/articles/", {"a": "b"})

    assert response.status_code == 405


def test_description_is_counted_in_characters_as_read(client: Client) -> None:
    summary = "It's " * 32

    page = text_of(client, make_article(summary=summary.strip()).get_absolute_url())

    assert f'<meta name="description" content="{summary.strip().replace("'", "&#x27;")}">' in page


@pytest.mark.parametrize("path", ["/", "/articles/", "/therapies/", "/compare/", "/centers/", "/faq/", "/contact/"])
def test_page_of_an_empty_site_is_still_a_page(client: Client, clinic: ClinicProfile, path: str) -> None:
    clinic.delete()

    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/articles/%00/",
        "/compare/%F0%9F%92%89-vs-prp/",
        "/compare/a-vs-/",
    ],
)
def test_hostile_address_gets_words(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.content.decode().count("<h1") == 1
