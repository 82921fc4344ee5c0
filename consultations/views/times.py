"""Pages on which a visitor chooses a time, holds it, books it or moves an appointment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations.booking import appointments, timetable, waiting_place
from consultations.booking.availability import Slot
from consultations.booking.refusals import AlreadyBooked, NotOffered
from consultations.clocks import leading, wording
from consultations.exceptions import ConsultationError, Erased
from consultations.forms.times import Filters, TimeForm, read_filters
from consultations.limits import table
from consultations.links import private_link
from consultations.mail import appointment_mails, invitations
from consultations.models import Appointment, ConsultationRequest
from consultations.statuses import LIVE, AppointmentStatus, Status
from consultations.views.limited import costly, limited
from consultations.views.private import back_to_page, find, private
from consultations.views.private_posts import private_post
from content.models import ClinicProfile
from content.site import facts

ALREADY = "You already have an appointment. To move it, choose another time here."
# Said of an appointment that was made with another request of the same person.
ELSEWHERE = "You already have an appointment with us. "
SENT = ELSEWHERE + "We have emailed its link to the address it was made with, so that you can move or cancel it."
CALL = ELSEWHERE + "Please call us to move or cancel it."


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, token: str) -> HttpResponse:
    """Show the free times; a POST books the chosen one, or moves the appointment to it."""
    return book_time(request, token) if request.method == "POST" else choose_time(request, token)


@private
@costly
def choose_time(request: HttpRequest, token: str) -> HttpResponse:
    """Show the free times."""
    return show(request, find(token), request.GET)


@private_post
@limited(table.APPOINTMENT_CHANGES, only_done=True)
def book_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Book the chosen time, or move the appointment to it."""
    form = _form(request, consultation)
    if not form.is_valid():
        return show(request, consultation, request.POST, form=form)
    moved = (
        consultation.appointments.filter(pk=form.cleaned_data["moves"])
        .select_related("appointment_type", "center")
        .first()
    )
    try:
        if moved is None:
            booked = appointments.book(consultation, form.wanted_slot(), now=form.now)
        else:
            booked = appointments.move(moved, form.wanted_slot(), now=form.now)
    except Erased:
        raise
    except ConsultationError as refusal:
        return _refused(request, consultation, form, refusal)
    waits = {AppointmentStatus.PENDING: "pending", AppointmentStatus.UNCONFIRMED: "unconfirmed"}
    done = waits.get(AppointmentStatus(booked.status), "moved" if moved else "booked")
    return back_to_page(consultation, done)


@private_post
@limited(table.HOLDS)
def hold_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Keep the chosen time for a few minutes."""
    form = _form(request, consultation)
    if not form.is_valid():
        return show(request, consultation, request.POST, form=form)
    try:
        appointments.hold(consultation, form.wanted_slot(), now=form.now)
    except Erased:
        raise
    except ConsultationError as refusal:
        return _refused(request, consultation, form, refusal)
    return _back_to_times(consultation, form.filters)


@private_post
def release_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Give the held time back."""
    now = timezone.now()
    appointments.release(consultation, now=now)
    return _back_to_times(consultation, read_filters(consultation, request.POST, now=now))


def show(
    request: HttpRequest,
    consultation: ConsultationRequest,
    data: QueryDict,
    *,
    form: TimeForm | None = None,
    said: str = "",
    others: Sequence[Slot] = (),
) -> HttpResponse:
    """Draw the list; what is wrong with a form, or what was `said` with `others` to choose, stands above it."""
    now, clinic = timezone.now(), facts(request).clinic
    current = _current(consultation)
    filters = form.filters if form else read_filters(consultation, data, now=now, moving=current)
    shown = invitations.facts(current, clinic, discreet=False) if current else None
    context: dict[str, Any] = {
        "consultation": consultation,
        "token": private_link.token_for(consultation.link_id),
        "filters": filters,
        "zones": wording.choices(),
        "current": shown,
        # What a member of staff has decided about spam is not shown; see visitor_words.py.
        "open": consultation.status in LIVE | {Status.SPAM} and (current is None or current.is_changeable(now)),
        "form": form,
        "refused": form if form and not said else None,
        "said": said,
        "phone": shown["phone"] if shown else leading.phone(filters.center or consultation.center, clinic),
        "chosen": form.data.get("start", "") if form else "",
    }
    if context["open"]:
        context |= _times(consultation, filters, clinic=clinic, current=current, now=now)
        context |= waiting_place.on_page(consultation, now)
        context["others"] = timetable.times(others, context["zone"], filters.zone)
    code = HTTPStatus.CONFLICT if said else HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "consultations/times.html", context, status=code)


def _form(request: HttpRequest, consultation: ConsultationRequest) -> TimeForm:
    now = timezone.now()
    filters = read_filters(consultation, request.POST, now=now, moving=_current(consultation))
    return TimeForm(consultation, request.POST, filters=filters, now=now)


def _refused(
    request: HttpRequest, consultation: ConsultationRequest, form: TimeForm, refusal: ConsultationError
) -> HttpResponse:
    """Say why, with everything that was chosen still there and the nearest free times as buttons."""
    said, others = str(refusal), refusal.alternatives if isinstance(refusal, NotOffered) else []
    if isinstance(refusal, AlreadyBooked):
        if refusal.existing.request_id == consultation.pk:
            said = ALREADY
        else:
            said = SENT if appointment_mails.point_to(refusal.existing, now=form.now) else CALL
    return show(request, consultation, request.POST, form=form, said=said, others=others)


def _times(
    consultation: ConsultationRequest,
    filters: Filters,
    *,
    clinic: ClinicProfile,
    current: Appointment | None,
    now: dt.datetime,
) -> dict[str, Any]:
    """Return the list itself. What the request has already, held or booked, counts as free: it would be given up."""
    held = consultation.appointments.held().select_related("appointment_type", "center").first()
    zone = filters.leading_zone(clinic)
    context: dict[str, Any] = {"zone": zone, "zone_name": wording.place(zone), "offset": wording.offset(now, zone)}
    if held and not current:
        context["held"] = held
        context["held_time"] = timetable.time_of(held.starts_at, held.zone, filters.zone)
        context["held_clock"] = wording.clock_name(held.zone)
        context["held_until"] = wording.clock(held.hold_expires_at or now, held.zone)
        context["held_over"] = held.hold_expires_at is None or held.hold_expires_at <= now
    if filters.appointment_type and (filters.center or not filters.in_person):
        table = timetable.build(
            filters.appointment_type,
            filters.center,
            zone=zone,
            own_zone=filters.zone,
            first=filters.first,
            now=now,
            ignoring=[one.pk for one in (held, current) if one],
        )
        later = filters.query(**{"from": table.later.isoformat()}) if table.later else ""
        context |= {"table": table, "later": later, "soonest": filters.query() if filters.first else ""}
    return context


def _current(consultation: ConsultationRequest) -> Appointment | None:
    found = consultation.appointments.active().select_related(
        "appointment_type", "consultant", "center__country", "moved_from__center", "moved_from__consultant"
    )
    return found.first()


def _back_to_times(consultation: ConsultationRequest, filters: Filters) -> HttpResponse:
    address = reverse("consultations:times", args=[private_link.token_for(consultation.link_id)])
    return HttpResponseRedirect(f"{address}?{filters.query()}", status=HTTPStatus.SEE_OTHER)
