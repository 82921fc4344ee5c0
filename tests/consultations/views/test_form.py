"""The request form as a visitor meets it."""

from __future__ import annotations

import copy
import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.db.models import F
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from consultations.intake import receiving
from consultations.models import Closure, ConsentText, ConsultationRequest, Message, RateCount
from consultations.statuses import ConsentPurpose, Status
from content.models import Center, ContentVersion
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
URL = "/consultation/"
GOOD = {"name": "Ada Visitor", "email": "ada@visitor.example"}


def answers(**changes: Any) -> dict[str, Any]:
    return GOOD | {"key": receiving.new_key(timezone.now() - dt.timedelta(minutes=1))} | changes


def text_of(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def hidden(response: HttpResponseBase, name: str) -> str:
    return text_of(response).split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def strict() -> Client:
    """A browser whose forms need their token."""
    return Client(enforce_csrf_checks=True)


def test_the_form_is_for_one_person_and_sets_only_the_cookie_it_needs(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == HTTPStatus.OK
    assert response.headers["Cache-Control"] == "no-store"
    assert list(response.cookies) == ["csrftoken"]


def test_the_form_has_at_most_eight_questions_and_names_what_is_optional(client: Client) -> None:
    html = text_of(client.get(URL))

    assert "asteriskField" not in html
    assert html.count("(optional)") == 4
    assert "We need your name and one way to reach you. Everything else is optional." in html


def test_a_good_form_is_kept_and_answered_with_its_private_page(client: Client) -> None:
    response = client.post(URL, answers(), headers={"accept-language": "de-AT,en;q=0.5"})

    request = ConsultationRequest.objects.get()
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.headers["Location"] == request.get_private_url()
    assert (request.name, request.language, request.status) == ("Ada Visitor", "de-AT", Status.NEW)


def test_the_same_form_twice_is_one_request_and_the_same_page(client: Client) -> None:
    form = answers()

    first, second = client.post(URL, form), client.post(URL, form)

    assert first.headers["Location"] == second.headers["Location"]
    assert ConsultationRequest.objects.count() == 1
    assert Message.objects.count() == 2


def test_a_changed_form_under_the_same_key_asks_and_one_more_click_sends_it(client: Client) -> None:
    form = answers()
    client.post(URL, form)
    first = ConsultationRequest.objects.get()

    asked = client.post(URL, form | {"name": "Ada Other"})
    sent = client.post(URL, form | {"name": "Ada Other", "key": hidden(asked, "key")})

    assert asked.status_code == HTTPStatus.CONFLICT
    assert first.reference in text_of(asked)
    assert "Send it as a new request" in text_of(asked)
    assert 'value="Ada Other"' in text_of(asked)
    assert sent.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.count() == 2


def test_an_invalid_form_comes_back_with_everything_typed_and_words(client: Client) -> None:
    response = client.post(URL, answers(name="", best_time="after <5>", message="My knee."))

    html = text_of(response)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<title>Error: " in html
    assert 'role="alert"' in html
    assert " autofocus" in html
    assert html.count("Enter your name.") == 2
    assert '<a href="#id_name">Enter your name.</a>' in html
    assert 'aria-describedby="id_name_error"' in html
    assert "after &lt;5&gt;" in html
    assert "My knee." in html


def test_an_unusual_number_passes_at_the_second_try(client: Client) -> None:
    form = answers(email="", phone="12")

    first = client.post(URL, form)
    second = client.post(URL, form | {name: hidden(first, name) for name in ("confirmed", "key")})

    assert first.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "We could not read this number." in text_of(first)
    assert second.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.get().phone == "12"


def test_posts_with_mistakes_are_limited_too(client: Client, settings: Settings) -> None:
    settings.LIMITS = {"form-posts.address": 2}

    statuses = [client.post(URL, answers(name="")).status_code for _ in range(3)]

    assert statuses == [422, 422, 429]


def test_everybodys_ceiling_closes_the_door_in_words(client: Client, settings: Settings) -> None:
    settings.LIMITS = {"requests.everybody": 1}
    client.post(URL, answers())

    response = Client().post(URL, answers(name="Grace", message="My elbow.", agree_health="on"))

    html = text_of(response)
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "More people than usual" in html
    assert "+12025550143" in html
    assert "My elbow." in html


def test_a_form_elsewhere_without_its_token_is_still_refused(strict: Client) -> None:
    assert strict.post("/admin/login/", {"username": "x"}).status_code == HTTPStatus.FORBIDDEN


def test_over_the_limit_says_so_and_keeps_what_was_typed(client: Client, settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1}
    client.post(URL, answers())

    response = client.post(URL, answers(name="Grace", message="My elbow.", agree_health="on"))

    html = text_of(response)
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "Please wait a little" in html
    assert 'value="Grace"' in html
    assert "My elbow." in html
    assert ConsultationRequest.objects.count() == 1


def test_the_limit_is_each_visitors_own_behind_a_trusted_proxy(client: Client, settings: Settings) -> None:
    settings.LIMITS, settings.TRUSTED_PROXIES = {"requests.address": 1}, ["127.0.0.1/32"]

    statuses = [
        client.post(URL, answers(), headers={"x-forwarded-for": f"9.9.9.9, {address}"}).status_code
        for address in ("203.0.113.9", "198.51.100.7", "203.0.113.9")
    ]

    assert statuses == [303, 303, 429]


def test_a_forwarded_address_is_believed_of_nobody_else(client: Client, settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1}

    statuses = [
        client.post(URL, answers(), headers={"x-forwarded-for": f"203.0.113.{last}"}).status_code for last in (1, 2)
    ]

    assert statuses == [303, 429]


def test_whoever_fills_in_the_hidden_field_gets_the_normal_answer_and_is_kept_for_review(client: Client) -> None:
    response = client.post(URL, answers(motto="Best casino"))

    request = ConsultationRequest.objects.get()
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert request.status == Status.SPAM
    assert "We have your request" in text_of(client.get(response.headers["Location"]))
    assert not Message.objects.exists()


def test_the_hidden_field_is_out_of_the_way_of_people(client: Client) -> None:
    html = text_of(client.get(URL))
    trap = html[html.index('class="spare"') : html.index('name="motto"') + 120]

    assert 'aria-hidden="true"' in trap
    assert "Please leave this empty" in trap
    assert 'tabindex="-1"' in trap
    assert "style=" not in html


def test_a_database_that_is_away_gets_words_and_keeps_what_was_typed(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    form = answers(message="My knee.", agree_health="on", key=hidden(client.get(URL), "key"))

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("My knee. is in the way")

    monkeypatch.setattr(receiving, "receive", away)
    response = client.post(URL, form)

    html = text_of(response)
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "We have not received your request" in html
    assert "+12025550143" in html
    assert f'name="key" value="{form["key"]}"' in html
    assert "My knee." in html
    assert "knee" not in caplog.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(strict: Client, method: str) -> None:
    assert getattr(strict, method)(URL).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_the_form_asks_the_same_of_the_database_however_many_centers_there_are(
    client: Client, django_assert_num_queries: Any
) -> None:
    factories.make_center()
    with time_machine.travel(factories.NOW, tick=False):
        with django_assert_num_queries(12):
            client.get(URL)
        for _ in range(3):
            factories.make_center()
            factories.make_therapy()
        with django_assert_num_queries(12):
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
        ContentVersion.objects.update(number=F("number") + 1)

        response = client.post(URL, answers(center=deleted.slug))

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a center from the list" in text_of(response)
    assert ConsultationRequest.objects.count() == 1
