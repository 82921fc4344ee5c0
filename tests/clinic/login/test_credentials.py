"""Answers of passkeys and security keys that no device has made."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from clinic.login.credentials import LONGEST, UNREADABLE
from tests.factories import make_staff
from tests.login import set_up_app

# Second factors are announced after the commit.
pytestmark = pytest.mark.django_db(transaction=True)

UNREAD = {
    "deep list": "[" * 30_000,
    "deep object": '{"a":' * 9_000,
    "endless number": "9" * 5_000,
    "too long": f'"{"x" * LONGEST}"',
    "no rawId": '{"id": 1}',
}


@pytest.mark.parametrize("answer", UNREAD.values(), ids=UNREAD.keys())
def test_passkey_that_cannot_be_read_leads_back_to_the_login_in_words(client: Client, answer: str) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})

    response = client.post(reverse("mfa_login_webauthn"), {"credential": answer})

    assert (response.status_code, response.headers["Location"]) == (302, reverse("account_login"))
    assert [str(message) for message in get_messages(response.wsgi_request)][:1] == [UNREADABLE]


def test_new_key_that_cannot_be_read_is_refused_on_its_page(client: Client) -> None:
    staff = make_staff("Managers")
    client.post(reverse("account_login"), {"username": staff.username, "password": "correct horse"})
    set_up_app(client)
    address = reverse("mfa_add_webauthn")
    assert client.get(address).status_code == 200

    answers = [client.post(address, {"name": "Key", "credential": answer}) for answer in UNREAD.values()]

    told = [UNREADABLE in str(answer.context["form"].errors) for answer in answers]
    assert [answer.status_code for answer in answers] == [200] * len(UNREAD)
    assert told == [True] * len(UNREAD)
