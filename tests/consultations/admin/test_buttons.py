"""The buttons of a request's page: each calls one verb, and two people at once are told of each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consultations.models import Activity, ConsultationRequest
from consultations.privacy import retention
from consultations.requests import moving
from consultations.statuses import TRANSITIONS, ActivityKind, Status
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/consultations/consultationrequest/"


def address(request: ConsultationRequest, which: str = "change") -> str:
    """Return the address of a request's page, or of one of its buttons."""
    return reverse(f"admin:consultations_consultationrequest_{which}", args=[request.pk])


def login(client: Client, *groups: str) -> User:
    """Log a new member of staff in."""
    user = make_staff(*groups)
    client.force_login(user)
    return user


def told(response: Any) -> list[str]:
    """Return what the page tells."""
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("stands", Status)
def test_buttons_are_the_allowed_moves(client: Client, stands: Status) -> None:
    request = make_request()
    ConsultationRequest.objects.filter(pk=request.pk).update(status=stands)
    login(client, "Triage")

    context = client.get(address(request)).context

    assert {*context["moves"], *context["closing"]} == TRANSITIONS[stands]


@pytest.mark.parametrize(
    ("to", "said", "kept"),
    [
        ("lost", {"closed_for": "price"}, ("lost", "price", "Price")),
        ("lost", {"closed_for": "distance", "reason": "Six hours"}, ("lost", "distance", "Too far away: Six hours")),
        ("lost", {"reason": "Moved abroad"}, ("lost", "other", "Moved abroad")),
        ("spam", {"closed_for": "price", "reason": "Sells boots"}, ("spam", "", "Sells boots")),
        ("lost", {}, ("new", "", None)),
        ("lost", {"closed_for": "weather", "reason": "x"}, ("new", "", None)),
    ],
)
def test_why_it_is_closed_is_chosen_or_written(
    client: Client, to: str, said: dict[str, str], kept: tuple[str, str, str | None]
) -> None:
    request = make_request()
    login(client, "Triage")

    client.post(address(request, "move"), {"to": to, "seen": "new"} | said)

    request.refresh_from_db()
    text = Activity.objects.filter(kind=ActivityKind.STATUS).values_list("text", flat=True).first()
    assert (request.status, request.closed_for, text) == kept


def test_request_that_is_taken_up_again_is_closed_for_nothing(client: Client) -> None:
    request = make_request()
    login(client, "Triage")
    client.post(address(request, "move"), {"to": "lost", "seen": "new", "closed_for": "mind"})

    client.post(address(request, "move"), {"to": "reached", "seen": "lost"})

    request.refresh_from_db()
    assert (request.status, request.closed_for) == (Status.REACHED, "")


def test_move_is_made_and_told(client: Client) -> None:
    request = make_request()
    user = login(client, "Triage")

    response = client.post(address(request, "move"), {"to": "reached", "seen": "new"}, follow=True)

    request.refresh_from_db()
    assert (request.status, told(response)) == (Status.REACHED, ["The status is saved."])
    assert Activity.objects.get(kind=ActivityKind.STATUS).by == user


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"to": "won", "seen": "new"}, 422),  # not one of the moves
        ({"to": "lost", "seen": "new"}, 422),  # without a reason
        ({"to": "lost", "seen": "new", "reason": "   "}, 422),
        ({"to": "reached", "seen": "attempted"}, 409),  # not as it stands
        ({"to": "nonsense", "seen": "new"}, 422),
        ({"to": "reached", "seen": "\x00"}, 422),
        ({"to": "reached"}, 422),
        ({}, 422),
        ({"to": "lost", "seen": "new", "reason": "x" * 4001}, 422),
    ],
)
def test_forged_move_is_refused_in_words(client: Client, data: dict[str, str], status: int) -> None:
    request = make_request()
    login(client, "Triage")

    response = client.post(address(request, "move"), data)

    request.refresh_from_db()
    assert (response.status_code, request.status) == (status, Status.NEW)
    assert len(told(response)) == 1
    assert not Activity.objects.filter(kind=ActivityKind.STATUS).exists()


def test_second_of_two_is_told_what_the_first_did_and_keeps_their_words(client: Client) -> None:
    request = make_request()
    rosa = make_staff("Triage", first_name="Rosa")
    moving.move(request, to=Status.REACHED, by=rosa, seen=Status.NEW, now=NOW)
    login(client, "Triage")

    response = client.post(address(request, "move"), {"to": "lost", "seen": "new", "reason": "Wanted another city"})

    assert response.status_code == 409
    assert told(response) == [
        "Rosa moved it to “In conversation” at 12:00 UTC. Nothing was saved; here is how it stands now."
    ]
    assert "Wanted another city</textarea>" in response.content.decode()
    assert response.context["consultation"].status == Status.REACHED


def test_request_is_claimed_handed_over_and_given_back(client: Client) -> None:
    request, rosa = make_request(), make_staff("Triage", first_name="Rosa")
    me = login(client, "Triage")

    for to, seen, has_it, words in (
        (me.pk, "", me, "It is yours."),
        (rosa.pk, me.pk, rosa, "Rosa has it now, and has no mail address here: tell them yourself."),
        ("", rosa.pk, None, "Given back: nobody has it now."),
    ):
        response = client.post(address(request, "assign"), {"to": to, "seen": seen}, follow=True)
        request.refresh_from_db()
        assert (told(response), request.assignee) == ([words], has_it)

    assert request.activities.filter(kind=ActivityKind.ASSIGNED).count() == 3


def test_claim_of_what_somebody_took_meanwhile_is_refused(client: Client) -> None:
    request, rosa = make_request(), make_staff("Triage", first_name="Rosa")
    me = login(client, "Triage")
    moving.assign(request, to=rosa, by=rosa, seen=None, now=NOW)

    response = client.post(address(request, "assign"), {"to": me.pk, "seen": ""})

    request.refresh_from_db()
    assert (response.status_code, request.assignee) == (409, rosa)
    assert "Rosa changed who has it" in told(response)[0]


def test_claim_of_what_is_mine_already_writes_nothing(client: Client) -> None:
    request = make_request()
    me = login(client, "Triage")
    moving.assign(request, to=me, by=me, seen=None, now=NOW)

    response = client.post(address(request, "assign"), {"to": me.pk, "seen": me.pk})

    assert (response.status_code, request.activities.filter(kind=ActivityKind.ASSIGNED).count()) == (302, 1)


def test_request_is_not_given_to_those_who_may_not_see_it(client: Client) -> None:
    request, editor = make_request(), make_staff("Editors")
    login(client, "Triage")

    response = client.post(address(request, "assign"), {"to": editor.pk, "seen": ""})

    request.refresh_from_db()
    assert (response.status_code, told(response)) == (422, ["That person does not work on requests."])
    assert request.assignee is None


def test_note_is_added_encrypted_and_an_empty_one_refused(client: Client) -> None:
    request = make_request()
    user = login(client, "Triage")

    empty = client.post(address(request, "note"), {"text": "  "})
    client.post(address(request, "note"), {"text": "Prefers <i>mornings</i>\x07"})

    note = Activity.objects.get(kind=ActivityKind.NOTE)
    assert (empty.status_code, told(empty)) == (422, ["Write something into the note first."])
    assert (note.text.rstrip("\x07"), note.by) == ("Prefers <i>mornings</i>", user)
    assert "Prefers &lt;i&gt;mornings&lt;/i&gt;" in client.get(address(request)).content.decode()


@pytest.mark.parametrize("which", ["move", "assign", "note"])
def test_button_wants_a_post_and_the_right_to_change(client: Client, which: str) -> None:
    request = make_request()
    login(client, "Triage")
    by_get = client.get(address(request, which))
    login(client, "Editors")
    by_editor = client.post(address(request, which), {"to": "reached", "seen": "new", "text": "Forged"})

    request.refresh_from_db()
    assert (by_get.status_code, by_editor.status_code) == (405, 403)
    assert (request.status, request.activities.count()) == (Status.NEW, 1)


def test_button_wants_the_csrf_token() -> None:
    request = make_request()
    client = Client(enforce_csrf_checks=True)
    login(client, "Triage")

    assert client.post(address(request, "move"), {"to": "reached", "seen": "new"}).status_code == 403


def test_erased_request_takes_no_more_work(client: Client) -> None:
    request = make_request(name="Leaky Name")
    user = login(client, "Triage")
    retention.erase(request, by=user, now=NOW)

    shown = client.get(address(request))
    noted = client.post(address(request, "note"), {"text": "Leaky Name called"})
    client.post(LIST, {"action": "claim_selected", "_selected_action": request.pk})

    request.refresh_from_db()
    assert ("Leaky Name" in shown.content.decode(), shown.context["may_work"]) == (False, False)
    assert (noted.status_code, request.assignee) == (409, None)


def test_bulk_claim_reports_successes_and_refusals(client: Client) -> None:
    free, taken, rosa = make_request(), make_request(), make_staff("Triage", first_name="Rosa")
    moving.assign(taken, to=rosa, by=rosa, seen=None, now=NOW)
    me = login(client, "Triage")

    chosen = {"action": "claim_selected", "_selected_action": [free.pk, taken.pk]}
    response = client.post(LIST, chosen, follow=True)

    free.refresh_from_db()
    taken.refresh_from_db()
    assert (free.assignee, taken.assignee) == (me, rosa)
    assert [words.partition(":")[0] for words in told(response)] == [taken.reference, "1 request is yours now."]
