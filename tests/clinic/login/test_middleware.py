"""Log-in pages in turns."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.login import turns
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

RIGHT = "correct horse"
PAGES = ["/admin/login/", "/admin/login/passkey/"]


@pytest.fixture
def _crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers without end: one is in, and as many wait as may."""
    gate = turns.strangers_gate()
    gate.try_to_enter()
    gate.waiting = turns.MOST_WAITING
    monkeypatch.setattr(turns, "strangers", gate)


def log_in(client: Client, username: str, address: str = "192.0.2.7") -> int:
    return client.post("/admin/login/", {"username": username, "password": RIGHT}, REMOTE_ADDR=address).status_code


@pytest.mark.usefixtures("_crowd")
def test_stranger_in_a_crowd_is_told_to_try_again() -> None:
    staff = make_staff("Managers")

    answer = Client().post("/admin/login/", {"username": staff.username, "password": RIGHT})

    assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    assert "Your password was not looked at." in answer.text


@pytest.mark.usefixtures("_crowd")
def test_name_that_no_database_could_look_for_is_no_fault_in_a_crowd() -> None:
    assert log_in(Client(), "a\x00b") == 429


@pytest.mark.usefixtures("_crowd")
@pytest.mark.parametrize("page", PAGES)
def test_log_in_pages_are_not_drawn_for_strangers_in_a_crowd(page: str) -> None:
    assert Client().get(page).status_code == 429


@pytest.mark.usefixtures("_crowd")
@pytest.mark.parametrize("page", ["/admin/login/second-factor/", "/admin/", "/consultation/"])
def test_other_pages_do_not_wait_for_the_crowd(page: str) -> None:
    assert Client().get(page).status_code != 429


def test_browser_and_network_in_which_the_account_was_used_pass_the_crowd(request: pytest.FixtureRequest) -> None:
    staff = make_staff("Managers")
    known = Client()
    log_in(known, staff.username)
    known.post("/admin/account/logout/")
    request.getfixturevalue("_crowd")

    assert Client().get("/admin/login/", REMOTE_ADDR="192.0.2.9").status_code == 200
    assert log_in(Client(), staff.username, "192.0.2.9") == 302
    assert known.get("/admin/login/", REMOTE_ADDR="198.51.100.1").status_code == 200
    assert log_in(known, staff.username, "198.51.100.1") == 302
    assert log_in(known, "somebody", "198.51.100.1") == 429


def test_turn_is_given_back_after_the_answer_and_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = turns.strangers_gate()
    monkeypatch.setattr(turns, "strangers", gate)

    Client().get("/admin/login/")
    Client().post("/admin/login/", {"username": "\x00", "password": RIGHT})

    assert (gate.is_taken, gate.waiting) == (False, 0)
