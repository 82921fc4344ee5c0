"""What an editor can link to by name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.content.admin.screens import login
from tests.factories import make_article, make_center, make_policy, make_question, make_therapy, section_words

pytestmark = pytest.mark.usefixtures("clinic")
ADDRESS = "admin:content_article_offers"


def test_pages_and_their_parts_are_offered_by_name(client: Client) -> None:
    login(client, "Editors")
    make_article(slug="a", title="Guide", sections=[section_words(anchor="why", heading="Why")])
    make_article(slug="hidden", published_at=None)
    make_therapy(slug="t", name="Plasma")
    make_center(slug="c", name="Hill")
    make_policy()
    make_question(slug="q", question="Does it hurt?")

    pages = [(page["path"], page["name"]) for page in client.get(reverse(ADDRESS)).json()["pages"]]

    assert pages[:6] == [
        ("/articles/a/", "Guide"),
        ("/articles/a/#why", "Guide: Why"),
        ("/therapies/t/", "Therapy Plasma"),
        ("/centers/c/", "Center Hill"),
        ("/privacy/", "Privacy notice"),
        ("/faq/#q", "Does it hurt?"),
    ]
    assert [client.get(path.partition("#")[0]).status_code for path, _ in pages] == [200] * len(pages)


@pytest.mark.parametrize(("group", "status"), [("Medical reviewers", 200), ("Triage", 403)])
def test_pages_are_offered_to_those_who_see_articles(client: Client, group: str, status: int) -> None:
    login(client, group)

    assert client.get(reverse(ADDRESS)).status_code == status


def test_pages_are_only_read(client: Client) -> None:
    login(client, "Editors")

    assert client.post(reverse(ADDRESS)).status_code == 405


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    assert client.get(reverse(ADDRESS)).status_code == 302
