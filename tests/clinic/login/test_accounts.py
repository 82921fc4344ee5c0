"""Sessions, what is logged, and accounts in the admin."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from tests.factories import make_staff

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NEW = "otter plum lantern gravel"


def log_in(client: Client, staff: User, password: str) -> int:
    return client.post("/admin/login/", {"username": staff.username, "password": password}).status_code


def test_session_that_nobody_uses_ends_after_half_an_hour(client: Client) -> None:
    answers = []

    with time_machine.travel(START, tick=False) as clock:
        client.force_login(make_staff("Managers"))
        for minutes in (0, 29, 58, 89):
            clock.move_to(START + dt.timedelta(minutes=minutes))
            answers.append(client.get("/admin/").status_code)

    assert answers == [200, 200, 200, 302]


def test_session_ends_after_twelve_hours_however_busy(client: Client) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(make_staff("Managers"))
        answers = []
        for minutes in range(20, 12 * 60 + 41, 20):
            clock.move_to(START + dt.timedelta(minutes=minutes))
            answers.append(client.get("/admin/").status_code)

    assert (answers[:36], answers[36:]) == ([200] * 36, [302, 302])


def test_change_of_password_ends_the_other_sessions_and_keeps_ones_own(client: Client) -> None:
    staff, other = make_staff("Managers"), Client()
    log_in(client, staff, "correct horse")
    log_in(other, staff, "correct horse")
    form = {"oldpassword": "correct horse", "password1": NEW, "password2": NEW}

    client.post(reverse("account_change_password"), form)

    assert (client.get("/admin/").status_code, other.get("/admin/").status_code) == (200, 302)
    assert UserSession.objects.filter(user=staff).count() == 1


def test_one_button_ends_all_other_sessions(client: Client) -> None:
    staff, other = make_staff("Managers"), Client()
    log_in(client, staff, "correct horse")
    log_in(other, staff, "correct horse")
    listed = client.get(reverse("usersessions_list")).content.decode().count("127.0.0.1")

    client.post(reverse("usersessions_list"))

    assert listed == 2
    assert (client.get("/admin/").status_code, other.get("/admin/").status_code) == (200, 302)


def test_log_tells_what_happened_and_no_address_and_nothing_typed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    staff = make_staff("Managers")
    caplog.clear()

    with caplog.at_level(logging.INFO, "clinic.access"):
        log_in(client, staff, "wrong-secret-thing")
        client.post("/admin/login/", {"username": "my-own-password", "password": "x"})
        log_in(client, staff, "correct horse")
        client.post(reverse("admin:logout"))
        staff.groups.add(Group.objects.get(name="Triage"))
        staff.set_password(NEW)
        staff.save()

    lines = [record.getMessage() for record in caplog.records if record.name == "clinic.access"]
    assert [line.partition(" place")[0] for line in lines] == [
        f"refused account={staff.pk}",
        "refused account=none",
        f"login account={staff.pk}",
        f"logout account={staff.pk}",
        f"groups add account={staff.pk}",
        f"password changed account={staff.pk}",
    ]
    told = " ".join(lines)
    assert [word for word in ("127.0", "wrong-secret", "my-own", staff.username, NEW, "argon2") if word in told] == []


def test_nobody_grants_themselves_more(client: Client) -> None:
    boss = make_staff(is_superuser=True)
    plain = make_staff("Triage")
    client.force_login(boss)
    own = client.get(reverse("admin:auth_user_change", args=[boss.pk])).content.decode()
    others = client.get(reverse("admin:auth_user_change", args=[plain.pk])).content.decode()

    assert [f'name="{name}"' in own for name in ("groups", "is_superuser", "user_permissions")] == [False] * 3
    assert [f'name="{name}"' in others for name in ("groups", "is_superuser", "user_permissions")] == [True] * 3
    manager = Client()
    manager.force_login(make_staff("Managers"))
    assert manager.get(reverse("admin:auth_user_change", args=[plain.pk])).status_code == 403


def test_history_says_not_whether_an_account_exists(client: Client) -> None:
    plain = make_staff("Triage")
    client.force_login(make_staff("Managers"))

    pages = [reverse("admin:auth_user_history", args=[key]) for key in (plain.pk, plain.pk + 1000)]

    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_secrets_of_others_have_no_page(client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))

    pages = client.get("/admin/").content.decode()

    assert [name for name in ("/mfa/", "/usersessions/", "/account/email") if name in pages] == []
