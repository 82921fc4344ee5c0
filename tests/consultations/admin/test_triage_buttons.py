"""Buttons of claims, calls and the next step, on a request's page and in the list's rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.access import presence
from consultations.models import ConsultationRequest
from consultations.privacy import retention
from consultations.requests import calls, claims, moving
from consultations.statuses import ActivityKind, CallOutcome, NextStep, Status
from tests import factories
from tests.desk import address, login, told
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:consultations_consultationrequest_changelist")
BUTTONS = ["claim", "handover", "call", "step"]


def step_data(request: ConsultationRequest, **kwargs: Any) -> dict[str, Any]:
    """Return what the form of the next step sends: tomorrow at ten in New York."""
    assert request.next_at is not None
    seen = {"seen_step": request.next_step, "seen_at": request.next_at.isoformat()}
    return {"step": "visitor", "local": "2026-11-17T10:00"} | seen | kwargs


def test_request_is_claimed_by_one_press(client: Client) -> None:
    request = make_request()
    me = login(client, "Triage")

    response = client.post(address(request, "claim"), follow=True)

    request.refresh_from_db()
    assert (request.assignee, told(response)) == (me, "It is yours.")


def test_press_in_the_list_leads_back_to_the_list_and_says_what_came_of_it(client: Client) -> None:
    free, taken = make_request(), make_request(email="b@visitor.example")
    claims.claim(taken, by=make_staff("Triage", first_name="Rosa"), now=NOW)
    me = login(client, "Triage")

    answers = [
        client.post(f"{address(one, 'claim')}?back=due%3Dunassigned%26p%3D3", follow=True) for one in (free, taken)
    ]

    free.refresh_from_db()
    assert [answer.redirect_chain for answer in answers] == [[(f"{LIST}?due=unassigned", 302)]] * 2
    way = address(free, "change")
    assert told(answers[0]) == f'<a href="{way}">{free.name}, {free.reference}</a>, is yours.'
    assert told(answers[1]).startswith(f"{taken.reference}: Rosa has it since 12:00 UTC.")
    assert free.assignee == me


def test_address_to_go_back_to_leads_nowhere_else(client: Client) -> None:
    login(client, "Triage")

    response = client.post(f"{address(make_request(), 'claim')}?back=//evil.example/%3Fa=b")

    assert response["Location"] == LIST


def test_second_claim_on_the_page_shows_who_was_first(client: Client) -> None:
    request = make_request()
    claims.claim(request, by=make_staff("Triage", first_name="Rosa"), now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "claim"))

    assert response.status_code == 409
    assert response.context["conflict"] == [("Who has it", "you", "Rosa")]


def test_hand_over_sends_the_note_along(client: Client) -> None:
    request, rosa = make_request(), make_staff("Triage")
    me = login(client, "Triage")
    claims.claim(request, by=me, now=NOW)

    client.post(address(request, "handover"), {"to": rosa.pk, "seen": me.pk, "note": "Prefers mornings."})

    request.refresh_from_db()
    assert request.assignee == rosa
    assert request.activities.get(kind=ActivityKind.NOTE).text == "Prefers mornings."


@pytest.mark.parametrize(("others", "buttons"), [(2, 2), (8, 8), (9, 0)])
def test_few_colleagues_are_a_button_each_and_many_a_list(client: Client, others: int, buttons: int) -> None:
    request = make_request()
    for _ in range(others):
        make_staff("Triage")
    login(client, "Triage")

    page = client.get(address(request))

    assert (len(page.context["colleagues"] or []), 'id="assign_to"' in page.content.decode()) == (buttons, buttons == 0)


def test_hand_over_of_what_was_handed_over_meanwhile_shows_both_and_keeps_the_note(client: Client) -> None:
    request = make_request()
    rosa, ben = (make_staff("Triage", first_name=name) for name in ("Rosa", "Ben"))
    claims.claim(request, by=rosa, now=NOW)
    me = login(client, "Triage")

    response = client.post(address(request, "handover"), {"to": ben.pk, "seen": me.pk, "note": "Typed words"})

    request.refresh_from_db()
    assert (response.status_code, request.assignee) == (409, rosa)
    assert response.context["conflict"] == [
        ("Who has it", "Ben", "Rosa"),
        ("Note", "Typed words", "not saved; it stands in the form"),
    ]
    assert "Typed words</textarea>" in response.content.decode()
    assert not request.activities.filter(kind=ActivityKind.NOTE).exists()


def test_take_over_is_one_press(client: Client) -> None:
    request, rosa = make_request(), make_staff("Triage")
    claims.claim(request, by=rosa, now=NOW)
    me = login(client, "Triage")

    client.post(address(request, "handover"), {"to": me.pk, "seen": rosa.pk})

    request.refresh_from_db()
    assert request.assignee == me
    assert "Taken over from" in request.activities.filter(kind=ActivityKind.ASSIGNED).order_by("-pk")[0].text


def test_call_is_logged_by_one_press_and_twice_is_refused(client: Client, present: None) -> None:
    request = make_request()
    me = login(client, "Triage")
    data = {"outcome": "no_answer", "seen": "0"}

    first, second = (
        client.post(address(request, "call"), data, follow=True),
        client.post(address(request, "call"), data),
    )

    request.refresh_from_db()
    assert told(first) == "Saved. Next: Call, Mon 16 Nov 2026, 11:00 (New York, UTC−05:00)."
    assert (second.status_code, calls.count(request)) == (409, 1)
    assert second.context["conflict"] == [("Call", "No answer", f"No answer, {me.username}")]
    assert (request.next_step, request.next_at) == (NextStep.CALL, NOW + dt.timedelta(hours=4))


def test_next_step_is_planned_on_the_clock_of_the_center(client: Client, present: None) -> None:
    request = make_request(center=factories.make_center(time_zone="Asia/Tokyo"))
    login(client, "Triage")

    client.post(address(request, "step"), step_data(request))

    request.refresh_from_db()
    assert (request.next_step, request.next_at) == (NextStep.VISITOR, dt.datetime(2026, 11, 17, 1, tzinfo=dt.UTC))


def test_second_plan_shows_both(client: Client, present: None) -> None:
    request = make_request()
    login(client, "Triage")
    data = step_data(request)
    client.post(address(request, "step"), data)

    response = client.post(address(request, "step"), data | {"step": "call", "local": "2026-11-18T10:00"})

    assert response.status_code == 409
    assert response.context["conflict"] == [
        ("Next step", "Call, Wed 18 Nov 2026, 15:00 UTC", "Wait for the visitor, Tue 17 Nov 2026, 15:00 UTC")
    ]


def test_move_of_what_was_moved_meanwhile_shows_both(client: Client) -> None:
    request = make_request()
    moving.move(request, to=Status.REACHED, by=make_staff("Triage"), seen=Status.NEW, now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "move"), {"to": "lost", "seen": "new", "reason": "Wanted another city"})

    assert response.context["conflict"] == [
        ("Status", "Closed", "In conversation"),
        ("Reason", "Wanted another city", "not saved; it stands in the form"),
    ]


@pytest.mark.parametrize(
    ("which", "data"),
    [
        ("call", {}),
        ("call", {"outcome": "sang", "seen": "0"}),
        ("call", {"outcome": "reached", "seen": "many"}),
        ("call", {"outcome": "reached", "seen": "-1"}),
        ("step", {}),
        ("step", {"step": "answer"}),
        ("step", {"local": "soon"}),
        ("step", {"local": "2026-11-15T10:00"}),
        ("step", {"seen_at": "yesterday"}),
        ("step", {"seen_step": "\x00"}),
        ("handover", {"to": "999999", "seen": ""}),
        ("handover", {"to": "", "seen": "x"}),
        ("handover", {"to": "", "seen": "", "note": "x" * 4001}),
    ],
)
def test_forged_press_is_refused_in_words(client: Client, present: None, which: str, data: dict[str, str]) -> None:
    request = make_request()
    before = ConsultationRequest.objects.values().get()
    login(client, "Triage")
    sent = data if which != "step" else step_data(request, **data) if data else {}

    response = client.post(address(request, which), sent)

    assert (response.status_code, ConsultationRequest.objects.values().get()) == (422, before)
    assert told(response) != ""


@pytest.mark.parametrize("which", BUTTONS)
def test_buttons_are_pressed_by_the_desk_only_and_never_by_a_link(client: Client, which: str) -> None:
    request, elsewhere = make_request(), make_request(email="b@visitor.example", center=factories.make_center())
    before = list(ConsultationRequest.objects.values())
    client.force_login(make_staff("Triage", places=[factories.make_center()]))
    foreign = client.post(address(elsewhere, which))
    login(client, "Triage")
    asked = client.get(address(request, which))
    login(client, "Editors")
    refused = client.post(address(request, which))
    client.logout()
    outside = client.post(address(request, which))

    statuses = [answer.status_code for answer in (foreign, asked, refused, outside)]
    assert statuses == [404, 405, 403, 302]
    assert list(ConsultationRequest.objects.values()) == before


@pytest.mark.parametrize("which", BUTTONS)
def test_buttons_of_an_erased_request_write_nothing(client: Client, which: str) -> None:
    request = make_request()
    retention.erase(request, by=None, now=NOW)
    login(client, "Triage")

    response = client.post(address(request, which), {"outcome": "reached", "seen": "0"})

    assert (response.status_code, told(response)) == (409, "This request was erased. Nothing was saved.")


def test_page_says_who_looks_at_it_too_and_what_is_next(client: Client) -> None:
    factories.make_clinic()
    request = make_request(now=timezone.now())
    presence.here(request, by=make_staff("Triage", first_name="Rosa"), now=timezone.now())
    login(client, "Triage")

    page = client.get(address(request))

    assert page.context["looking"] == ["Rosa"]
    assert "Looking at it now: <b>Rosa</b>" in page.content.decode()
    assert "Answer in" in page.context["next_step"]


def test_page_offers_every_outcome_of_a_call_on_live_requests_only(client: Client) -> None:
    request, me = make_request(), login(client, "Triage")
    live = client.get(address(request)).content.decode()
    moving.move(request, to=Status.LOST, by=me, seen=Status.NEW, now=NOW, reason="Moved away")
    closed = client.get(address(request)).content.decode()

    assert [f'value="{one.value}"' in live for one in CallOutcome] == [True] * 4
    assert [f'name="outcome" value="{one.value}"' in closed for one in CallOutcome] == [False] * 4
