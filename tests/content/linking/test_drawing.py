"""Links to pages of this site: saved as references, drawn with the present address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from content.models import Revision, Therapy
from tests.content.linking.test_moving import rename
from tests.factories import (
    make_article,
    make_center,
    make_draft,
    make_notice,
    make_policy,
    make_question,
    make_section,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def link(href: str) -> str:
    """Return a paragraph with a link."""
    return f'<p>See <a href="{href}">the other</a>.</p>'


def page(client: Client, path: str) -> str:
    """Return a page's HTML; the page has to be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_address_of_a_page_is_saved_as_a_reference() -> None:
    article, therapy, center = make_article(slug="x").article, make_therapy(slug="y"), make_center(slug="z")
    draft = make_draft(lead=link("/articles/x/"))
    section = make_section(draft, body=link("/therapies/y/#findings") + link("/centers/z"))

    assert draft.lead == link(f"ref:article/{article.pk}")
    assert section.body == link(f"ref:therapy/{therapy.pk}#findings") + link(f"ref:center/{center.pk}")


@pytest.mark.parametrize("site", ["http://localhost:8000", "https://www.ours.example"])
def test_address_copied_from_the_browser_is_saved_as_a_reference(settings: Any, site: str) -> None:
    settings.SITE_URL = site
    article = make_article(slug="x").article

    draft = make_draft(lead=link(f"{site}/articles/x/#why") + link(f"{site}/faq/"))

    assert draft.lead == link(f"ref:article/{article.pk}#why") + link("/faq/")


def test_link_keeps_its_title_whatever_stands_first(client: Client) -> None:
    article = make_article(slug="x").article
    lead = '<p><a title="One" href="{0}">a</a> <a href="{0}" title="">b</a></p>'

    reader = make_article(slug="reader", lead=lead.format("/articles/x/"))

    assert reader.lead == lead.format(f"ref:article/{article.pk}")
    assert lead.format("/articles/x/") in page(client, "/articles/reader/")


def test_old_address_is_saved_as_a_reference_to_the_page_that_had_it() -> None:
    article = make_article(slug="x").article
    rename(article, "y")

    assert make_draft(lead=link("/articles/x/")).lead == link(f"ref:article/{article.pk}")


@pytest.mark.parametrize(
    "href",
    [
        "/articles/nobody/",
        "/articles/x/?page=2",
        "/articles/x/revisions/1/",
        "/faq/",
        "#why",
        "https://elsewhere.example/articles/x/",
        "https://www.ours.example.elsewhere.example/articles/x/",
        "mailto:a@b.example",
    ],
)
def test_other_addresses_stay_as_they_are(href: str, settings: Any) -> None:
    settings.SITE_URL = "https://www.ours.example"
    make_article(slug="x")

    assert make_draft(lead=link(href)).lead == link(href)


@pytest.mark.parametrize(
    "href", ["ref:article/0", "ref:policy/1", "ref:article/1/2", "ref:article/x", "ref:javascript", "ref:article/1#a b"]
)
def test_reference_of_another_form_is_taken_out(href: str) -> None:
    assert make_draft(lead=link(href)).lead == "<p>See <a>the other</a>.</p>"


def test_link_in_an_approved_article_follows_a_new_slug(client: Client) -> None:
    target = make_article(slug="target").article
    reader = make_article(slug="reader", lead=link("/articles/target/#why"))
    rename(target, "elsewhere")

    text = page(client, "/articles/reader/")

    assert '<a href="/articles/elsewhere/#why">the other</a>' in text
    assert "ref:" not in text
    assert Revision.objects.get(pk=reader.pk).lead == link(f"ref:article/{target.pk}#why")


def test_link_goes_on_to_its_page_when_another_takes_the_old_slug(client: Client) -> None:
    target = make_article(slug="target").article
    make_article(slug="reader", lead=link("/articles/target/"))
    rename(target, "elsewhere")
    make_article(slug="target")

    assert 'href="/articles/elsewhere/">the other' in page(client, "/articles/reader/")


@pytest.mark.parametrize("published_at", [None, dt.datetime(2999, 1, 1, tzinfo=dt.UTC)])
def test_link_to_what_readers_do_not_see_is_only_its_words(client: Client, published_at: dt.datetime | None) -> None:
    make_article(slug="hidden", published_at=published_at)
    make_article(slug="reader", lead=link("/articles/hidden/"))

    text = page(client, "/articles/reader/")

    assert "<p>See the other.</p>" in text
    assert (
        "hidden" not in text.replace("visually-hidden", "").replace('hidden="', "").split("<main")[1].split("</main")[0]
    )


def test_link_to_a_deleted_therapy_is_only_its_words(client: Client) -> None:
    therapy = make_therapy(slug="gone")
    make_article(slug="reader", sections=[section_words(body=link("/therapies/gone/"))])
    therapy.delete()

    assert "<p>See the other.</p>" in page(client, "/articles/reader/")


def test_texts_of_all_kinds_follow_a_new_slug(client: Client) -> None:
    target = make_article(slug="target").article
    therapy = make_therapy(slug="therapy", description=link("/articles/target/"))
    make_question(therapy=therapy, answer=link("/articles/target/"))
    make_notice(text=link("/articles/target/"))
    make_policy(body=link("/articles/target/"))
    make_center(slug="center")
    rename(target, "new")

    drawn = {
        path: page(client, path).count('<a href="/articles/new/">the other</a>')
        for path in ("/therapies/therapy/", "/faq/", "/centers/center/", "/privacy/")
    }

    assert drawn == {"/therapies/therapy/": 3, "/faq/": 1, "/centers/center/": 1, "/privacy/": 1}
    assert Therapy.objects.get().description == link(f"ref:article/{target.pk}")
