"""Forms of the private page carry no token: what comes from another website is told by what browsers say of it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from consultations.urls import urlpatterns
from content.models import ClinicProfile
from tests.factories import make_request

ACTIONS = ["note", "contact", "consent", "erase", "times", "times/hold", "times/release", "cancel"]
ACTIONS += ["waiting/join", "waiting/leave", "waiting/take", "ask", "code"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),  # a program, or a browser that says nothing
        ({"Origin": "null"}, True),  # an old browser, on our own page that sends no referrer
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": settings.SITE_URL}, True),
        ({"Sec-Fetch-Site": "none"}, True),  # a reload of what was sent
        ({"Origin": "https://evil.example"}, False),  # an old browser, on another website
        ({"Origin": "https://testserver.evil.example"}, False),
        ({"Origin": "https://testserver:444"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "none"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "nonsense"}, False),
    ],
)
def test_form_is_taken_from_our_own_pages_only(clinic: ClinicProfile, headers: dict[str, str], taken: bool) -> None:  # noqa: FBT001  a case's outcome
    request = make_request(confirmed=False)
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(f"{request.get_private_url()}erase/", {"sure": "on"}, headers=headers)

    request.refresh_from_db()
    assert response.status_code == (303 if taken else 403)
    assert (request.erasure_asked_at is not None) is taken


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_action_is_taken_from_another_website(
    client: Client, clinic: ClinicProfile, action: str, headers: dict[str, str]
) -> None:
    request = make_request()

    response = client.post(f"{request.get_private_url()}{action}/", {"sure": "on", "text": "x"}, headers=headers)

    assert response.status_code == 403
    assert "nothing was changed" in response.content.decode()


def test_every_action_is_in_the_list_above() -> None:
    # The one click of a mail program has neither origin nor form: it only takes the newsletter consent back.
    posts = {str(one.pattern).removeprefix("r/<str:token>/").strip("/") for one in urlpatterns} - {
        "", "with-answers", "soonest", "unsubscribe", "calendar.ics", "confirm/<str:token>", "fresh",
    }  # fmt: skip

    assert posts == set(ACTIONS)
