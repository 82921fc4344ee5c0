"""Old addresses: each leads to the present one in one hop, whatever was renamed in between."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from content.models import Article, Center, FormerSlug, Revision, Therapy
from tests.factories import (
    TEN_DAYS_AGO,
    make_article,
    make_center,
    make_criterion,
    make_draft,
    make_finding,
    make_therapy,
)

pytestmark = pytest.mark.usefixtures("clinic")


def rename(row: Article | Therapy | Center, *slugs: str) -> None:
    """Give a row one slug after another, as somebody at the desk would."""
    for slug in slugs:
        row.slug = slug
        row.save()


def hop(client: Client, path: str) -> tuple[int, str]:
    """Return the status of an answer and where it leads."""
    response = client.get(path)
    return response.status_code, response.headers.get("Location", "")


def test_old_addresses_of_an_article_renamed_round_in_a_circle_lead_to_the_present_one(client: Client) -> None:
    rename(make_article(slug="a", title="The words").article, "b", "c", "a")

    assert [hop(client, f"/articles/{slug}/") for slug in "bca"] == [
        (301, "/articles/a/"),
        (301, "/articles/a/"),
        (200, ""),
    ]
    assert sorted(FormerSlug.objects.values_list("slug", flat=True)) == ["b", "c"]


def test_old_address_never_leads_to_another_old_one(client: Client) -> None:
    rename(make_article(slug="a").article, "b", "c", "d")

    assert {hop(client, f"/articles/{slug}/") for slug in "abc"} == {(301, "/articles/d/")}


def test_old_addresses_of_therapies_and_centers_lead_on(client: Client) -> None:
    rename(make_therapy(slug="old-therapy"), "new-therapy")
    rename(make_center(slug="old-center"), "new-center")

    assert hop(client, "/therapies/old-therapy/") == (301, "/therapies/new-therapy/")
    assert hop(client, "/centers/old-center/") == (301, "/centers/new-center/")
    assert hop(client, "/centers/old-therapy/") == (404, "")


def test_query_string_of_an_old_address_is_kept(client: Client) -> None:
    rename(make_article(slug="a").article, "b")

    assert hop(client, "/articles/a/?utm_source=spring&x=%C3%A9") == (301, "/articles/b/?utm_source=spring&x=%C3%A9")


def test_head_of_an_old_address_leads_on_and_a_post_is_refused(client: Client) -> None:
    rename(make_article(slug="a").article, "b")

    assert client.head("/articles/a/").status_code == 301
    assert client.post("/articles/a/").status_code == 405


def test_new_page_at_an_old_address_wins(client: Client) -> None:
    rename(make_article(slug="a").article, "b")
    make_article(slug="a", title="Newer words")

    response = client.get("/articles/a/")

    assert response.status_code == 200
    assert "Newer words" in response.content.decode()


def test_slug_that_was_reused_and_given_up_leads_to_who_had_it_last(client: Client) -> None:
    rename(make_article(slug="a").article, "b")
    rename(make_article(slug="a").article, "z")

    assert hop(client, "/articles/a/") == (301, "/articles/z/")
    assert FormerSlug.objects.count() == 1


def test_draft_at_an_old_address_does_not_break_it(client: Client) -> None:
    rename(make_article(slug="a").article, "b")
    make_draft(slug="a", title="Hidden words")

    assert hop(client, "/articles/a/") == (301, "/articles/b/")


def test_withdrawn_page_at_an_old_address_does_not_lead_to_other_words(client: Client) -> None:
    rename(make_article(slug="a").article, "b")
    newer = make_article(slug="a")
    Revision.objects.filter(pk=newer.pk).update(withdrawn_at=TEN_DAYS_AGO + dt.timedelta(hours=1))

    assert hop(client, "/articles/a/") == (404, "")


@pytest.mark.parametrize("published_at", [None, dt.datetime(2999, 1, 1, tzinfo=dt.UTC)])
def test_old_address_of_what_readers_do_not_see_is_not_found(client: Client, published_at: dt.datetime | None) -> None:
    rename(make_article(slug="a", title="Hidden words", published_at=published_at).article, "hidden-slug")

    response = client.get("/articles/a/")

    assert response.status_code == 404
    text = response.content.decode()
    assert [secret for secret in ("Hidden words", "hidden-slug") if secret in text] == []


def test_old_address_of_a_hidden_therapy_is_not_found(client: Client) -> None:
    make_criterion(required=True)
    rename(make_therapy(slug="old"), "new")

    assert hop(client, "/therapies/old/") == (404, "")


def test_comparison_made_of_old_slugs_leads_to_its_present_address_in_one_hop(client: Client) -> None:
    first, second = make_therapy(slug="a"), make_therapy(slug="b")
    make_finding(therapy=first)
    rename(first, "z")

    assert hop(client, "/compare/a-vs-b/?differences=1") == (301, "/compare/b-vs-z/?differences=1")
    assert hop(client, "/compare/b-vs-z/") == (200, "")
    assert hop(client, "/compare/b-vs-nobody/") == (404, "")
    second.delete()
    assert hop(client, "/compare/a-vs-b/") == (404, "")


def test_preview_at_an_old_address_leads_nowhere(client: Client) -> None:
    rename(make_article(slug="a").article, "b")

    assert hop(client, "/articles/a/revisions/1/") == (404, "")


def test_saving_without_a_new_slug_notes_nothing() -> None:
    article = make_article(slug="a").article
    article.save()
    article.slug = "b"
    article.save(update_fields=["topic"])

    assert FormerSlug.objects.count() == 0


def test_deleted_therapy_takes_its_old_addresses_with_it() -> None:
    therapy = make_therapy(slug="a")
    rename(therapy, "b")
    therapy.delete()

    assert FormerSlug.objects.count() == 0


def test_row_that_leads_to_two_pages_or_to_none_is_refused_by_the_database() -> None:
    article, center = make_article().article, make_center()
    wrong: list[dict[str, Any]] = [{}, {"article": article, "center": center}, {"center": center}]

    for columns in wrong:
        with pytest.raises(IntegrityError, match="content_formerslug_of_its_kind"), transaction.atomic():
            FormerSlug.objects.create(kind="article", slug="x", **columns)


def test_slug_that_leads_to_two_articles_is_refused_by_the_database() -> None:
    FormerSlug.objects.create(kind="article", slug="x", article=make_article().article)

    with pytest.raises(IntegrityError), transaction.atomic():
        FormerSlug.objects.create(kind="article", slug="x", article=make_article().article)
