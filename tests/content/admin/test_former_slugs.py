"""Old addresses in the admin: read by those who write, written by nobody there."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.models import Article, FormerSlug, ProposedChange, Therapy
from content.publishing import changes
from tests.content.admin.screens import form_of, login, page
from tests.content.linking.test_moving import rename
from tests.factories import NOW, make_article, make_staff, make_therapy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", "Managers"])
def test_list_says_which_address_leads_where(client: Client, group: str) -> None:
    login(client, group)
    rename(make_article(slug="old-one").article, "new-one")

    text = client.get(page(FormerSlug, "changelist")).content.decode()

    assert "/articles/old-one/" in text
    assert '<a href="/articles/new-one/">/articles/new-one/</a>' in text


def test_list_is_not_for_triage(client: Client) -> None:
    login(client, "Triage")

    assert client.get(page(FormerSlug, "changelist")).status_code == 403


@pytest.mark.parametrize("which", ["change", "delete", "add"])
def test_nobody_writes_them_by_hand(client: Client, which: str) -> None:
    login(client, is_superuser=True)
    rename(make_article(slug="a").article, "b")
    row = FormerSlug.objects.get()

    response = client.post(page(FormerSlug, which, *([] if which == "add" else [row.pk])), {"slug": "x", "post": "yes"})

    assert response.status_code == 403
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["a"]


def test_new_slug_given_in_the_form_of_an_article_is_noted(client: Client) -> None:
    login(client, "Editors")
    article = make_article(slug="a").article
    address = page(Article, "change", article.pk)

    client.post(address, form_of(client.get(address)) | {"slug": "b"})

    assert client.get("/articles/a/").headers["Location"] == "/articles/b/"


def test_therapy_with_an_old_address_can_be_deleted(client: Client) -> None:
    login(client, "Editors")
    therapy = make_therapy(slug="a")
    rename(therapy, "b")

    client.post(page(Therapy, "delete", therapy.pk), {"post": "yes"})
    asked = ProposedChange.objects.get()
    changes.approve(asked, by=make_staff("Medical reviewers"), seen=asked.version, now=NOW)

    assert (Therapy.objects.count(), FormerSlug.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    login(client, is_superuser=True)
    for number in range(count):
        rename(make_article(slug=f"a-{number}").article, f"b-{number}")

    with django_assert_num_queries(8):
        client.get(page(FormerSlug, "changelist"))
