"""Choosing a time, and moving what was chosen. A GET shows times and changes nothing; see private.py for the key."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations import appointment_mails, booking, invitations, links, timetable, when
from consultations.exceptions import AlreadyBooked, ConsultationError, Erased, NotOffered
from consultations.forms_times import Filters, TimeForm, read_filters
from consultations.models import Appointment, ConsultationRequest
from consultations.statuses import LIVE, AppointmentStatus, Status
from consultations.views.private import find, private
from consultations.views.private_posts import private_post
from content.site import facts

ALREADY = "You already have an appointment. To move it, choose another time here."
# Said of an appointment that was made with another request of the same person.
ELSEWHERE = "You already have an appointment with us. "
SENT = ELSEWHERE + "We have mailed its link to the address it was made with, so that you can move or cancel it."
CALL = ELSEWHERE + "Please call us to move or cancel it."


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, token: str) -> HttpResponse:
    """Show the free times; a POST books the chosen one, or moves the appointment to it."""
    return book_time(request, token) if request.method == "POST" else choose_time(request, token)


@private
def choose_time(request: HttpRequest, token: str) -> HttpResponse:
    """Show the free times."""
    return show(request, find(token), request.GET)


@private_post
def book_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Book the chosen time, or move the appointment to it."""
    form = _form(request, consultation)
    if not form.is_valid():
        return show(request, consultation, request.POST, form=form)
    moved = consultation.appointments.filter(pk=form.cleaned_data["moves"]).select_related("visit_type", "center").first()
    try:
        if moved is None:
            booked = booking.book(consultation, form.wish(), now=form.now)
        else:
            booked = booking.move(moved, form.wish(), now=form.now)
    except Erased:
        raise
    except ConsultationError as refusal:
        return show(request, consultation, request.POST, form=form, refusal=refusal)
    done = "pending" if booked.status == AppointmentStatus.PENDING else "moved" if moved else "booked"
    return HttpResponseRedirect(f"{consultation.get_private_url()}?done={done}", status=HTTPStatus.SEE_OTHER)


@private_post
def hold_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Keep the chosen time for a few minutes."""
    form = _form(request, consultation)
    if not form.is_valid():
        return show(request, consultation, request.POST, form=form)
    try:
        booking.hold(consultation, form.wish(), now=form.now)
    except Erased:
        raise
    except ConsultationError as refusal:
        return show(request, consultation, request.POST, form=form, refusal=refusal)
    return _back_to_times(consultation, form.filters)


@private_post
def release_time(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Give the held time back."""
    now = timezone.now()
    booking.release(consultation, now=now)
    return _back_to_times(consultation, read_filters(consultation, request.POST, now=now))


def show(
    request: HttpRequest,
    consultation: ConsultationRequest,
    data: QueryDict,
    *,
    form: TimeForm | None = None,
    refusal: ConsultationError | None = None,
) -> HttpResponse:
    """Draw the list; a form that could not be accepted, and a refusal with its other times, stand above it."""
    now, clinic = timezone.now(), facts(request).clinic
    current = _current(consultation)
    filters = form.filters if form else read_filters(consultation, data, now=now, moving=current)
    context: dict[str, Any] = {
        "consultation": consultation,
        "token": links.token_for(consultation.link_id),
        "filters": filters,
        "zones": when.choices(),
        "current": invitations.facts(current, clinic, discreet=False) if current else None,
        # What a member of staff has decided about spam is not shown; see visitor_words.py.
        "open": consultation.status in LIVE | {Status.SPAM} and (current is None or current.is_changeable(now)),
        "form": form,
        "refused": form if form and not refusal else None,
        "said": _in_words(refusal, consultation) if refusal else "",
        "phone": (filters.center and filters.center.phone) or clinic.phone,
        "chosen": form.data.get("start", "") if form else "",
    }
    if context["open"]:
        context |= _times(consultation, filters, clinic_zone=clinic.zone, current=current, refusal=refusal)
    code = HTTPStatus.CONFLICT if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "consultations/times.html", context, status=code)
