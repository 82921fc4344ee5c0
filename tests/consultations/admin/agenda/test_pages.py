"""The agenda: whose day it is, on whose clock, and nothing that is not for paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from consultations.booking import appointments, waiting_list
from consultations.models import Closure
from consultations.statuses import AppointmentStatus, Channel, ConsentPurpose
from tests import factories
from tests.booking_factories import (
    MONDAY,
    make_appointment,
    make_appointment_type,
    make_consultant,
    visitor,
    wanted_slot,
)
from tests.factories import NOW, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

HALF_HOUR = dt.timedelta(minutes=30)


def page(client: Client, **query: Any) -> Any:
    """Open the agenda."""
    return client.get(reverse("desk:agenda"), query)


def login(client: Client, *groups: str) -> None:
    """Log a new member of staff in."""
    client.force_login(make_staff(*groups))


def lines(response: Any) -> list[tuple[str, str, str]]:
    """Return (date, times, visitor) of every line."""
    return [
        (day.date.isoformat(), line.times, line.appointment.request.name)
        for day in response.context["days"]
        for line in day.lines
    ]


def at_center(**kwargs: Any) -> Any:
    """Write an appointment at a center."""
    defaults: dict[str, Any] = {"channel": Channel.IN_PERSON, "center": factories.make_center()}
    return make_appointment(**defaults | kwargs)


def test_day_of_a_center_is_the_centers_own(client: Client) -> None:
    center = factories.make_center(time_zone="Australia/Sydney")
    # 23:30 UTC on Sunday is Monday morning in Sydney; the others are the days around it there.
    sunday = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    for number, start in enumerate([sunday - 12 * 2 * HALF_HOUR, sunday, sunday + 14 * 2 * HALF_HOUR]):
        at_center(center=center, request=visitor(number), starts_at=start)
    at_center(request=visitor(9), starts_at=sunday)
    login(client, "Triage")

    response = page(client, place=center.pk, day="2026-11-23")

    assert lines(response) == [("2026-11-23", "10:30–11:00", "Visitor 1")]
    assert response.context["zone"] == "Sydney, UTC+11:00"


def test_week_begins_on_monday_and_has_its_neighbours(client: Client) -> None:
    center = factories.make_center()
    for days in (-1, 0, 6, 7):
        at_center(center=center, request=visitor(days + 1), starts_at=MONDAY + dt.timedelta(days=days))
    login(client, "Managers")

    response = page(client, place=center.pk, day="2026-11-25", span="week")

    assert [date for date, _, _ in lines(response)] == ["2026-11-23", "2026-11-29"]
    assert "day=2026-11-16" in response.context["before"]
    assert "day=2026-11-30" in response.context["after"]


def test_day_of_a_consultant_names_the_clock_of_each_center(client: Client) -> None:
    denver = factories.make_center(time_zone="America/Denver")
    consultant = make_consultant(denver)
    at_center(center=denver, consultant=consultant, request=visitor(1), starts_at=MONDAY)
    make_appointment(consultant=consultant, request=visitor(2), starts_at=MONDAY + 2 * HALF_HOUR)
    at_center(center=denver, request=visitor(3), starts_at=MONDAY)
    login(client, "Triage")

    response = page(client, consultant=consultant.pk, day="2026-11-23")

    assert lines(response) == [
        ("2026-11-23", "08:00–08:30", "Visitor 1"),
        ("2026-11-23", "11:00–11:30", "Visitor 2"),
    ]
    assert [line.zone for line in response.context["days"][0].lines] == ["Denver, UTC−07:00", ""]


def test_phone_and_video_have_their_own(client: Client) -> None:
    make_appointment(request=visitor(1))
    at_center(request=visitor(2))
    login(client, "Triage")

    assert [name for _, _, name in lines(page(client, place="phone", day="2026-11-23"))] == ["Visitor 1"]
    assert len(lines(page(client, day="2026-11-23"))) == 2


def test_closures_leave_and_what_was_given_up(client: Client) -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    consultant = make_consultant(center)
    appointments.cancel(appointments.book(visitor(1), wanted_slot(appointment_type, center), now=NOW), now=NOW)
    make_appointment(
        request=visitor(2),
        consultant=consultant,
        status=AppointmentStatus.HELD,
        hold_expires_at=NOW - HALF_HOUR,
    )
    Closure.objects.create(center=center, name="Founders' day", first_day=MONDAY.date(), last_day=MONDAY.date())
    Closure.objects.create(
        center=factories.make_center(), name="Elsewhere", first_day=MONDAY.date(), last_day=MONDAY.date()
    )
    consultant.leaves.create(starts_at=MONDAY, ends_at=MONDAY + HALF_HOUR)
    login(client, "Triage")

    response = page(client, place=center.pk, consultant=consultant.pk, day="2026-11-23")

    day = response.context["days"][0]
    assert (day.lines, day.closed) == (
        [],
        ["Closed: Founders' day", "On leave from Mon 23 Nov 2026, 10:00 to Mon 23 Nov 2026, 10:30"],
    )


def test_paper_says_nothing_of_health(client: Client) -> None:
    request = factories.make_request(
        message="Leaky knee", agreed={ConsentPurpose.HEALTH}, therapies=[factories.make_therapy(name="Leaky therapy")]
    )
    make_appointment(request=request, cancel_reason="Leaky reason")
    login(client, "Triage")

    html = page(client, day="2026-11-23").content.decode()

    assert ("Ada Visitor" in html, "Leaky" in html) == (True, False)


@pytest.mark.parametrize(
    "query",
    [
        {"day": "soon"},
        {"day": "0001-01-01", "span": "week"},
        {"day": "9999-12-31", "span": "week"},
        {"place": "nonsense", "consultant": "0", "span": "year"},
        {"place": "\ufffe"},
    ],
)
def test_what_makes_no_sense_shows_today(client: Client, query: dict[str, str]) -> None:
    login(client, "Triage")

    response = page(client, **query)

    assert response.status_code == 200
    assert NOW.date() in [day.date for day in response.context["days"]]


@pytest.mark.parametrize("count", [1, 3])
def test_agenda_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        at_center(request=visitor(number), starts_at=MONDAY + number * HALF_HOUR)
    login(client, "Triage")
    page(client, day="2026-11-23", span="week")

    with django_assert_num_queries(18):
        assert len(lines(page(client, day="2026-11-23", span="week"))) == count


@pytest.mark.parametrize(("group", "status"), [("Editors", 403), ("Medical reviewers", 403), ("Managers", 200)])
def test_agenda_is_for_the_desk(client: Client, group: str, status: int) -> None:
    make_appointment(request=factories.make_request(name="Leaky Name"))
    login(client, group)

    response = page(client, day="2026-11-23")

    assert (response.status_code, "Leaky Name" in response.content.decode()) == (status, status == 200)


def test_outsiders_are_led_to_the_login(client: Client) -> None:
    assert page(client).headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize(("group", "sees"), [("Triage", True), ("Editors", False)])
def test_first_page_leads_there(client: Client, group: str, sees: bool) -> None:  # noqa: FBT001
    login(client, group)

    html = client.get(reverse("admin:index")).content.decode()

    assert (reverse("desk:agenda") in html, reverse("desk:why") in html) == (sees, sees)


def test_held_time_says_what_for_and_until_when(client: Client) -> None:
    center, visit = factories.make_center(), make_appointment_type()
    make_consultant(center)
    choosing, waits = visitor(1), visitor(2)
    given_up = appointments.book(visitor(3), wanted_slot(visit, center), now=NOW)
    waiting_list.join(waits, center=center, appointment_type=visit, until=MONDAY + 24 * HALF_HOUR, now=NOW)
    appointments.cancel(given_up, by=make_staff(), now=NOW)
    waiting_list.offer_freed(now=NOW)
    appointments.hold(choosing, wanted_slot(visit, center, starts_at=MONDAY + HALF_HOUR), now=NOW)
    login(client, "Triage")
    offered = "Offered to who waits</span> <small>until Mon 16 Nov 2026, 10:00 (New York, UTC−05:00)</small>"
    held = "Held while they choose</span> <small>until Mon 16 Nov 2026, 07:10 (New York, UTC−05:00)</small>"

    shown = [str(line.state) for line in page(client, place=center.pk, day="2026-11-23").context["days"][0].lines]
    listed = client.get(reverse("admin:consultations_appointment_changelist"), {"status": "held"}).content.decode()
    of_waiting = client.get(reverse("admin:consultations_consultationrequest_change", args=[waits.pk]))

    assert [words.partition(">")[2] for words in shown] == [offered, held]
    assert (listed.count(offered), listed.count(held)) == (1, 1)
    assert f"{offered}: Mon 23 Nov 2026, 10:00 EST" in of_waiting.content.decode()


def test_week_at_a_glance_says_what_is_booked_what_is_open_and_what_is_free_first(client: Client) -> None:
    center, kind = factories.make_center(), make_appointment_type()
    ana, ben = make_consultant(center, public_name="Ana"), make_consultant(center, public_name="Ben", hours=False)
    ben.working_periods.create(center=center, weekday=1, starts=dt.time(9), ends=dt.time(9, 30))
    # From nine: the first free time of Monday is the next one.
    at_center(center=center, consultant=ana, appointment_type=kind, starts_at=MONDAY - 2 * HALF_HOUR)
    login(client, "Triage")

    week = page(client, place=center.pk, day="2026-11-25", span="week").context["week"]

    def of(cell: Any) -> tuple[int, str, str, str, int]:
        return cell.visits, cell.booked, cell.offered, cell.free.clock if cell.free else "", cell.free_count

    full, none = (0, "", "8 h", "09:00", 16), (0, "", "", "", 0)
    assert [(name, [of(cell) for cell in cells]) for name, _, cells in week.lines] == [
        ("Ana", [(1, "30 min", "8 h", "09:30", 15), full, full, full, full, none, none]),
        ("Ben", [none, (0, "", "30 min", "09:00", 1), none, none, none, none, none]),
    ]


def test_kind_of_visit_is_one_that_takes_place_there(client: Client) -> None:
    center = factories.make_center()
    at_one, by_phone = make_appointment_type(name="B"), make_appointment_type(name="A", channel=Channel.PHONE)
    login(client, "Triage")

    asked: list[dict[str, Any]] = [
        {"place": center.pk, "kind": by_phone.pk},
        {"place": "phone", "kind": at_one.pk},
        {"kind": by_phone.pk},
        {},
    ]
    shown = [page(client, **query).context["asked"].kind for query in asked]

    assert shown == [at_one, by_phone, by_phone, at_one]


def test_list_and_columns_lead_to_each_other_and_keep_what_was_asked(client: Client) -> None:
    center, whose = factories.make_center(), factories.make_request()
    login(client, "Triage")

    drawn = page(client, place=center.pk, day="2026-11-23", request=whose.pk)
    listed = client.get(drawn.context["otherwise"])

    assert listed.context["asked"].query | {"view": "columns"} == drawn.context["asked"].query
    assert listed.context["asked"].booking_for == whose
    assert ("drawn" in drawn.context, "drawn" in listed.context) == (True, False)


def test_nobody_is_booked_for_whom_the_reader_may_not_see(client: Client) -> None:
    foreign = factories.make_request(center=factories.make_center())
    client.force_login(make_staff("Triage", places=[factories.make_center()]))

    assert [page(client, request=pk).context["asked"].booking_for for pk in (foreign.pk, "x", 0, 2**70)] == [None] * 4
