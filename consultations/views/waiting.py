"""Waiting list POSTs of the private page: join, leave, take the offered time."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consultations.booking import waiting_list, waiting_place
from consultations.exceptions import ConsultationError, Erased
from consultations.forms.times import read_filters
from consultations.forms.waiting import WaitForm
from consultations.limits import table
from consultations.links import private_link
from consultations.models import ConsultationRequest
from consultations.statuses import AppointmentStatus
from consultations.views.limited import limited
from consultations.views.private import back_to_page
from consultations.views.private_posts import private_post
from content.site import facts


@private_post
@limited(table.WAITING_JOINS, only_done=True)
def join_waiting(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Join the list for the kind of visit and the place that the list of times showed."""
    now = timezone.now()
    filters = read_filters(consultation, request.POST, now=now)
    form = WaitForm(consultation, request.POST)
    if filters.appointment_type is None or not form.is_valid():
        return _refuse(request, consultation, [str(error) for bound in form for error in bound.errors])
    until = form.until(filters.leading_zone(facts(request).clinic))
    try:
        waiting_list.join(
            consultation, center=filters.center, appointment_type=filters.appointment_type, until=until, now=now
        )
    except Erased:
        raise
    except ConsultationError as refusal:
        return _refuse(request, consultation, [str(refusal)])
    return back_to_page(consultation, "waiting")


@private_post
def leave_waiting(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Leave the list."""
    left = waiting_list.leave(consultation, now=timezone.now())
    return back_to_page(consultation, "waiting-left" if left else "waiting-not")


@private_post
@limited(table.APPOINTMENT_CHANGES, only_done=True)
def take_offer(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Take the time that is offered."""
    had = consultation.appointments.active().exists()
    try:
        taken = waiting_list.accept(consultation, now=timezone.now())
    except Erased:
        raise
    except ConsultationError as refusal:
        return _refuse(request, consultation, [str(refusal)])
    pending = taken.status == AppointmentStatus.PENDING
    return back_to_page(consultation, "pending" if pending else "moved" if had else "booked")


def _refuse(request: HttpRequest, consultation: ConsultationRequest, said: list[str]) -> HttpResponse:
    """Say why nothing was changed, with what was typed still there."""
    now = timezone.now()
    shown = {
        "said": said,
        "consultation": consultation,
        "token": private_link.token_for(consultation.link_id),
        "filters": read_filters(consultation, request.POST, now=now),
        "last_day": request.POST.get("last_day", ""),
        **waiting_place.on_page(consultation, now),
    }
    return render(request, "consultations/waiting.html", shown, status=HTTPStatus.CONFLICT)
