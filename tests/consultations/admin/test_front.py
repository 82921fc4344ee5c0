"""The desk's front page: each box has the count of the list that it leads to, its first rows, and nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from consultations.admin.front import boxes
from consultations.models import ConsultationRequest, Message
from consultations.requests import claims
from consultations.statuses import AppointmentStatus, MessageState, NextStep, Status
from tests import factories
from tests.booking_factories import make_appointment
from tests.desk import login
from tests.factories import NOW, make_clinic, make_request, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

FRONT = reverse("admin:index")
HOUR = dt.timedelta(hours=1)


def fill(count: int, word: str = "Plain", **kwargs: Any) -> list[ConsultationRequest]:
    """Write so many of everything that a box shows."""
    written = []
    for number in range(count):
        late, new, spam, call, seen = (
            make_request(name=f"{word} {number}", email=f"{which}{number}-{word}@visitor.example", **kwargs)
            for which in ("late", "new", "spam", "call", "seen")
        )
        change = ConsultationRequest.objects.filter
        change(pk=late.pk).update(respond_by=NOW - HOUR)
        change(pk=new.pk).update(respond_by=NOW + HOUR)
        change(pk=spam.pk).update(status=Status.SPAM)
        change(pk=call.pk).update(status=Status.REACHED, next_step=NextStep.CALL, next_at=NOW - HOUR)
        at = NOW + (number + 1) * HOUR
        make_appointment(request=seen, starts_at=at, status=AppointmentStatus.PENDING)
        Message.objects.filter(request=late).update(state=MessageState.DEAD, last_error="Refused")
        written += [late, new, spam, call, seen]
    return written


def test_every_count_is_that_of_the_list_it_leads_to(client: Client) -> None:
    me = login(client, "Managers", "Triage")
    claims.claim(fill(4)[0], by=me, now=NOW)

    boxes = client.get(FRONT).context["boxes"]

    counts = {box.key: (box.count, len(box.lines)) for box in boxes}
    mails = str(Message.objects.troubled().count())
    assert counts == {
        "overdue": ("4", 3),
        "soon": ("4", 3),
        "mine": ("1", 1),
        "unassigned": ("15", 3),
        "call": ("4", 3),
        "confirm": ("4", 3),
        "agenda": ("4", 3),
        "spam": ("4", 3),
        "mails": (mails, 3),
    }
    for box in (one for one in boxes if one.key in {"call", "confirm", "mails"}):
        listed = client.get(box.address)
        assert (box.key, str(listed.context["cl"].result_count)) == (box.key, box.count)


def test_today_begins_at_midnight_where_the_clock_goes_back() -> None:
    make_clinic(time_zone="America/New_York")
    # On 1 November 2026 clocks go back at two: the day has 25 hours.
    first, last = dt.datetime(2026, 11, 1, 4, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
    for at in (first - HOUR, first, last, last + HOUR):
        make_appointment(starts_at=at)

    found = {box.key: box for box in boxes(make_staff("Triage"), now=first + 9 * HOUR)}

    assert found["agenda"].count == "2"


def test_rows_lead_to_their_requests_and_name_their_people(client: Client) -> None:
    login(client, "Triage")
    late = fill(1)[0]

    first = client.get(FRONT).context["boxes"][0].lines[0]

    page = client.get(first.address)
    assert (first.name, first.reference, page.context["consultation"]) == ("Plain 0", late.reference, late)
    assert "overdue by 1 h" in first.stands


def test_page_holds_nothing_of_other_centers(client: Client) -> None:
    center = factories.make_center()
    fill(1, "Leaky", center=factories.make_center())
    client.force_login(make_staff("Triage", "Managers", places=[center]))

    page = client.get(FRONT)

    assert {box.count for box in page.context["boxes"]} == {"0"}
    assert "Leaky" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_page_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(count)
    login(client, "Triage")

    # Session, user, both kinds of permissions, rights to places for four lists, the clinic's clock, count and rows of nine boxes,
    # three of them also for what is promised for sooner than its next step, limits, the log, the profile.
    with django_assert_num_queries(43):
        client.get(FRONT)


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers"])
def test_others_see_their_records_only(client: Client, group: str) -> None:
    fill(1, "Leaky")
    login(client, group)

    page = client.get(FRONT)

    assert (page.status_code, page.context["boxes"]) == (200, [])
    assert "Leaky" not in page.content.decode()
    assert "Records</h2>" in page.content.decode()


def test_outsider_is_led_to_the_login(client: Client) -> None:
    assert urlsplit(client.get(FRONT)["Location"]).path == reverse("admin:login")


def test_next_request_due_is_led_to(client: Client) -> None:
    login(client, "Triage")
    late, *_ = fill(1)
    ConsultationRequest.objects.filter(pk=late.pk).update(next_at=NOW - 2 * HOUR)

    first = client.get(reverse("desk:next"))
    second = client.get(reverse("desk:next"), {"after": late.pk})
    junk = client.get(reverse("desk:next"), {"after": "9" * 30})

    pages = [reverse("admin:consultations_consultationrequest_change", args=[pk]) for pk in (late.pk,)]
    assert [first["Location"], junk["Location"]] == pages * 2
    assert second["Location"] not in pages


def test_next_request_due_says_where_there_is_none(client: Client) -> None:
    login(client, "Triage")

    response = client.get(reverse("desk:next"), follow=True)

    assert response.redirect_chain == [(reverse("admin:consultations_consultationrequest_changelist"), 302)]
    assert "Nothing more is due today." in response.content.decode()


def test_next_request_due_is_for_the_desk(client: Client) -> None:
    login(client, "Editors")

    assert client.get(reverse("desk:next")).status_code == 403
    login(client, "Triage")
    assert client.post(reverse("desk:next")).status_code == 405
