"""The social card of an article follows what readers see of it, at the second, and never says what they do not see yet."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from content.models import ClinicProfile, Revision
from content.publishing import sharing, steps
from tests.clinic.pages import Page
from tests.factories import NOW, desk_account, make_article, make_draft, make_staff, publish

pytestmark = pytest.mark.usefixtures("clinic")

HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)


@pytest.fixture
def public() -> Revision:
    """What readers see."""
    return make_article(slug="gel", title="Gel for the knee")


def card_of(client: Client, path: str = "/articles/gel/") -> str:
    """Return the path of the card that a page names."""
    return Page(client.get(path).content.decode()).meta["og:image"].removeprefix("http://localhost:8000")


def test_page_names_a_card_that_is_there(client: Client, public: Revision) -> None:
    response = client.get(card_of(client))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


def test_other_pages_have_the_card_of_the_site(client: Client, public: Revision) -> None:
    make_article(slug="cells", title="Células madre")

    assert [card_of(client, path) for path in ("/", "/articles/", "/articles/cells/")] == [
        "/static/img/social-card.png"
    ] * 3


def test_card_changes_at_the_second_and_its_old_address_leads_to_the_new_one(client: Client, public: Revision) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        publish(make_draft(article=public.article, title="Gel for the hip"), at=NOW + HOUR)
        old = card_of(client)
        drawn = client.get(old).content
        clock.move_to(NOW + HOUR - SECOND)
        assert (card_of(client), client.get(old).content) == (old, drawn)

        clock.move_to(NOW + HOUR)

        new = card_of(client)
        assert new != old
        assert client.get(old).headers["Location"] == new
        assert client.get(new).content != drawn


def test_card_of_a_scheduled_revision_is_not_there_before_it(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        revision = publish(make_draft(slug="gel", title="Gel for the hip"), at=NOW + HOUR)
        clock.move_to(NOW + HOUR)
        address = card_of(client)
        assert client.get(address).status_code == 200
        clock.move_to(NOW + HOUR - SECOND)
        assert client.get(address).status_code == 404

        steps.end(revision, seen=revision.version, at=NOW + 2 * HOUR, by=desk_account("desk-editor"), now=NOW)
        clock.move_to(NOW + 2 * HOUR)

        assert client.get(address).status_code == 404


def test_card_follows_the_name_of_the_clinic(client: Client, public: Revision) -> None:
    old = card_of(client)
    profile = ClinicProfile.objects.get()
    profile.name = "Another Name"
    profile.save()

    assert card_of(client) != old


def test_preview_names_no_card_of_its_words(client: Client, public: Revision) -> None:
    editor: User = make_staff("Editors")
    draft = make_draft(article=public.article, title="Gel for the hip")
    link = sharing.share(draft, days=7, by=editor, now=dt.datetime.now(dt.UTC))

    assert card_of(client, f"/preview/{sharing.token_of(link)}/") == "/static/img/social-card.png"


def test_card_can_only_be_read(client: Client, public: Revision) -> None:
    address = card_of(client)

    assert client.post(address).status_code == 405
    assert client.get("/media/cards/gel-0.png").status_code == 404
    assert client.get(f"/media/cards/none-{'0' * 16}.png").status_code == 404
