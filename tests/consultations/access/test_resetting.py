"""Two managers together let somebody in who lost a device."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consultations.access import resetting
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import KnownPlace, SecondFactorReset
from tests.factories import make_center, make_staff
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def loser() -> User:
    staff = make_staff("Triage")
    Authenticator.objects.create(user=staff, type="totp", data={})
    return staff


def test_two_managers_take_the_factor_off_and_end_the_sessions(loser: User) -> None:
    one, other, client = make_staff("Managers"), make_staff("Managers"), Client()
    client.post("/admin/login/", {"username": loser.username, "password": "correct horse"})

    reset = resetting.ask(loser, by=one, now=NOW)
    asked = Authenticator.objects.filter(user=loser).count()
    resetting.confirm(reset, by=other, now=NOW + DAY / 2)

    assert (asked, Authenticator.objects.filter(user=loser).count()) == (1, 0)
    assert SecondFactorReset.objects.values_list("asked_by", "confirmed_by").get() == (one.pk, other.pk)


def test_one_person_alone_cannot_even_as_a_superuser(loser: User) -> None:
    boss, triage = make_staff(is_superuser=True), make_staff("Triage")
    with pytest.raises(NotAllowed):
        resetting.ask(loser, by=loser, now=NOW)
    with pytest.raises(NotAllowed):
        resetting.ask(loser, by=triage, now=NOW)
    reset = resetting.ask(loser, by=boss, now=NOW)

    for by in (boss, loser, triage):
        with pytest.raises(NotAllowed):
            resetting.confirm(reset, by=by, now=NOW)

    assert Authenticator.objects.filter(user=loser).count() == 1


def test_manager_who_lost_a_device_does_not_confirm_for_themselves() -> None:
    loser, one = make_staff("Managers"), make_staff("Managers")
    reset = resetting.ask(loser, by=one, now=NOW)

    with pytest.raises(NotAllowed):
        resetting.confirm(reset, by=loser, now=NOW)


def test_what_was_asked_ends_after_a_day_and_happens_once(loser: User) -> None:
    one, other, third = (make_staff("Managers") for _ in range(3))
    late = resetting.ask(loser, by=one, now=NOW)
    with pytest.raises(NotAllowed):
        resetting.ask(loser, by=other, now=NOW + DAY / 2)
    with pytest.raises(ChangedMeanwhile):
        resetting.confirm(late, by=other, now=NOW + DAY)
    again = resetting.ask(loser, by=other, now=NOW + DAY)
    resetting.confirm(again, by=one, now=NOW + DAY)

    with pytest.raises(ChangedMeanwhile):
        resetting.confirm(again, by=third, now=NOW + DAY)
    assert not resetting.has_lapsed(loser, now=NOW + DAY * 2)
    assert resetting.has_lapsed(loser, now=NOW + DAY * 2 + dt.timedelta(seconds=1))


def test_manager_of_another_center_neither_asks_nor_confirms() -> None:
    here, elsewhere = make_center(), make_center()
    whose = make_staff("Triage", places=[here])
    one, stranger = make_staff("Managers", places=[here]), make_staff("Managers", places=[elsewhere])
    with pytest.raises(NotAllowed):
        resetting.ask(whose, by=stranger, now=NOW)
    reset = resetting.ask(whose, by=one, now=NOW)

    with pytest.raises(NotAllowed):
        resetting.confirm(reset, by=stranger, now=NOW)
    assert list(SecondFactorReset.objects.visible_to(stranger)) == []
    assert list(SecondFactorReset.objects.visible_to(one)) == [reset]


def test_manager_of_a_center_asks_for_staff_who_have_none_yet() -> None:
    editor, one = make_staff("Editors", places=[]), make_staff("Managers", places=[make_center()])

    reset = resetting.ask(editor, by=one, now=NOW)

    assert list(SecondFactorReset.objects.visible_to(one)) == [reset]


def test_database_refuses_one_person_in_two_places(loser: User) -> None:
    one, other = make_staff("Managers"), make_staff("Managers")
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("consultations_reset_not_asked_by_oneself", {"asked_by": loser}),
        ("consultations_reset_by_two_others", {"asked_by": one, "confirmed_by": one, "confirmed_at": NOW}),
        ("consultations_reset_by_two_others", {"asked_by": one, "confirmed_by": loser, "confirmed_at": NOW}),
        ("consultations_reset_confirmed_whole", {"asked_by": one, "confirmed_by": other}),
    ]

    for name, values in wrong:
        with refused_by(name):
            SecondFactorReset.objects.create(whose=loser, asked_at=NOW, **values)


def test_database_keeps_a_place_once(loser: User) -> None:
    KnownPlace.objects.create(user=loser, place="digest", used_at=NOW)

    with refused_by("consultations_knownplace_once"):
        KnownPlace.objects.create(user=loser, place="digest", used_at=NOW)


def test_managers_ask_and_confirm_in_the_admin(loser: User) -> None:
    one, other = Client(), Client()
    one.force_login(make_staff("Managers"))
    other.force_login(make_staff("Managers"))
    listing = reverse("admin:consultations_secondfactorreset_changelist")
    act = {"action": "confirm"}

    one.post(reverse("admin:consultations_secondfactorreset_add"), {"whose": loser.pk})
    act["_selected_action"] = str(SecondFactorReset.objects.get().pk)
    refused = one.post(listing, act, follow=True)
    still = Authenticator.objects.filter(user=loser).count()
    other.post(listing, act)

    assert "another manager has to confirm it" in refused.content.decode()
    assert (still, Authenticator.objects.filter(user=loser).count()) == (1, 0)


def test_page_of_lost_devices_is_for_managers() -> None:
    client = Client()
    client.force_login(make_staff("Triage"))

    assert client.get(reverse("admin:consultations_secondfactorreset_changelist")).status_code == 403
    assert client.get("/admin/").status_code == 200
