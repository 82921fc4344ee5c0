"""Page and button with which a visitor cancels an appointment."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations.booking import appointments, visits
from consultations.exceptions import ConsultationError, Erased
from consultations.forms.times import CancelForm
from consultations.limits import table
from consultations.links import private_link
from consultations.mail import invitations
from consultations.models import ConsultationRequest
from consultations.statuses import AppointmentStatus
from consultations.views.limited import limited
from consultations.views.private import back_to_page, find, private
from consultations.views.private_posts import private_post
from content.site import facts


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to cancel; a POST cancels."""
    return cancel_appointment(request, token) if request.method == "POST" else ask_to_cancel(request, token)


@private
def ask_to_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be cancelled, with the button."""
    return _show(request, find(token))


@private_post
@limited(table.APPOINTMENT_CHANGES, only_done=True)
def cancel_appointment(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Cancel the appointment that the form shows."""
    form = CancelForm(consultation, request.POST)
    if not form.is_valid():
        return _show(request, consultation, form)
    found = visits.read(consultation)
    named = next((one for one in found if one.pk == form.cleaned_data["appointment"]), None) or visits.standing(found)
    if named is None or named.status == AppointmentStatus.CANCELLED:
        return back_to_page(consultation, "cancelled-again" if found else "no-appointment")
    try:
        appointments.cancel(named, now=timezone.now(), reason=form.cleaned_data["reason"])
    except Erased:
        raise
    except ConsultationError as refusal:
        return _show(request, consultation, form, said=str(refusal))
    return back_to_page(consultation, "cancelled")


def _show(
    request: HttpRequest, consultation: ConsultationRequest, form: CancelForm | None = None, said: str = ""
) -> HttpResponse:
    clinic, current = facts(request).clinic, visits.standing(visits.read(consultation))
    if current is None and not said:
        return HttpResponseRedirect(consultation.get_private_url())
    initial = {"appointment": current.pk} if current else {}
    context = {
        "consultation": consultation,
        "token": private_link.token_for(consultation.link_id),
        "visit": invitations.facts(current, clinic, discreet=False) if current else None,
        "changeable": current is not None and current.is_changeable(timezone.now()),
        "form": form or CancelForm(consultation, initial=initial),
        "refused": form if form and not said else None,
        "said": said,
    }
    code = HTTPStatus.CONFLICT if said else HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "consultations/cancel.html", context, status=code)
