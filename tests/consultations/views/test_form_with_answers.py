"""Answers of the decision aid in the request form: by the visitor's own post, in no address, and unsent until they send it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from consultations.forms.request import MESSAGE_LENGTH
from consultations.models import ConsultationRequest
from tests.factories import make_decision_question

pytestmark = pytest.mark.usefixtures("clinic")
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def _questions(db: None) -> None:
    """One question."""
    make_decision_question("pain", slug="goal", question="What?")


def address() -> str:
    """Return where the decision aid posts to."""
    return reverse("consultations:request-with-answers")


def test_answers_stand_in_the_message_and_nothing_is_kept(client: Client) -> None:
    response = client.post(address(), {"goal": "pain"}, headers=OURS)

    html = response.content.decode()
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert "- What? Answer pain\n" in html
    assert "nothing has been sent yet" in html
    assert "<title>Ask for" in html
    assert ConsultationRequest.objects.count() == 0


def test_no_answers_give_the_form_as_it_always_is(client: Client) -> None:
    response = client.post(address(), {"goal": "<script>"}, headers=OURS)

    html = response.content.decode()
    assert response.status_code == 200
    assert "nothing has been sent yet" not in html
    assert "What I would like to ask" not in html


def test_post_from_elsewhere_brings_nothing(client: Client) -> None:
    response = client.post(address(), {"goal": "pain"}, headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert "Answer pain" not in response.content.decode()


def test_reading_leads_to_the_form_without_what_the_address_says(client: Client) -> None:
    response = client.get(f"{address()}?goal=pain")

    assert (response.status_code, response.headers["Location"]) == (302, "/consultation/")


def test_message_is_never_longer_than_the_form_takes(client: Client) -> None:
    make_decision_question("long", slug="much", ask="\n".join(f"{number} {'x' * 200}" for number in range(40)))

    response = client.post(address(), {"much": "long"}, headers=OURS)

    assert len(response.context["form"].initial["message"]) == MESSAGE_LENGTH
