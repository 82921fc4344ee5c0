"""The request form as a visitor meets it."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from consultations.intake import receiving
from consultations.models import ConsultationRequest, Message
from consultations.statuses import Status

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
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    form = answers(message="My knee.", agree_health="on", key=hidden(client.get(URL), "key"))

    def away(*args: object) -> None:
        raise OperationalError("My knee. is in the way")

    with connection.execute_wrapper(away):
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
