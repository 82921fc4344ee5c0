"""Rows for tests of booking, like those of factories.py: one boring, valid row each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from consultations.booking import appointments, waiting_list
from consultations.booking.appointments import WantedSlot
from consultations.models import (
    Activity,
    Appointment,
    AppointmentType,
    Consultant,
    ConsultationRequest,
    TimeCell,
    WaitingEntry,
    WorkingPeriod,
)
from consultations.statuses import ActivityKind, AppointmentStatus, Channel
from content.models import Center
from tests import factories

# The Monday after factories.NOW, 10:00 in New York.
MONDAY = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)


def make_appointment_type(**kwargs: Any) -> AppointmentType:
    """Write a kind of visit: 30 minutes at a center, every half hour, bookable an hour ahead."""
    n = factories.number()
    defaults: dict[str, Any] = {
        "slug": f"visit-{n}",
        "name": f"Visit {n}",
        "channel": Channel.IN_PERSON,
        "minutes": 30,
        "interval_minutes": 30,
        "notice_minutes": 60,
        "cutoff_minutes": 120,
    }
    return AppointmentType.objects.create(**defaults | kwargs)


def make_consultant(*centers: Center, hours: bool = True, **kwargs: Any) -> Consultant:
    """Write a consultant who works from nine to five on weekdays, at each of the centers, or by phone without any."""
    n = factories.number()
    defaults: dict[str, Any] = {"public_name": f"Consultant {n}", "time_zone": "America/New_York"}
    user = kwargs.pop("user", None) or factories.make_staff()
    consultant = Consultant.objects.create(user=user, **defaults | kwargs)
    consultant.centers.set(centers)
    for center in (centers or [None]) if hours else []:
        make_week(consultant, center)
    return consultant


def make_week(consultant: Consultant, center: Center | None, *, starts: int = 9, ends: int = 17) -> None:
    """Write hours for Monday to Friday."""
    WorkingPeriod.objects.bulk_create(
        WorkingPeriod(consultant=consultant, center=center, weekday=day, starts=dt.time(starts), ends=dt.time(ends))
        for day in range(5)
    )


def make_appointment(*, cells: bool = True, **kwargs: Any) -> Appointment:
    """Write a confirmed appointment with its cells, round the verbs; what is not given is made."""
    starts_at = kwargs.get("starts_at", MONDAY)
    defaults: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(minutes=30),
        "status": AppointmentStatus.CONFIRMED,
        "channel": Channel.PHONE,
        "created_at": factories.NOW,
        "changed_at": factories.NOW,
    }
    values = defaults | kwargs
    values.setdefault("busy_from", values["starts_at"])
    values.setdefault("busy_until", values["ends_at"])
    makers: dict[str, Callable[[], object]] = {
        "request": factories.make_request,
        "consultant": make_consultant,
        "appointment_type": make_appointment_type,
    }
    values |= {name: make() for name, make in makers.items() if name not in values}
    values.setdefault("cutoff_minutes", values["appointment_type"].cutoff_minutes)
    appointment = Appointment.objects.create(**values)
    if cells:
        TimeCell.objects.bulk_create(
            TimeCell(consultant=appointment.consultant, cell=cell, appointment=appointment)
            for cell in appointment.cells
        )
    return appointment


def wanted_slot(appointment_type: AppointmentType, center: Center | None = None, **kwargs: Any) -> WantedSlot:
    """Return a wish for Monday at ten in New York."""
    defaults: dict[str, Any] = {"appointment_type": appointment_type, "starts_at": MONDAY, "center": center}
    return WantedSlot(**defaults | kwargs)


def visitor(number: int, **kwargs: Any) -> ConsultationRequest:
    """Return the request of a visitor of their own."""
    return factories.make_request(email=f"visitor{number}@visitor.example", name=f"Visitor {number}", **kwargs)


def make_once_a_day() -> tuple[Center, AppointmentType]:
    """Write a center with one consultant who has one free time a day, at ten on weekdays in New York."""
    center, appointment_type = factories.make_center(), make_appointment_type(minutes=30, interval_minutes=60)
    consultant = make_consultant(center, hours=False)
    for weekday in range(5):
        consultant.working_periods.create(center=center, weekday=weekday, starts=dt.time(10), ends=dt.time(10, 30))
    return center, appointment_type


def join(request: ConsultationRequest, place: tuple[Center | None, AppointmentType], **kwargs: Any) -> WaitingEntry:
    """Put a request on the waiting list for anything in the week of Monday."""
    until = MONDAY + dt.timedelta(days=5)
    defaults: dict[str, Any] = {"center": place[0], "appointment_type": place[1], "until": until, "now": factories.NOW}
    return waiting_list.join(request, **defaults | kwargs)


def give_up(appointment: Appointment, *, now: dt.datetime = factories.NOW + dt.timedelta(hours=1)) -> None:
    """Cancel as staff do, an hour from now."""
    appointments.cancel(appointment, by=factories.make_staff(), now=now)


def cells_of(appointment: Appointment) -> list[dt.datetime]:
    """Return the starts of the cells that an appointment has taken."""
    return [cell.starts_at for cell in TimeCell.objects.filter(appointment=appointment).order_by("cell")]


def history(request: ConsultationRequest) -> list[str]:
    """Return the kinds of what happened to a request since it was received."""
    return [activity.kind for activity in Activity.objects.filter(request=request).exclude(kind=ActivityKind.RECEIVED)]
