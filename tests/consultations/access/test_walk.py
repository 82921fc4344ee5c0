"""Staff of one center walk every address of the admin with the ids of another: nothing is told, nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.consultations.access.walking import addresses, walk
from tests.consultations.access.world import make_log, make_world
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present(time_machine: Any) -> None:
    """Let it be NOW, as the pages read the clock."""
    time_machine.move_to(NOW)


@pytest.mark.parametrize("group", ["Triage", "Managers"])
def test_walk_of_one_center_finds_nothing_of_another(client: Client, group: str) -> None:
    world = make_world()
    user = make_staff(group, places=[world.own.center])
    make_log(user, world)
    client.force_login(user)

    assert "\n".join(walk(client, world)) == ""


def test_walk_finds_a_page_that_forgets(client: Client, settings: Settings) -> None:
    world = make_world()
    client.force_login(make_staff("Managers", places=[world.own.center]))
    settings.ROOT_URLCONF = "tests.consultations.access.forgetful_urls"

    pages = ("admin/forgetful/", "admin/requests/<int:object_id>/button/", "admin/consultations/message/")

    said = "\n".join(walk(client, world, [one for one in addresses() if one.route in pages]))

    assert "GET /admin/forgetful/?" in said
    assert "GET /admin/consultations/message/?" in said
    assert "changed: consultations.ConsultationRequest" in said


def test_walk_knows_the_buttons_the_agenda_and_django_s_own_pages() -> None:
    names = {address.name for address in addresses()}

    wanted = {"agenda", "why", "autocomplete", "index", "app_list", "consultations_consultationrequest_erase"}
    assert wanted - names == set()
