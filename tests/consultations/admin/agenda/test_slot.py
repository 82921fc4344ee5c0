"""A free time of the agenda is booked for somebody with one press, and only by who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Appointment
from consultations.statuses import Channel
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type, make_consultant, visitor
from tests.consultations.admin.agenda.test_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def center() -> Center:
    """A center with a kind of visit and one consultant, who works from nine to five."""
    center = factories.make_center()
    make_appointment_type()
    make_consultant(center, public_name="Ana")
    return center


def open_slot(client: Client, center: Center, **query: Any) -> Any:
    """Open the agenda and follow its free time at ten."""
    drawn = page(client, place=center.pk, day="2026-11-23", **query).context["drawn"]
    links = {link.clock: link.address for column in drawn.columns for block in column.blocks for link in block.links}
    return client.get(links["10:00"])


def whom(response: Any) -> list[str]:
    return [request.name for request, _ in response.context["found"]]


def press(client: Client, response: Any) -> Any:
    """Press the first button that books."""
    form = re.search(r'<form method="post" action="([^"]+/book/)".*?</form>', response.content.decode(), re.DOTALL)
    assert form is not None
    return client.post(form[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])), follow=True)


def test_free_time_is_booked_in_two_presses(client: Client, center: Center) -> None:
    visitor(1, center=center)
    client.force_login(factories.make_staff("Triage", places=[center]))

    shown = open_slot(client, center)
    answer = press(client, shown)

    appointment = Appointment.objects.get()
    assert (appointment.request.name, appointment.starts_at, appointment.consultant.public_name) == (
        "Visitor 1",
        MONDAY,
        "Ana",
    )
    assert [str(message) for message in answer.context["messages"]] == ["The appointment is booked."]
    assert [one.text for one in open_again(client, shown)] == [
        "Another appointment, with what is kept free around it, needs this time."
    ]


def open_again(client: Client, shown: Any) -> Any:
    return client.get(shown.wsgi_request.get_full_path()).context["reasons"]


def test_whom_it_is_for_are_the_readers_and_nobodys_of_the_center_without_an_appointment(
    client: Client, center: Center
) -> None:
    me = factories.make_staff("Triage", places=[center])
    mine, _, colleagues, booked = (visitor(number, center=center) for number in range(4))
    visitor(4, center=factories.make_center())
    for request, holder in ((mine, me), (colleagues, factories.make_staff())):
        type(request).objects.filter(pk=request.pk).update(assignee=holder)
    make_appointment(request=booked)
    client.force_login(me)

    assert sorted(whom(open_slot(client, center))) == ["Visitor 0", "Visitor 1"]
    assert whom(open_slot(client, center, request=colleagues.pk)) == ["Visitor 2"]


def test_search_finds_whoever_the_reader_may_see_and_moves_who_has_an_appointment(
    client: Client, center: Center
) -> None:
    kind = make_appointment_type()
    booked = visitor(1, center=center)
    earlier = make_appointment(request=booked, center=center, channel=Channel.IN_PERSON, appointment_type=kind)
    visitor(2, center=factories.make_center())
    client.force_login(factories.make_staff("Triage", places=[center]))
    # Its own time is taken for the other one, who is Ana's.
    shown = open_slot(client, center)

    found = client.get(shown.wsgi_request.get_full_path(), {**shown.wsgi_request.GET.dict(), "q": "Visitor"})
    press(client, found)

    assert whom(found) == ["Visitor 1"]
    moved = Appointment.objects.get(moved_from=earlier)
    assert (moved.consultant.public_name, moved.starts_at) == ("Ana", MONDAY)


def test_rules_give_way_to_a_reason_and_facts_do_not(client: Client, center: Center) -> None:
    client.force_login(factories.make_staff("Triage"))
    query = open_slot(client, center).wsgi_request.GET.dict()

    late = client.get(reverse("desk:slot"), query | {"starts_at": "2026-11-23T23:00:00Z"})
    past = client.get(reverse("desk:slot"), query | {"starts_at": "2026-11-02T15:00:00Z"})

    said = [(response.context["may_override"], response.context["is_possible"]) for response in (late, past)]
    assert said == [(True, True), (False, False)]


@pytest.mark.parametrize(
    "change", [{"center": "0"}, {"consultant": ""}, {"starts_at": "soon"}, {"appointment_type": ""}]
)
def test_what_is_no_time_leads_back_to_the_agenda(client: Client, center: Center, change: dict[str, str]) -> None:
    client.force_login(factories.make_staff("Triage"))
    query = open_slot(client, center).wsgi_request.GET.dict()

    response = client.get(reverse("desk:slot"), query | change)

    assert response.headers["Location"] == reverse("desk:agenda")


def test_another_centers_time_leads_back_and_strangers_get_nothing(client: Client, center: Center) -> None:
    client.force_login(factories.make_staff("Triage"))
    address = open_slot(client, center).wsgi_request.get_full_path()

    client.force_login(factories.make_staff("Triage", places=[factories.make_center()]))
    foreign = client.get(address)
    client.force_login(factories.make_staff("Editors"))

    assert foreign.headers["Location"] == reverse("desk:agenda")
    assert client.get(address).status_code == 403
