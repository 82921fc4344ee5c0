"""Every rule of hours and appointments that the database holds, tried past the verbs and forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import RestrictedError, TextField
from django.db.models.functions import Cast

from consultations.models import (
    Appointment,
    AppointmentType,
    Closure,
    Consultant,
    DateException,
    Leave,
    TimeCell,
    WorkingPeriod,
)
from consultations.statuses import AppointmentStatus, Channel
from tests import factories
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type, make_consultant
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

DAY = MONDAY.date()
BEFORE = DAY - dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
NINE, FIVE = dt.time(9), dt.time(17)
HELD, PENDING = AppointmentStatus.HELD, AppointmentStatus.PENDING


def consultant(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"public_name": "Ana", "time_zone": "UTC"}
    Consultant.objects.create(user=factories.make_staff(), **defaults | kwargs)


def hours(**kwargs: Any) -> None:
    defaults: dict[str, Any] = {"weekday": 0, "starts": NINE, "ends": FIVE}
    WorkingPeriod.objects.create(consultant=make_consultant(hours=False), **defaults | kwargs)


def date(**kwargs: Any) -> None:
    DateException.objects.create(consultant=make_consultant(hours=False), date=DAY, **kwargs)


def leave(ends_at: dt.datetime) -> None:
    Leave.objects.create(consultant=make_consultant(hours=False), starts_at=MONDAY, ends_at=ends_at)


def closure(**kwargs: Any) -> None:
    Closure.objects.create(**{"first_day": DAY, "last_day": DAY, "name": "Holiday"} | kwargs)


def appointment(**kwargs: Any) -> Appointment:
    return make_appointment(cells=False, **kwargs)


def two_of_one_request(**kwargs: Any) -> None:
    request = factories.make_request()
    appointment(request=request, **kwargs)
    appointment(request=request, **kwargs)


def same_sequence_twice() -> None:
    first = appointment(status=AppointmentStatus.MOVED)
    appointment(uid=first.uid, sequence=first.sequence)


def cell_twice() -> None:
    taken = make_appointment()
    cell = taken.cells.start
    TimeCell.objects.create(consultant=taken.consultant, cell=cell, appointment=appointment())


CASES: list[tuple[str, Callable[[], object]]] = [
    ("consultations_consultant_has_name", lambda: consultant(public_name="")),
    ("consultations_consultant_has_time_zone", lambda: consultant(time_zone="")),
    ("consultations_consultant_daily_cap_positive", lambda: consultant(daily_cap=0)),
    ("consultations_appointmenttype_channel_known", lambda: make_appointment_type(channel="letter")),
    ("consultations_appointmenttype_has_name", lambda: make_appointment_type(name="")),
    ("consultations_appointmenttype_lengths_plausible", lambda: make_appointment_type(minutes=0)),
    ("consultations_appointmenttype_lengths_plausible", lambda: make_appointment_type(minutes=485)),
    ("consultations_appointmenttype_lengths_plausible", lambda: make_appointment_type(interval_minutes=0)),
    ("consultations_appointmenttype_lengths_plausible", lambda: make_appointment_type(buffer_after=245)),
    ("consultations_appointmenttype_minutes_on_grid", lambda: make_appointment_type(minutes=32)),
    ("consultations_appointmenttype_interval_minutes_on_grid", lambda: make_appointment_type(interval_minutes=7)),
    ("consultations_appointmenttype_buffer_before_on_grid", lambda: make_appointment_type(buffer_before=1)),
    ("consultations_appointmenttype_buffer_after_on_grid", lambda: make_appointment_type(buffer_after=1)),
    ("consultations_appointmenttype_window_plausible", lambda: make_appointment_type(window_days=0)),
    ("consultations_appointmenttype_window_plausible", lambda: make_appointment_type(window_days=731)),
    ("consultations_appointmenttype_daily_cap_positive", lambda: make_appointment_type(daily_cap=0)),
    ("consultations_workingperiod_ends_after_it_starts", lambda: hours(ends=NINE)),
    ("consultations_workingperiod_on_grid", lambda: hours(starts=dt.time(9, 1))),
    ("consultations_workingperiod_on_grid", lambda: hours(ends=dt.time(17, 0, 30))),
    ("consultations_workingperiod_weekday_known", lambda: hours(weekday=7)),
    ("consultations_workingperiod_valid_in_order", lambda: hours(valid_from=DAY, valid_until=BEFORE)),
    ("consultations_dateexception_closed_or_hours", date),
    ("consultations_dateexception_closed_or_hours", lambda: date(closed=True, starts=NINE, ends=FIVE)),
    ("consultations_dateexception_closed_or_hours", lambda: date(starts=FIVE, ends=NINE)),
    ("consultations_dateexception_on_grid", lambda: date(starts=dt.time(9, 1), ends=FIVE)),
    ("consultations_leave_ends_after_it_starts", lambda: leave(MONDAY)),
    ("consultations_closure_days_in_order", lambda: closure(last_day=BEFORE)),
    ("consultations_closure_has_name", lambda: closure(name="")),
    ("consultations_appointment_status_known", lambda: appointment(status="maybe")),
    ("consultations_appointment_channel_known", lambda: appointment(channel="letter")),
    ("consultations_appointment_ends_after_it_starts", lambda: appointment(ends_at=MONDAY, busy_until=MONDAY + MINUTE)),
    ("consultations_appointment_busy_covers_visit", lambda: appointment(busy_from=MONDAY + 5 * MINUTE)),
    ("consultations_appointment_busy_covers_visit", lambda: appointment(busy_until=MONDAY + 25 * MINUTE)),
    ("consultations_appointment_place_fits_channel", lambda: appointment(channel=Channel.IN_PERSON)),
    ("consultations_appointment_place_fits_channel", lambda: appointment(center=factories.make_center())),
    ("consultations_appointment_only_holds_expire", lambda: appointment(status=HELD)),
    ("consultations_appointment_only_holds_expire", lambda: appointment(hold_expires_at=MONDAY)),
    ("consultations_appointment_override_explained", lambda: appointment(overridden=True, override_reason="Urgent")),
    (
        "consultations_appointment_override_explained",
        lambda: appointment(overridden=True, booked_by=factories.make_staff()),
    ),
    ("consultations_appointment_one_active_per_request", two_of_one_request),
    ("consultations_appointment_one_active_per_request", lambda: two_of_one_request(status=PENDING)),
    (
        "consultations_appointment_one_hold_per_request",
        lambda: two_of_one_request(status=HELD, hold_expires_at=MONDAY),
    ),
    ("consultations_appointment_sequence_once", same_sequence_twice),
    ("consultations_timecell_taken_once", cell_twice),
]


@pytest.mark.parametrize(("name", "write"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)])
def test_refused(name: str, write: Callable[[], object]) -> None:
    with refused_by(name):
        write()


@pytest.mark.parametrize(
    "write",
    [
        lambda: consultant(daily_cap=1),
        lambda: make_appointment_type(
            minutes=5, interval_minutes=5, buffer_before=240, buffer_after=240, window_days=730
        ),
        lambda: hours(starts=dt.time(0), ends=dt.time(23, 55), valid_from=DAY, valid_until=DAY),
        lambda: date(closed=True),
        lambda: date(starts=NINE, ends=FIVE),
        lambda: closure(center=None),
        lambda: appointment(status=HELD, hold_expires_at=MONDAY),
        lambda: appointment(channel=Channel.IN_PERSON, center=factories.make_center()),
        lambda: appointment(overridden=True, override_reason="Urgent", booked_by=factories.make_staff()),
        lambda: two_of_one_request(status=AppointmentStatus.NO_SHOW),
        lambda: two_of_one_request(status=AppointmentStatus.CANCELLED),
    ],
    ids=range(11),
)
def test_allowed(write: Callable[[], object]) -> None:
    write()


def test_appointment_inside_a_chain_is_not_deleted_alone() -> None:
    request = factories.make_request()
    old = appointment(request=request, status=AppointmentStatus.MOVED)
    appointment(request=request, moved_from=old, uid=old.uid, sequence=1)

    with pytest.raises(RestrictedError):
        old.delete()
    factories.delete_past_the_guards(request)

    assert Appointment.objects.count() == 0


def test_deleting_a_request_frees_its_time() -> None:
    request = make_appointment().request

    factories.delete_past_the_guards(request)

    assert TimeCell.objects.count() == 0


def test_cells_beside_the_grid_are_refused() -> None:
    late = appointment(starts_at=MONDAY + 2 * MINUTE)

    with pytest.raises(ValueError, match="multiples of 5 minutes"):
        list(late.cells)


@pytest.mark.parametrize("name", ["cancel_reason", "override_reason"])
def test_reason_is_sealed_in_the_database(name: str) -> None:
    written = appointment(status=AppointmentStatus.CANCELLED, **{name: "My knee hurts."})

    stored = Appointment.objects.annotate(raw=Cast(name, TextField())).values_list("raw", flat=True).get()

    assert getattr(Appointment.objects.get(pk=written.pk), name) == "My knee hurts."
    assert (stored != "", "knee" in stored) == (True, False)


def test_appointment_type_form_says_what_is_wrong() -> None:
    lengths = AppointmentType(slug="v", name="V", channel=Channel.PHONE, minutes=32, interval_minutes=30)

    with pytest.raises(ValidationError, match="multiple of 5 minutes"):
        lengths.full_clean()
