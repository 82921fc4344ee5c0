"""The request list: what it says, what it costs, and how a request is found on the phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from consultations.admin import status_words
from consultations.admin.search import search
from consultations.models import ConsultationRequest
from consultations.requests import moving
from consultations.statuses import MessageState, Status
from tests import factories
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def found(text: str) -> set[str]:
    """Return the names of the requests that a search finds."""
    return set(search(ConsultationRequest.objects.all(), text).values_list("name", flat=True))


def listed(client: Client, **query: Any) -> list[ConsultationRequest]:
    """Return the requests of the list, in its order."""
    response = client.get(reverse("admin:consultations_consultationrequest_changelist"), query)
    return list(response.context["cl"].result_list)


def test_every_state_has_a_mark() -> None:
    assert set(status_words.STATUS_KINDS) == set(Status)
    assert set(status_words.MESSAGE_KINDS) == set(MessageState)


@pytest.mark.parametrize(
    ("status", "left", "words"),
    [
        (Status.NEW, 5 * HOUR, ("due in 5 h", "calm")),
        (Status.NEW, HOUR / 2, ("due in 30 min", "go")),
        (Status.ATTEMPTED, -49 * HOUR, ("overdue by 2 d", "warn")),
        (Status.NEW, dt.timedelta(0), ("due in 0 min", "go")),
        (Status.REACHED, -HOUR, ("", "off")),
        (Status.WON, -HOUR, ("", "off")),
        (Status.SPAM, HOUR, ("", "off")),
    ],
)
def test_answer_is_said_in_words(status: Status, left: dt.timedelta, words: tuple[str, str]) -> None:
    request = ConsultationRequest(status=status, respond_by=NOW + left)

    assert status_words.due(request, NOW) == words


@pytest.mark.parametrize("left", [-HOUR, dt.timedelta(0), HOUR])
@pytest.mark.parametrize("status", Status)
def test_overdue_in_words_agrees_with_the_question(status: Status, left: dt.timedelta) -> None:
    request = make_request()
    ConsultationRequest.objects.filter(pk=request.pk).update(status=status, respond_by=NOW + left)
    request.refresh_from_db()

    says_so = status_words.due(request, NOW)[0].startswith("overdue")

    assert says_so == ConsultationRequest.objects.overdue(NOW).exists()


@pytest.mark.parametrize(
    ("length", "words"),
    [(59, "59 min"), (60, "1 h"), (47 * 60 + 59, "47 h"), (48 * 60, "2 d"), (60 * 24 * 10, "10 d")],
)
def test_span_uses_the_largest_fitting_unit(length: int, words: str) -> None:
    assert status_words.span(dt.timedelta(minutes=length)) == words


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_clinic()
    staff = make_staff("Triage")
    for n in range(count):
        request = make_request(
            email=f"{n}@visitor.example", center=factories.make_center(), therapies=[factories.make_therapy()]
        )
        moving.assign(request, to=staff, by=staff, seen=None, now=NOW)
    client.force_login(staff)

    # Session, user, own and group permissions, rights to places for list and tabs, filters for colleagues, centers, therapies,
    # pages and days, count, rows, their therapies, the clinic's profile and clock, ten tabs, and saved views.
    with django_assert_num_queries(30):
        client.get(reverse("admin:consultations_consultationrequest_changelist"))


@pytest.mark.parametrize("count", [1, 3])
def test_search_and_filters_ask_no_more(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_clinic()
    therapy = factories.make_therapy()
    for n in range(count):
        make_request(email=f"{n}@visitor.example", therapies=[therapy])
    client.force_login(make_staff("Triage"))

    # One more for what is promised for sooner than its next step.
    with django_assert_num_queries(32):
        client.get(
            reverse("admin:consultations_consultationrequest_changelist"),
            {"q": "Ada", "due": "unassigned", "status__exact": "new", "therapies": str(therapy.pk)},
        )


def test_list_does_not_open_messages(client: Client) -> None:
    make_request(message="Sealed")
    client.force_login(make_staff("Triage"))

    assert listed(client)[0].get_deferred_fields() == {"message", "best_time", "attribution"}


def test_filters_narrow_to_what_they_say(client: Client) -> None:
    center, therapy = factories.make_center(), factories.make_therapy()
    me, rosa = make_staff("Triage"), make_staff("Triage")
    late = make_request(email="a@v.example", now=NOW - dt.timedelta(days=400))
    mine = make_request(email="b@v.example", center=center)
    hers = make_request(email="c@v.example", therapies=[therapy])
    closed = make_request(email="d@v.example")
    moving.assign(mine, to=me, by=me, seen=None, now=NOW)
    moving.assign(hers, to=rosa, by=rosa, seen=None, now=NOW)
    moving.move(mine, to=Status.REACHED, by=me, seen=Status.NEW, now=NOW)
    moving.move(hers, to=Status.REACHED, by=me, seen=Status.NEW, now=NOW)
    moving.move(closed, to=Status.LOST, by=me, seen=Status.NEW, now=NOW, reason="Moved away")
    client.force_login(me)

    assert listed(client, due="overdue") == [late]
    assert listed(client, due="unassigned") == [late]
    assert listed(client, due="mine") == [mine]
    assert set(listed(client, due="live")) == {late, mine, hers}
    assert listed(client, assignee=rosa.pk) == [hers]
    assert listed(client, center=center.pk) == [mine]
    assert listed(client, therapies=therapy.pk) == [hers]
    assert listed(client, status__exact="lost") == [closed]
    assert len(listed(client, due="nonsense", center="nonsense", assignee="9" * 30)) == 4


def test_list_of_what_to_do_begins_with_what_is_due_soonest(client: Client) -> None:
    first = make_request(email="a@v.example", now=NOW - dt.timedelta(days=9))
    second = make_request(email="b@v.example", now=NOW - dt.timedelta(days=5))
    client.force_login(make_staff("Triage"))

    assert listed(client) == [second, first]
    assert listed(client, due="unassigned") == [first, second]


def test_request_is_found_by_what_people_say() -> None:
    request = make_request(
        name="Patricia Okafor", email="pat@mail.example", phone="(202) 555-0143", phone_e164="+12025550143"
    )
    make_request(name="Other", email="other@else.example", phone="030 1234567", phone_e164="")
    digits = request.reference.removeprefix("R-").replace("-", "")

    for text in (
        "patricia",
        "okafor PATRICIA",
        "pat@mail",
        "PAT@mail.example",
        "@mail.example",
        "+1 202 555 0143",
        "(202) 555-0143",
        "2025550143",
        "555-0143",
        request.reference,
        request.reference.lower(),
        digits,
        f" r {digits[:4]} {digits[4:]} ",
        request.reference[:6],
    ):
        assert found(text) == {"Patricia Okafor"}, text


def test_number_that_could_not_be_normalised_is_found_by_its_digits() -> None:
    make_request(name="Wanted", email="a@v.example", phone="030 / 123-45 67", phone_e164="")
    make_request(name="Other", email="b@v.example", phone="+49 40 7654321", phone_e164="+49407654321")

    assert found("0301234567") == {"Wanted"}
    assert found("030 1234567") == {"Wanted"}
    assert found("040 7654321") == {"Other"}


@pytest.mark.parametrize("text", ["%", "_", "R-", "100%", "'; --", "R-ZZZZ-ZZZZ", "@", "+", "🙂", "x" * 5000])
def test_search_that_means_nothing_finds_nobody(text: str) -> None:
    make_request(name="Ada", email="ada@v.example", phone="12")

    assert found(text) == ({"Ada"} if text == "R-" else set())


def test_empty_search_finds_everybody() -> None:
    make_request(name="Ada")

    assert found("  ") == {"Ada"}
