"""The desk's side of booking: the agenda, and closing a request with its appointment; for everybody, and by keyboard."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations.booking import appointments, schedule
from consultations.models import Appointment
from consultations.statuses import AppointmentStatus, Status
from tests.booking_factories import make_appointment_type, make_consultant, visitor
from tests.browser.conftest import DESK, PHONE
from tests.browser.inspection import problems
from tests.factories import make_center, make_staff

pytestmark = pytest.mark.alike

# Whether what has the focus is marked, and not out of sight.
SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  // Of a date the browser marks the part, or its button, by itself, and no style can be asked about that.
  const marked = here.type === "date" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px");
  return {name: here.outerHTML.slice(0, 80), seen: marked && box.bottom > 0 && box.top < innerHeight};
}"""


@pytest.fixture
def appointment(site: str) -> Appointment:
    """The first free time at a center, booked."""
    center = make_center(name="Fern Boston", slug="fern-boston")
    make_consultant(center, public_name="Ana")
    visit, now = make_appointment_type(), timezone.now()
    starts_at = schedule.offers(visit, center=center, now=now)[0].starts_at
    return appointments.book(visitor(1, center=center), appointments.WantedSlot(visit, starts_at, center), now=now)


@pytest.fixture
def triager(visitor: Page, site: str) -> Page:
    """Somebody of the desk at a large screen, logged in by keyboard."""
    staff = make_staff("Triage")
    visitor.emulate_media(reduced_motion="reduce")
    visitor.set_viewport_size(DESK)
    visitor.goto(f"{site}{reverse('desk:agenda')}")
    visitor.locator("input[name=username]").focus()
    visitor.keyboard.type(staff.username)
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("correct horse")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Agenda")
    return visitor


def press_until(page: Page, focused: str) -> list[str]:
    """Press Tab until something with this CSS selector has the focus; return what had it without being seen to."""
    unseen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(SEEN)
        if not here["seen"]:
            unseen.append(here["name"])
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return unseen
    raise AssertionError(f"{focused} cannot be reached by Tab")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_agenda_is_for_everybody(triager: Page, site: str, appointment: Appointment, scheme: str) -> None:
    triager.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    day = appointment.starts_at.astimezone(appointment.zone).date()
    found: list[str] = []

    shown = {"&span=day": ".visit time", "&span=week": ".agenda-week td a", "&span=week&view=list": "tbody th time"}
    for asked, booked in shown.items():
        for size in (PHONE, DESK):
            triager.set_viewport_size(size)
            triager.goto(f"{site}{reverse('desk:agenda')}?place={appointment.center_id}&day={day}{asked}")
            expect(triager.locator(booked).first).to_have_text(re.compile(r"^\d\d:\d\d–\d\d:\d\d|^1 visit$|free$"))
            found += problems(triager)

    assert found == []


def test_day_in_columns_shows_lengths_as_heights_and_prints_on_one_sheet(
    triager: Page, site: str, appointment: Appointment
) -> None:
    day = appointment.starts_at.astimezone(appointment.zone).date()
    triager.goto(f"{site}{reverse('desk:agenda')}?place={appointment.center_id}&day={day}")

    # From the start of half an hour's visit to the next piece, beside the eight hours of the clock.
    share = triager.evaluate(
        """() => {
          const high = (selector) => document.querySelector(selector).getBoundingClientRect().height;
          return high(".diary .visit") / high(".diary .clock ol");
        }"""
    )
    sheets = triager.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")

    assert (round(share, 3), sheets) == (round(0.5 / 8, 3), 1)


def test_agenda_leads_by_keyboard_from_a_day_to_the_week_to_the_visitor(
    triager: Page, site: str, appointment: Appointment
) -> None:
    day = appointment.starts_at.astimezone(appointment.zone).date()
    triager.goto(f"{site}{reverse('desk:agenda')}?place={appointment.center_id}&day={day - dt.timedelta(days=1)}")
    expect(triager.get_by_role("heading", name="Agenda: Fern Boston")).to_be_visible()

    unseen = press_until(triager, "select[name=span]")
    triager.keyboard.press("ArrowDown")
    unseen += press_until(triager, ".asking button")
    triager.keyboard.press("Enter")
    expect(triager.get_by_role("link", name="Week after")).to_be_visible()
    if day.weekday() == 0:
        unseen += press_until(triager, ".pager a:nth-of-type(3)")
        triager.keyboard.press("Enter")
    unseen += press_until(triager, "td a:not(.free)")
    triager.keyboard.press("Enter")
    expect(triager.locator(".diary")).to_be_visible()
    unseen += press_until(triager, ".visit a")
    triager.keyboard.press("Enter")

    expect(triager.get_by_role("heading", name=appointment.request.name)).to_be_visible()
    assert unseen == []


def test_request_is_closed_with_its_appointment_by_keyboard(triager: Page, site: str, appointment: Appointment) -> None:
    triager.goto(site + reverse("admin:consultations_consultationrequest_change", args=[appointment.request_id]))
    summary = triager.locator("summary", has_text="Close it")
    summary.focus()
    triager.keyboard.press("Enter")
    unseen = press_until(triager, "#reason")
    triager.keyboard.type("Moved abroad")

    # Without a word about the appointment it is refused, and what was typed is kept
    unseen += press_until(triager, "button[value=lost]")
    triager.keyboard.press("Enter")
    expect(triager.locator(".messagelist")).to_contain_text("An appointment is to come")
    expect(triager.locator("#reason")).to_have_value("Moved abroad")
    found = problems(triager)

    triager.locator("#reason").focus()
    unseen += press_until(triager, "#cancelling")
    triager.keyboard.press("Space")
    unseen += press_until(triager, "button[value=lost]")
    triager.keyboard.press("Enter")

    expect(triager.locator(".messagelist")).to_contain_text("The status is saved.")
    appointment.refresh_from_db()
    assert (appointment.status, appointment.request.status) == (AppointmentStatus.CANCELLED, Status.LOST)
    assert (unseen, found) == ([], [])
