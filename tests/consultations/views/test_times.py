"""Choosing a time from the private page: what is listed, what one POST does, and what a lost time leaves."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from html import unescape

import pytest
from django.test import Client

from consultations.booking import appointments, schedule, timetable
from consultations.models import Appointment, AppointmentType, ConsultationRequest, Message, TimeCell
from consultations.requests import moving
from consultations.statuses import AppointmentStatus, Channel, Status
from content.models import Center
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor, wanted_slot
from tests.factories import NOW
from tests.times_page import VALUE, address, chosen, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic", "at_now")]
HALF_HOUR = dt.timedelta(minutes=30)


def test_private_page_leads_to_choosing(client: Client, request_: ConsultationRequest, visit: AppointmentType) -> None:
    page = client.get(request_.get_private_url()).content.decode()

    assert "Choose your time now" in page
    assert f'href="{address(request_)}"' in page


def test_every_time_is_a_radio_button_with_date_time_zone_and_offset(
    client: Client, request_: ConsultationRequest, visit: AppointmentType
) -> None:
    response = client.get(address(request_), {"from": "2026-11-23"})

    page = response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert page.count("<fieldset") == 5
    assert "<legend>Monday 23 November 2026</legend>" in page
    assert f'type="radio" name="start" value="{VALUE}"' in page
    assert "Mon 23 Nov 2026, 10:00New York, UTC−05:00" in words(page)


def test_days_without_free_times_are_left_out_and_later_days_are_a_link(
    client: Client, request_: ConsultationRequest, visit: AppointmentType
) -> None:
    page = client.get(address(request_)).content.decode()

    assert re.findall(r"<legend>(\w+)", page) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    later = unescape(re.search(r'href="(\?[^"]+)">Later days', page)[1])  # type: ignore[index]
    after = client.get(address(request_) + later).content.decode()
    assert "<legend>Monday 23 November 2026</legend>" in after
    assert "Soonest days" in after


def test_last_page_of_the_window_has_no_later_days(
    client: Client, request_: ConsultationRequest, center: Center
) -> None:
    make_appointment_type(window_days=7)

    page = client.get(address(request_), {"from": "2026-11-20"}).content.decode()

    assert "Later days" not in page


def test_paging_shows_every_bookable_start_once(
    client: Client, request_: ConsultationRequest, visit: AppointmentType
) -> None:
    query, seen = "", []
    while True:
        page = client.get(address(request_) + query).content.decode()
        seen += re.findall(r'name="start" value="([^"]+)"', page)
        later = re.search(r'href="(\?[^"]+)">Later days', page)
        if later is None:
            break
        query = unescape(later[1])

    offered = schedule.offers(visit, center=request_.center, now=NOW, days=90)
    assert seen == [timetable.value_of(offer.starts_at) for offer in offered]


@pytest.mark.parametrize(
    ("zone", "other"),
    [("Europe/Paris", "16:00 Paris, UTC+01:00"), ("Asia/Tokyo", "Tue 24 Nov 2026, 00:00 Tokyo, UTC+09:00")],
)
def test_center_leads_and_the_visitors_clock_stands_beside_it(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, zone: str, other: str
) -> None:
    page = client.get(address(request_), {"zone": zone, "from": "2026-11-23"}).content.decode()

    assert f"Mon 23 Nov 2026, 10:00New York, UTC−05:00{other}" in words(page)
    assert f'<option value="{zone}" selected' in page


def test_by_phone_the_visitors_zone_leads_and_the_date_is_theirs(client: Client) -> None:
    make_consultant(time_zone="Australia/Sydney")
    make_appointment_type(channel=Channel.PHONE)
    request = visitor(1)

    page = client.get(address(request), {"zone": "America/Los_Angeles", "from": "2026-11-22"}).content.decode()

    # Monday 09:00 in Sydney is Sunday 14:00 in Los Angeles.
    assert "<legend>Sunday 22 November 2026</legend>" in page
    assert "Sun 22 Nov 2026, 14:00Los Angeles, UTC−08:00" in words(page)


@pytest.mark.parametrize(
    "query",
    [
        {"zone": "Mars/Base"},
        {"from": "soon"},
        {"from": "9999-12-31"},
        {"center": "x"},
        {"visit": "x"},
        {"zone": "../etc"},
    ],
)
def test_nonsense_in_the_address_shows_the_usual_list(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, query: dict[str, str]
) -> None:
    response = client.get(address(request_), query)

    assert response.status_code == 200
    assert response.content.decode().count("<fieldset") == 5


def test_get_and_head_change_nothing(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    booked = appointments.book(request_, wanted_slot(visit, center), now=NOW)
    before = (booked.status, Message.objects.count(), TimeCell.objects.count())

    for name in ("times", "times-hold", "times-release", "cancel", "calendar", "private"):
        for _ in range(5):
            client.get(address(request_, name), {"start": VALUE})
            client.head(address(request_, name))

    booked.refresh_from_db()
    assert (booked.status, Message.objects.count(), TimeCell.objects.count()) == before
    assert Appointment.objects.count() == 1


def test_one_post_books(client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center) -> None:
    response = client.post(address(request_), chosen(visit, center, zone="Europe/Paris"), follow=True)

    booked = request_.appointments.get()
    assert (booked.starts_at, booked.status, booked.visitor_zone) == (MONDAY, "confirmed", "Europe/Paris")
    page = words(response.content)
    assert response.redirect_chain[0][1] == 303
    assert "Your appointment is booked." in page
    assert page.index("Mon 23 Nov 2026, 10:00 (New York, UTC−05:00)") < page.index(
        "Mon 23 Nov 2026, 16:00 (Paris, UTC+01:00)"
    )


def test_sent_twice_it_is_one_appointment(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    answers = [client.post(address(request_), chosen(visit, center)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert request_.appointments.count() == 1


def test_what_needs_confirmation_is_kept_and_said_so(client: Client, center: Center) -> None:
    visit, request = make_appointment_type(needs_confirmation=True), visitor(1, center=center)

    page = words(client.post(address(request), chosen(visit, center), follow=True).content)

    assert request.appointments.get().status == AppointmentStatus.PENDING
    assert "Your appointment, to be confirmed" in page
    assert VALUE not in client.get(address(visitor(2, center=center)), {"from": "2026-11-23"}).content.decode()


def test_a_taken_time_is_a_409_with_everything_kept_and_others_to_press(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    appointments.book(visitor(2), wanted_slot(visit, center), now=NOW)

    response = client.post(address(request_), chosen(visit, center, zone="Asia/Tokyo", **{"from": "2026-11-23"}))

    page = response.content.decode()
    assert response.status_code == 409
    assert "<title>Error: " in page
    others = re.findall(r'<button class="button quiet" type="submit" name="start" value="([^"]+)">([^<]+)', page)
    assert len(others) >= 3
    assert others[0] == ("2026-11-23T14:30Z", "Mon 23 Nov 2026, 09:30 (New York, UTC−05:00, 23:30 Tokyo, UTC+09:00)")
    assert page.count('<input type="hidden" name="zone" value="Asia/Tokyo">') >= 2
    assert '<input type="hidden" name="from" value="2026-11-23">' in page
    again = client.post(address(request_), chosen(visit, center, start=others[0][0], zone="Asia/Tokyo"))
    assert again.status_code == 303
    assert request_.appointments.get().starts_at == MONDAY - HALF_HOUR


@pytest.mark.parametrize(
    "start", ["", "soon", "2026-11-23T15:00", "9999-12-31T23:59-23:00", "0001-01-01T00:00Z", "2099-01-01T00:00Z"]
)
def test_no_time_chosen_is_said_with_the_list_still_there(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center, start: str
) -> None:
    response = client.post(address(request_), chosen(visit, center, start=start))

    page = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#times">Choose one of the times.</a>' in page
    assert 'id="times"' in page
    assert page.count("<fieldset") == 5


@pytest.mark.parametrize("start", ["2026-11-23T15:10Z", "2026-11-22T15:00Z", "2026-11-16T12:30Z"])
def test_a_time_that_was_never_offered_is_refused(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center, start: str
) -> None:
    assert client.post(address(request_), chosen(visit, center, start=start)).status_code == 409
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("status", [Status.LOST, Status.WON])
def test_a_closed_request_is_told_to_call(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, status: Status
) -> None:
    ConsultationRequest.objects.filter(pk=request_.pk).update(status=status)

    page = client.get(address(request_)).content.decode()

    assert "No time can be booked for this request here." in page
    assert "<fieldset" not in page
    assert "Choose a time</a>" not in client.get(request_.get_private_url()).content.decode()


def test_suspected_spam_sees_the_same_pages(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    before = [client.get(url).content for url in (address(request_), request_.get_private_url())]
    moving.move(request_, to=Status.SPAM, by=factories.make_staff(), seen=Status.NEW, now=NOW, reason="Looks odd")

    assert [client.get(url).content for url in (address(request_), request_.get_private_url())] == before
    assert client.post(address(request_), chosen(visit, center)).status_code == 409


def test_post_from_another_site_is_refused(
    client: Client, request_: ConsultationRequest, visit: AppointmentType, center: Center
) -> None:
    response = client.post(address(request_), chosen(visit, center), headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert not Appointment.objects.exists()


def test_pages_ask_for_nothing_personal_and_load_nothing_foreign(
    client: Client, request_: ConsultationRequest, visit: AppointmentType
) -> None:
    page = client.get(address(request_)).content.decode()

    assert "visitor1@visitor.example" not in page
    assert "Visitor 1" not in page
    assert re.findall(r"<script(?![^>]*src=\"/static/)", page) == []
    assert zoneinfo.ZoneInfo("Europe/Paris").key in page


def test_the_list_costs_a_fixed_number_of_queries(
    client: Client,
    request_: ConsultationRequest,
    visit: AppointmentType,
    center: Center,
    django_assert_max_num_queries: object,
) -> None:
    for number in range(10):
        at = MONDAY + number * HALF_HOUR
        appointments.book(visitor(number + 10), wanted_slot(visit, center, starts_at=at), now=NOW)

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(address(request_))
