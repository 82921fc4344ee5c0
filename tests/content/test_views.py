"""What readers get, and in which words they are refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from content.models import ClinicProfile, RelatedArticle
from tests.factories import (
    make_article,
    make_center,
    make_comparison,
    make_country,
    make_criterion,
    make_finding,
    make_notice,
    make_policy,
    make_question,
    make_reference,
    make_section,
    make_therapy,
    make_topic,
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
    article = make_article()
    make_section(
        article, comparison=make_comparison(therapies=therapies, criteria=[criterion], caption="Both together")
    )

    page = text_of(client, article.get_absolute_url())

    assert "<caption>Both together</caption>" in page
    assert "Your own platelets" in page
    assert "Not reviewed yet" in page


def test_article_links_its_citations_to_the_references(client: Client) -> None:
    article = make_article(lead="<p>It is so [1]. Not so [9].</p>")
    article.citations.create(reference=make_reference(title="The source"), number=1)

    page = text_of(client, article.get_absolute_url())

    assert 'href="#ref-1" id="cite-1"' in page
    assert '<li id="ref-1">' in page
    assert "Not so [9]." in page


def test_article_names_people_and_dates(client: Client) -> None:
    article = make_article(reviewed_on=dt.date(2026, 10, 5), next_review_on=dt.date(2027, 10, 5))

    page = text_of(client, article.get_absolute_url())

    shown = [article.author.name, article.medical_reviewer.name, "5 October 2026", "5 October 2027"]
    assert [words for words in shown if words not in page] == []


def test_article_review_overdue_is_said(client: Client) -> None:
    article = make_article(reviewed_on=dt.date(2024, 1, 1), next_review_on=dt.date(2025, 1, 1))

    assert "overdue" in text_of(client, article.get_absolute_url())


def test_article_leads_to_published_guides_only(client: Client) -> None:
    article = make_article()
    RelatedArticle.objects.create(article=article, related=make_article(title="Next guide"))
    RelatedArticle.objects.create(article=article, related=make_article(title="Draft guide", published_at=None))

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


        "/compare/a-vs-/",
        "/articles/?topic=%00",
        "/compare/?therapy=%00",
    ],
)
def test_hostile_address_gets_words(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.content.decode().count("<h1") == 1
