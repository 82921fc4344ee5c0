"""Hours, leave, kinds of visit and closures in the admin: mistakes are said in words, and the preview tells the truth."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from consultations.booking import appointments, schedule
from consultations.models import AppointmentType, Closure, Consultant, Leave
from consultations.statuses import Channel
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

INLINES = ("working_periods", "date_exceptions", "leaves")


def login(client: Client, *groups: str) -> None:
    """Log a new member of staff in."""
    client.force_login(make_staff(*groups))


def page(row: Any) -> str:
    """Return the address of a row's page."""
    return reverse(f"admin:consultations_{row._meta.model_name}_change", args=[row.pk])


def form(consultant: Consultant, **rows: dict[str, Any]) -> dict[str, Any]:
    """Return what the consultant's page sends, with one new row in the named inlines."""
    data: dict[str, Any] = {
        "public_name": consultant.public_name,
        "user": consultant.user.pk,
        "active": "on",
        "time_zone": consultant.time_zone,
        "centers": [center.pk for center in consultant.centers.all()],
    }
    for inline in INLINES:
        data |= {f"{inline}-TOTAL_FORMS": int(inline in rows), f"{inline}-INITIAL_FORMS": 0}
        data |= {f"{inline}-0-{name}": value for name, value in rows.get(inline, {}).items()}
    return data


def said(response: Any) -> list[str]:
    """Return every sentence that a refused form says."""
    found = [error for errors in response.context["errors"] for error in errors]
    return [str(error) for error in found]


def test_manager_sets_hours(client: Client) -> None:
    center = factories.make_center()
    consultant = make_consultant(center, hours=False)
    login(client, "Managers")
    hours = {"weekday": "0", "starts": "09:00", "ends": "12:00", "center": center.pk}

    response = client.post(page(consultant), form(consultant, working_periods=hours))

    assert (response.status_code, str(consultant.working_periods.get())) == (302, "Monday 09:00–12:00")


@pytest.mark.parametrize(
    ("ends", "kept", "shown"),
    [("24:00", dt.time(0), "Monday 22:00–24:00"), ("01:30", dt.time(1, 30), "Monday 22:00–01:30")],
)
def test_manager_sets_hours_until_midnight_or_past_it(client: Client, ends: str, kept: dt.time, shown: str) -> None:
    consultant = make_consultant(hours=False)
    login(client, "Managers")
    late = {"weekday": "0", "starts": "22:00", "ends": ends}
    exception = {"date": "2026-12-01", "starts": "22:00", "ends": ends}

    response = client.post(page(consultant), form(consultant, working_periods=late, date_exceptions=exception))

    period = consultant.working_periods.get()
    assert (response.status_code, period.ends, str(period)) == (302, kept, shown)
    assert consultant.date_exceptions.get().ends == kept


def test_leave_is_typed_on_the_consultants_own_clock(client: Client) -> None:
    consultant = make_consultant(hours=False, time_zone="Australia/Sydney")
    login(client, "Managers")
    away = {
        "starts_at_0": "2026-12-24",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-12-24",
        "ends_at_1": "17:00",
    }

    client.post(page(consultant), form(consultant, leaves=away))
    shown = client.get(page(consultant)).content.decode()

    leave = Leave.objects.get()
    assert leave.starts_at == dt.datetime(2026, 12, 23, 22, tzinfo=dt.UTC)
    assert 'value="2026-12-24"' in shown
    assert 'value="09:00:00"' in shown


@pytest.mark.parametrize(
    ("inline", "row", "words"),
    [
        (
            "working_periods",
            {"weekday": "0", "starts": "12:00", "ends": "09:00"},
            "Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00.",
        ),
        (
            "working_periods",
            {"weekday": "0", "starts": "09:01", "ends": "12:00"},
            "Hours start and end on multiples of 5 minutes.",
        ),
        (
            "working_periods",
            {
                "weekday": "0",
                "starts": "09:00",
                "ends": "12:00",
                "valid_from": "2026-12-02",
                "valid_until": "2026-12-01",
            },
            "The last day must not be before the first.",
        ),
        (
            "date_exceptions",
            {"date": "2026-12-01", "closed": "on", "starts": "09:00", "ends": "12:00"},
            "Either tick closed, or give hours. Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00.",
        ),
        (
            "leaves",
            {"starts_at_0": "2026-12-02", "starts_at_1": "09:00", "ends_at_0": "2026-12-01", "ends_at_1": "09:00"},
            "The leave must end later than it starts.",
        ),
        # In UTC this is the year 10000, which PostgreSQL keeps and no page can read.
        (
            "leaves",
            {"starts_at_0": "2026-12-02", "starts_at_1": "09:00", "ends_at_0": "9999-12-31", "ends_at_1": "23:59"},
            "Give a year from 2000 to 2199.",
        ),
        (
            "leaves",
            {"starts_at_0": "0001-01-01", "starts_at_1": "00:00", "ends_at_0": "2026-12-01", "ends_at_1": "09:00"},
            "Give a year from 2000 to 2199.",
        ),
        ("date_exceptions", {"date": "0001-01-01", "closed": "on"}, "Give a year from 2000 to 2199."),
        (
            "working_periods",
            {"weekday": "0", "starts": "09:00", "ends": "12:00", "valid_until": "9999-12-31"},
            "Give a year from 2000 to 2199.",
        ),
    ],
)
def test_mistake_is_said_in_words(client: Client, inline: str, row: dict[str, str], words: str) -> None:
    consultant = make_consultant(hours=False)
    login(client, "Managers")

    response = client.post(page(consultant), form(consultant, **{inline: row}))

    assert (response.status_code, said(response)) == (200, [words])
    assert getattr(consultant, inline).count() == 0


def test_closure_is_added_for_everywhere(client: Client) -> None:
    login(client, "Managers")
    data = {"name": "New Year", "first_day": "2027-01-01", "last_day": "2027-01-01"}

    client.post(reverse("admin:consultations_closure_add"), data)
    refused = client.post(reverse("admin:consultations_closure_add"), data | {"last_day": "2026-12-31"})

    assert Closure.objects.get().center is None
    assert said(refused) == ["The last day must not be before the first."]


def test_preview_shows_what_the_visitors_page_offers(client: Client) -> None:
    denver, boston = factories.make_center(time_zone="America/Denver"), factories.make_center()
    kind, consultant = make_appointment_type(), make_consultant(denver, boston)
    make_consultant(boston)
    noon = MONDAY + dt.timedelta(hours=2)
    appointments.book(visitor(1), wanted_slot(kind, denver, consultant=consultant, starts_at=noon), now=NOW)
    login(client, "Triage")

    of_consultant = client.get(page(consultant)).context["preview"]
    of_kind = client.get(page(kind), {"place": denver.pk}).context["preview"]

    for place, center in zip(of_consultant.places, consultant.centers.all(), strict=True):
        offers = schedule.offers(kind, center=center, now=NOW, consultant=consultant)
        expected = [f"{offer.starts_at.astimezone(center.zone):%m-%d %H:%M}" for offer in offers]
        assert [f"{day.date:%m-%d} {start}" for day in place.days for start in day.starts] == expected
        assert place.count == len(expected) > 100
    assert [(place.name, place.count) for place in of_kind.places] == [
        (denver.name, len(schedule.offers(kind, center=denver, now=NOW)))
    ]
    assert of_kind.places[0].zone == "Denver, UTC−07:00 now"


def test_preview_of_calls_is_on_the_consultants_clock(client: Client) -> None:
    consultant = make_consultant(time_zone="Asia/Kathmandu")
    make_appointment_type(channel=Channel.PHONE)
    make_appointment_type()
    login(client, "Managers")

    (place,) = client.get(page(consultant)).context["preview"].places

    assert (place.name, place.zone) == ("Phone and video", "Kathmandu, UTC+05:45 now")
    assert place.days[1].starts[:2] == ["09:00", "09:30"]


@pytest.mark.parametrize("asked", [{"kind": "0", "place": "0"}, {"kind": "x", "place": "\ufffe"}])
def test_preview_of_nonsense_is_the_usual_one(client: Client, asked: dict[str, str]) -> None:
    kind, consultant = make_appointment_type(), make_consultant(factories.make_center())
    login(client, "Managers")

    previews = [client.get(page(row), asked).context["preview"] for row in (kind, consultant)]

    assert [len(preview.places) for preview in previews] == [1, 1]


def test_preview_without_any_kind_of_visit_says_so(client: Client) -> None:
    consultant = make_consultant(factories.make_center())
    login(client, "Managers")

    assert "Nobody takes such visits yet." in client.get(page(consultant)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_consultant_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_appointment_type()
    consultant = make_consultant(*(factories.make_center() for _ in range(count)))
    login(client, "Managers")
    client.get(page(consultant))

    with django_assert_num_queries(34):
        client.get(page(consultant))


@pytest.mark.parametrize(
    ("group", "reads", "writes"),
    [("Editors", 403, 403), ("Medical reviewers", 403, 403), ("Triage", 200, 403), ("Managers", 200, 302)],
)
def test_managers_set_the_schedule_and_triage_reads_it(client: Client, group: str, reads: int, writes: int) -> None:
    consultant = make_consultant(hours=False, public_name="Leaky Name")
    login(client, group)

    shown = client.get(page(consultant))
    written = client.post(page(consultant), form(consultant) | {"public_name": "Forged"})

    consultant.refresh_from_db()
    assert (shown.status_code, written.status_code) == (reads, writes)
    assert ("Leaky Name" in shown.content.decode(), consultant.public_name == "Forged") == (reads == 200, writes == 302)


def test_what_has_appointments_is_switched_off_and_not_deleted(client: Client) -> None:
    kind, consultant = make_appointment_type(), make_consultant()
    login(client, "Managers")

    for row in (kind, consultant):
        address = reverse(f"admin:consultations_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403

    assert (AppointmentType.objects.count(), Consultant.objects.count()) == (1, 1)
