"""Whose tries are counted, and whom they do not stand in the way of."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from clinic.login import browsers
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

RIGHT, HOME = "correct horse", "192.0.2.7"


def log_in(client: Client, username: str, password: str = RIGHT, address: str = HOME) -> int:
    return client.post("/admin/login/", {"username": username, "password": password}, REMOTE_ADDR=address).status_code


def browser_of(username: str) -> Client:
    """Return a browser in which somebody logged in and out."""
    client = Client()
    log_in(client, username, address="198.51.100.200")
    client.post(reverse("account_logout"))
    return client


def test_stranger_at_the_same_address_does_not_lock_out_a_browser_that_was_used() -> None:
    staff = make_staff("Managers")
    known = browser_of(staff.username)

    wrong = [log_in(Client(), staff.username, "wrong") for _ in range(12)]

    assert wrong == [200] * 10 + [429] * 2
    assert log_in(Client(), staff.username) == 429
    assert log_in(known, staff.username) == 302


def test_stranger_at_another_address_of_the_network_does_not_lock_out_a_new_browser() -> None:
    staff = make_staff("Managers")

    for _ in range(10):
        log_in(Client(), staff.username, "wrong", "192.0.2.9")

    assert log_in(Client(), staff.username, address="192.0.2.9") == 429
    assert log_in(Client(), staff.username, address="192.0.2.8") == 302


def test_network_has_forty_tries_at_an_account() -> None:
    staff = make_staff("Managers")
    wrong = [log_in(Client(), staff.username, "wrong", f"192.0.2.{number % 100}") for number in range(42)]

    assert wrong == [200] * 40 + [429] * 2


def test_browser_that_was_used_has_ten_tries() -> None:
    staff = make_staff("Managers")
    known = browser_of(staff.username)

    assert [log_in(known, staff.username, "wrong") for _ in range(11)] == [200] * 10 + [429]


def test_browser_is_known_for_the_accounts_that_were_used_in_it_alone() -> None:
    used, other = make_staff("Managers"), make_staff("Managers")
    known = browser_of(used.username)
    for _ in range(10):
        log_in(Client(), other.username, "wrong")

    assert log_in(known, other.username) == 429
    assert log_in(known, used.username) == 302


def test_cookie_that_nobody_was_given_is_worth_nothing_and_is_replaced() -> None:
    staff = make_staff("Managers")
    invented = "x" * 32
    client = Client()
    client.cookies[browsers.COOKIE] = invented
    for _ in range(10):
        log_in(Client(), staff.username, "wrong")

    refused = log_in(client, staff.username)
    log_in(client, staff.username, address="198.51.100.200")

    assert refused == 429
    assert client.cookies[browsers.COOKIE].value != invented


def test_cookie_goes_to_the_desk_alone_and_outlives_the_session() -> None:
    staff = make_staff("Managers")
    client = browser_of(staff.username)
    first = client.cookies[browsers.COOKIE]

    log_in(client, staff.username)

    assert (first["path"], first["httponly"], first["samesite"], first["max-age"]) == ("/admin/", True, "Lax", 7776000)
    assert client.cookies[browsers.COOKIE].value == first.value


def test_passkeys_of_a_browser_that_was_used_are_counted_apart(settings: Settings) -> None:
    settings.LIMITS = {"passkeys.address": 1}
    known = browser_of(make_staff("Managers").username)
    page = reverse("mfa_login_webauthn")

    strangers = [Client().post(page, REMOTE_ADDR=HOME).status_code for _ in range(2)]

    assert strangers[1] == 429
    assert known.post(page, REMOTE_ADDR=HOME).status_code == strangers[0] != 429
