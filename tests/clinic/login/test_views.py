"""The way into the desk."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import make_staff
from tests.login import code_of, set_up_app

# Second factors are announced after the commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _second_factor(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = "required"


RIGHT = "correct horse"


def log_in(client: Client, username: str, password: str = RIGHT, **extra: str) -> int:
    return client.post("/admin/login/", {"username": username, "password": password}, **extra).status_code  # type: ignore[arg-type]


def test_password_alone_leads_to_the_set_up_and_opens_nothing(client: Client) -> None:
    staff = make_staff("Managers")

    assert log_in(client, staff.username) == 302
    assert client.get("/admin/").status_code == 302
    led = client.get("/admin/", follow=True)

    assert led.redirect_chain[-1][0] == reverse("mfa_index")
    assert client.get(reverse("desk:agenda")).status_code == 302


def test_setting_up_an_app_opens_the_desk(client: Client) -> None:
    staff = make_staff("Managers")
    log_in(client, staff.username)

    set_up_app(client)

    assert client.get("/admin/").status_code == 200
    row = Authenticator.objects.get(user=staff, type="totp")
    assert row.data["secret"].startswith("gAAAA")


def test_password_and_code_open_the_desk_and_the_code_only_once(client: Client) -> None:
    staff = make_staff("Managers")
    log_in(client, staff.username)
    code = code_of(set_up_app(client))
    answers = []

    for guest in (Client(), Client()):
        log_in(guest, staff.username)
        before = guest.get("/admin/").status_code
        guest.post(reverse("mfa_authenticate"), {"code": code})
        answers.append((before, guest.get("/admin/").status_code))

    assert answers == [(302, 200), (302, 302)]


def test_session_without_the_factor_cannot_read_recovery_codes(client: Client) -> None:
    staff = make_staff("Managers")
    log_in(client, staff.username)
    set_up_app(client)
    thief = Client()
    thief.force_login(staff)

    for name in ("mfa_view_recovery_codes", "mfa_activate_totp", "account_change_password", "mfa_deactivate_totp"):
        answer = thief.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_reauthenticate")), name


def test_ten_wrong_passwords_stop_an_address_and_not_the_owner_elsewhere(client: Client, settings: Settings) -> None:
    staff = make_staff("Managers")
    wrong = [log_in(Client(), staff.username, "wrong", REMOTE_ADDR="192.0.2.7") for _ in range(12)]

    right = log_in(Client(), staff.username, REMOTE_ADDR="192.0.2.7")
    owner = log_in(Client(), staff.username, REMOTE_ADDR="198.51.100.4")

    assert wrong == [200] * 10 + [429] * 2
    assert right == 429
    assert owner == 302


def test_there_is_no_page_to_sign_up_or_to_change_an_address_on(client: Client) -> None:
    client.force_login(make_staff("Managers"))

    assert [client.get(f"/admin/account/{name}/").status_code for name in ("signup", "email", "social")] == [302] * 3
