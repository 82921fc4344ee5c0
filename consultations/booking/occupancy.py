"""Writes and deletes time cells, which stop double booking, and releases held times.

Everything here is called inside the transaction of the verb that needs it. Cells are inserted in ascending order, so of two
transactions that want overlapping times one waits for the other and never both for each other.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError

from consultations.booking.refusals import AppointmentStands, SlotTaken
from consultations.clocks import wording
from consultations.models import Activity, Appointment, ConsultationRequest, TimeCell
from consultations.models.appointment import AppointmentQuerySet
from consultations.statuses import FINAL, ActivityKind, AppointmentStatus, Status

# Lines of history about holds that a request gets; more would bury what matters.
HOLDS_NOTED = 12
TAKEN = "This time has just been taken."


def claim(appointment: Appointment, *, from_old: Appointment | None = None, now: dt.datetime) -> None:
    """Take the cells an appointment covers, and give up those it, or the one it replaces, had beside them.

    Cells that are ours already are kept or handed over, the missing ones are inserted, and only then are the others
    deleted: at no moment is time given up before the new time is ours. What ran out makes way.

    Raises:
        SlotTaken: the database says that a cell is somebody else's; the surrounding transaction must be rolled back.
    """
    expired = Appointment.objects.expired(now).exclude(pk=appointment.pk)
    drop_holds(
        expired.filter(
            consultant=appointment.consultant_id,
            busy_from__lt=appointment.busy_until,
            busy_until__gt=appointment.busy_from,
        ),
        now=now,
    )
    ours = TimeCell.objects.filter(appointment__in=[appointment.pk, *([from_old.pk] if from_old else [])])
    cells = appointment.cells
    needed = ours.filter(consultant=appointment.consultant_id, cell__gte=cells.start, cell__lt=cells.stop)
    kept = set(needed.values_list("cell", flat=True))
    needed.update(appointment=appointment)
    missing = [
        TimeCell(consultant_id=appointment.consultant_id, cell=cell, appointment=appointment)
        for cell in cells
        if cell not in kept
    ]
    try:
        TimeCell.objects.bulk_create(missing)
    except IntegrityError as error:
        raise SlotTaken(TAKEN) from error
    ours.exclude(consultant=appointment.consultant_id, cell__gte=cells.start, cell__lt=cells.stop).delete()


def free(appointment: Appointment) -> None:
    """Give back the cells of an appointment; once the transaction commits, others may take them."""
    TimeCell.objects.filter(appointment=appointment).delete()


def drop_holds(holds: AppointmentQuerySet, *, now: dt.datetime, patient: bool = True) -> int:
    """Delete holds, let unconfirmed bookings lapse, and note it in their requests' history; return how many there were.

    Where somebody else is at work on one, we wait for them, or leave it out if not `patient`.
    """
    # Locked, because the holder may be turning one into a booking at this moment; then it is no hold any more.
    dropped = list(holds.select_for_update(no_key=True, of=("self",), skip_locked=not patient))
    for hold in dropped:
        booked = hold.status == AppointmentStatus.UNCONFIRMED
        if not booked and not is_noted(hold.request_id):
            continue
        Activity.objects.create(
            request_id=hold.request_id,
            kind=ActivityKind.LAPSED if booked else ActivityKind.RELEASED,
            at=now,
            text=f"{'Not confirmed in time' if booked else 'Held time released'}: {wording.utc(hold.starts_at)}",
        )
    found = Appointment.objects.filter(pk__in=[hold.pk for hold in dropped])
    lapsed = found.unconfirmed()
    TimeCell.objects.filter(appointment__in=list(lapsed.values_list("pk", flat=True))).delete()
    lapsed.update(status=AppointmentStatus.LAPSED, hold_expires_at=None, changed_at=now)
    found.held().delete()
    return len(dropped)


def is_noted(request_id: int) -> bool:
    """Return whether one more holding or releasing is written into the history: the first few of a request are."""
    kinds = [ActivityKind.HELD, ActivityKind.RELEASED]
    return Activity.objects.filter(request=request_id, kind__in=kinds).count() < HOLDS_NOTED


def leave_no_time(request: ConsultationRequest, *, to: Status, now: dt.datetime) -> None:
    """Follow a move to an end: give back what the request holds, and refuse where an appointment is to come.

    An appointment that has begun is history and stays. The request's row is locked: whoever books locks it first, so
    nothing can be booked from here on.

    Raises:
        AppointmentStands: an appointment is to come; it is cancelled first, or together with the request (closing.py).
    """
    if to not in FINAL:
        return
    own = Appointment.objects.filter(request=request)
    to_come = own.active().filter(starts_at__gt=now).select_related("center", "consultant").sealed()
    if (existing := to_come.first()) is not None:
        raise AppointmentStands(existing)
    drop_holds(own.held(), now=now)
