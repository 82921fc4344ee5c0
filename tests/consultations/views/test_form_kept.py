"""The parts of the request form that are kept: how often the database is asked, what stays each visitor's own, what an edit changes."""

from __future__ import annotations

import copy
import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F
from django.test import Client

from consultations.intake import receiving
from consultations.models import Closure, ConsentText, ConsultationRequest, RateCount
from consultations.statuses import ConsentPurpose
from content.models import Center, ContentVersion, TableVersion
from tests import factories
from tests.consultations.views.test_form import URL, answers, hidden, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


def test_the_form_asks_the_same_of_the_database_however_many_centers_there_are(
    client: Client, django_assert_num_queries: Any
) -> None:
    factories.make_center()
    with time_machine.travel(factories.NOW, tick=False):
        with django_assert_num_queries(11):
            client.get(URL)
        for _ in range(3):
            factories.make_center()
            factories.make_therapy()
        with django_assert_num_queries(11):
            client.get(URL)
        with django_assert_num_queries(0):
            client.get(URL)


def test_a_sent_form_asks_the_database_eleven_times(client: Client, django_assert_num_queries: Any) -> None:
    center, therapy = factories.make_center(), factories.make_therapy()
    form = {"center": center.slug, "therapies": therapy.slug, "message": "My knee.", "agree_health": "on"}
    form["phone"] = "+442079460958"
    with time_machine.travel(factories.NOW, tick=False):
        client.post(URL, answers(**form))

        # A transaction within that of the test has two more around it.
        with django_assert_num_queries(11 + 2):
            response = client.post(URL, answers(**form))

    assert response.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.count() == 2


def test_a_kept_form_is_each_visitors_own_in_token_key_and_source(client: Client) -> None:
    center, therapy = factories.make_center(), factories.make_therapy()
    client.get(URL, {"center": center.slug, "source": "one"})

    first, second = (Client().get(URL, {"center": center.slug, "source": source}) for source in ("two", '"><b>'))

    assert [hidden(page, "source") for page in (first, second)] == ["two", "&quot;&gt;&lt;b&gt;"]
    for name in ("key", "csrfmiddlewaretoken"):
        assert hidden(first, name) != hidden(second, name)
    # A cookie that fits the token, and a key of the browser that has the cookie.
    keys = [receiving.read_key(hidden(page, "key")) for page in (first, second)]
    cookies = [page.cookies["csrftoken"].value for page in (first, second)]
    assert [key and key.browser for key in keys] == [receiving.browser_digest(cookie) for cookie in cookies]
    assert f'<option value="{center.slug}" selected>' in text_of(second)
    assert f'<option value="{center.slug}" selected>' not in text_of(client.get(URL, {"therapy": therapy.slug}))


def test_a_kept_form_gets_new_words_and_closed_days_at_once(client: Client) -> None:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        client.get(URL)
        begins = factories.NOW + dt.timedelta(hours=1)
        ConsentText.objects.create(purpose=ConsentPurpose.CALLS, version=9, text="New words.", active_from=begins)
        Closure.objects.create(first_day=factories.NOW.date(), last_day=factories.NOW.date(), name="Stocktaking")
        pages = [text_of(client.get(URL))]
        clock.move_to(begins)
        pages.append(text_of(client.get(URL)))

    assert [page.count("New words.") for page in pages] == [0, 1]
    assert [page.count("Stocktaking") for page in pages] == [1, 1]


@pytest.mark.parametrize("mistake", [{"name": ""}, {"key": "forged.key"}, {}])
def test_every_post_counts_once_as_a_post_whatever_becomes_of_it(client: Client, mistake: dict[str, str]) -> None:
    typed = answers() | mistake

    for _ in range(2):
        client.post(URL, typed)

    counts = RateCount.objects.filter(bucket__startswith="form-posts.").values_list("count", flat=True)
    assert set(counts) == {2}


@pytest.mark.django_db(transaction=True)
def test_a_center_deleted_unseen_is_a_mistake_that_the_form_names(client: Client) -> None:
    kept = factories.make_center()
    # Without rows that belong to it, so that it can be deleted past the models.
    deleted = copy.copy(kept)
    deleted.pk, deleted.slug, deleted.name = None, "deleted", "Deleted"
    Center.objects.bulk_create([deleted])
    with time_machine.travel(factories.NOW, tick=False):
        client.post(URL, answers(center=kept.slug))
        # As another process does: this one has asked within the last quarter of a second what has changed.
        Center.objects.filter(pk=deleted.pk)._raw_delete(DEFAULT_DB_ALIAS)
        for versions in (ContentVersion, TableVersion):
            versions.objects.update(number=F("number") + 1)

        response = client.post(URL, answers(center=deleted.slug))

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a center from the list" in text_of(response)
    assert ConsultationRequest.objects.count() == 1
