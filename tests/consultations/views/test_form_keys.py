"""The form's key, the browser it belongs to, and forms that come from elsewhere."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from consultations.intake import receiving
from consultations.models import ConsultationRequest, Message
from tests.consultations.views.test_form import URL, answers, hidden, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


@pytest.fixture
def strict() -> Client:
    """A browser of which Django's own check asks its token."""
    return Client(enforce_csrf_checks=True)


OURS = {"origin": "http://testserver"}


def test_a_form_open_for_longer_than_its_key_lasts_comes_back_filled_and_the_second_try_works(strict: Client) -> None:
    key = receiving.new_key(timezone.now() - receiving.KEY_LASTS - dt.timedelta(minutes=1))
    form = answers(message="My knee.", agree_health="on", key=key)

    first = strict.post(URL, form, headers=OURS)
    second = strict.post(URL, form | {"key": hidden(first, "key")}, headers=OURS)

    html = text_of(first)
    assert first.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Please send again" in html
    assert "My knee." in html
    assert html.count(" autofocus") == 1
    assert second.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, OURS, {"referer": "http://testserver/consultation/"}]
)
def test_a_browser_without_cookies_and_scripts_finishes(strict: Client, headers: dict[str, str]) -> None:
    form = answers(key=hidden(strict.get(URL), "key"))
    strict.cookies.clear()

    response = strict.post(URL, form, headers=headers)

    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.headers["Location"] == ConsultationRequest.objects.get().get_private_url()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"referer": "https://elsewhere.example/consultation/"},
        {"origin": "http://["},
    ],
)
def test_a_form_from_elsewhere_comes_back_empty_with_a_key_of_its_own(strict: Client, headers: dict[str, str]) -> None:
    planted = hidden(Client().get(URL), "key")

    response = strict.post(URL, answers(key=planted, message="My knee.", agree_health="on"), headers=headers)

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert hidden(response, "key") != planted
    assert [word for word in ("Ada Visitor", "ada@visitor.example", "My knee.") if word in text_of(response)] == []
    assert not ConsultationRequest.objects.exists()


def test_a_key_of_another_browser_is_replaced_before_anything_is_written(strict: Client) -> None:
    planted = hidden(Client().get(URL), "key")
    strict.get(URL)

    first = strict.post(URL, answers(key=planted), headers=OURS)
    second = strict.post(URL, answers(key=hidden(first, "key")), headers=OURS)
    other = Client().post(URL, answers(key=planted, name="Mallory"), headers=OURS)

    assert first.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Ada Visitor"' in text_of(first)
    assert second.status_code == HTTPStatus.SEE_OTHER
    assert other.headers["Location"] != second.headers["Location"]


def test_no_page_that_answers_the_form_links_to_a_private_page(client: Client) -> None:
    form = answers()
    client.post(URL, form)

    asked = client.post(URL, form | {"name": "Mallory"})

    assert asked.status_code == HTTPStatus.CONFLICT
    assert "/consultation/r/" not in text_of(asked)


def test_back_and_send_of_the_same_words_is_one_request(client: Client) -> None:
    first = client.post(URL, answers(key=hidden(client.get(URL), "key")))
    second = client.post(URL, answers(key=hidden(client.get(URL), "key")))

    assert first.headers["Location"] == second.headers["Location"]
    assert ConsultationRequest.objects.count() == 1
    assert Message.objects.count() == 2


def test_back_and_send_of_changed_words_asks_first(client: Client) -> None:
    client.post(URL, answers(key=hidden(client.get(URL), "key")))

    asked = client.post(URL, answers(name="Ada Other", key=hidden(client.get(URL), "key")))
    sent = client.post(URL, answers(name="Ada Other", key=hidden(asked, "key")))

    assert asked.status_code == HTTPStatus.CONFLICT
    assert ConsultationRequest.objects.earliest("pk").reference in text_of(asked)
    assert sent.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.count() == 2


def test_another_browser_learns_nothing_of_the_same_words(client: Client) -> None:
    other = Client()
    client.post(URL, answers(key=hidden(client.get(URL), "key")))

    same = other.post(URL, answers(key=hidden(other.get(URL), "key")))

    assert same.status_code == HTTPStatus.SEE_OTHER
    assert ConsultationRequest.objects.count() == 2
