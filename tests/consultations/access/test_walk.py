"""Staff of one center walk every address of the admin with the ids of another: nothing is told, nothing changes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from consultations.groups import GRANTS, MANAGERS, TRIAGE
from consultations.models import Person
from content.models import Center
from tests.consultations.access.addresses import addresses
from tests.consultations.access.asking import ask
from tests.consultations.access.walking import UNKNOWN, Walk, walk
from tests.consultations.access.world import arrive, make_world
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# Of the desk, and the same for every center.
SHARED = {"AppointmentType", "CallRule", "CannedReply", "ConsentText", "RetentionRule"}


@pytest.fixture(autouse=True)
def _present(time_machine: Any) -> None:
    """Let it be NOW and stay so, as the pages read the clock."""
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize(
    "groups",
    # Of managers, who see most, on any database: queries differ there, rights do not.
    [
        [MANAGERS],
        *(pytest.param([name], marks=pytest.mark.alike) for name in GRANTS if name != MANAGERS),
        pytest.param([], marks=pytest.mark.alike),
    ],
    ids=lambda groups: " ".join(groups) or "none",
)
def test_walk_of_one_center_finds_nothing_of_another(groups: list[str]) -> None:
    world = make_world()

    assert "\n".join(walk(arrive(world, *groups), world)) == ""


def test_walk_of_a_superuser_finds_the_other_center_on_every_page_that_could_tell() -> None:
    world = make_world()
    world.own = world.foreign
    pages = {"agenda", "slot", "autocomplete", "consultations_consultationrequest_proof", "index"}
    for model in limited():
        pages |= {f"{model._meta.app_label}_{model._meta.model_name}_{page}" for page in ("changelist", "change")}
    # Nobody edits an appointment: its page leads to the request.
    pages -= {"consultations_appointment_change"}
    walker = Walk(arrive(world, is_superuser=True), world)

    walker.read([address for address in addresses() if address.name in pages])

    assert walker.telling == pages


def test_world_has_a_row_of_every_model_that_a_place_limits() -> None:
    world = make_world()
    registered = {model for model in admin.site._registry if model._meta.app_label == "consultations"}

    assert {model.__name__ for model in registered - limited()} == SHARED
    assert limited() - world.foreign.rows.keys() == set()


def limited() -> set[Any]:
    """Return the models whose rows are seen by place."""
    return {one for one in apps.get_models() if hasattr(one._default_manager, "visible_to")}


def test_walk_finds_pages_that_forget(settings: Settings) -> None:
    world = make_world()
    settings.ROOT_URLCONF = "tests.consultations.access.forgetful_urls"
    forgetful = [one for one in addresses() if one.name.startswith("forgetful")]

    found = walk(arrive(world, MANAGERS), world, forgetful)

    ways = ("GET /admin/forgetful/ {} says", "GET /admin/forgetful/counted/?", "GET /admin/forgetful/messages/ {} says")
    assert [way for way in ways if not any(line.startswith(way) for line in found)] == []
    assert "changed: consultations.ConsultationRequest" in found


def test_walk_knows_the_buttons_the_agenda_and_pages_of_the_framework() -> None:
    names = {address.name for address in addresses()}

    wanted = {"agenda", "slot", "why", "autocomplete", "index", "app_list", "consultations_consultationrequest_erase"}
    assert wanted - names == set()


def test_foreign_row_is_looked_for_as_long_as_one_that_is_not_there() -> None:
    world = make_world()
    user = arrive(world, MANAGERS, TRIAGE)
    # The person of both sides is the reader's as well, and centers are public.
    rows: dict[Any, Any] = world.foreign.rows | {Person: world.pool.person}
    asked = [one for one in addresses() if one.of_row and one.model is not Center]
    differing = []
    for address in asked:
        row = rows.get(address.model)
        if row is not None and row not in world.own.rows.values():
            # What is read once and kept is read now.
            ask(user, "GET", address.of(row, UNKNOWN), {})
            numbers = []
            for key in (row.pk, UNKNOWN):
                with CaptureQueriesContext(connection) as queries:
                    ask(user, "GET", address.of(row, key), {})
                numbers.append(len(queries))
            differing += [(address.name, *numbers)] if len(set(numbers)) > 1 else []

    assert differing == []


def test_press_tells_of_no_account_of_another_center() -> None:
    world = make_world()
    user = arrive(world, TRIAGE)
    path = reverse("admin:consultations_consultationrequest_handover", args=[world.own.request.pk])

    answers = [ask(user, "POST", path, {"to": user.pk, "seen": key}) for key in (world.foreign.staff.pk, UNKNOWN)]

    assert [answer.status for answer in answers] == [HTTPStatus.UNPROCESSABLE_ENTITY] * 2
