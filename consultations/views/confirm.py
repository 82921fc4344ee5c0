"""The page that a mail's button leads to: it says what would be confirmed, and only its own buttons change anything.

The mailbox's owner may have asked for nothing: the page names the request and the time, and has a button for that too.
"""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations.booking import unconfirmed
from consultations.exceptions import ConsultationError, Erased
from consultations.links import confirm_link
from consultations.mail import invitations
from consultations.models import Appointment, ConsultationRequest
from consultations.privacy import disowning
from consultations.statuses import AppointmentStatus
from consultations.views.private import back_to_page, private
from consultations.views.private_posts import FROM_ELSEWHERE, is_from_elsewhere
from content.models import ClinicProfile
from content.site import facts

OVER = (
    "This link confirms nothing any more: it was used, is older than 14 days, or a newer one took its place. "
    "If your address is still to be confirmed, your own page can send you a new link."
)
USED = (
    "You used this link already, and your address is confirmed. There is nothing left to do here. "
    "The link to your own page is in our latest mail to you."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link confirms; a POST confirms it, or says that it was somebody else."""
    now = timezone.now()
    asked, consultation = _find(token, now)
    if consultation is None:
        return render(
            request, "consultations/no_link.html", {"used": True, "reason": USED}, status=HTTPStatus.NOT_FOUND
        )
    if request.method != "POST":
        return _show(request, consultation, token, now)
    if is_from_elsewhere(request):
        raise PermissionDenied(FROM_ELSEWHERE)
    try:
        return _carry_out(request, consultation, asked.version, now)
    except Erased:
        raise
    except ConsultationError as refusal:
        return _show(request, consultation, token, now, said=str(refusal))


def _carry_out(request: HttpRequest, consultation: ConsultationRequest, version: int, now: dt.datetime) -> HttpResponse:
    if "not-me" in request.POST:
        disowning.disown(consultation, version=version, now=now)
        return render(request, "consultations/disowned.html", {})
    waited = Appointment.objects.unconfirmed().filter(request=consultation).exists()
    keep = request.POST.get("keep", "")
    booked = unconfirmed.confirm_email(consultation, version=version, now=now, keep=keep)
    return back_to_page(consultation, _done(booked, kept_old=waited and keep == unconfirmed.KEEP_OLD))


def _find(token: str, now: dt.datetime) -> tuple[confirm_link.Asked, ConsultationRequest | None]:
    """Return what a link asks and of which request; None for the link that confirmed the address as it stands.

    Raises:
        Http404: it confirms nothing: it is forged, too old, or a newer one took its place.
    """
    asked = confirm_link.read(token, now=now)
    if asked is not None:
        requests = ConsultationRequest.objects.filter(pk=asked.request, erased_at=None)
        found = requests.select_related("center", "person").first()
        if found is not None:
            waits = found.pending_email or (found.email and found.email_confirmed_at is None)
            if waits and found.contact_version == asked.version:
                return asked, found
            # Confirming makes the next version; whoever has the link was told of the request by it.
            if found.email and not waits and found.contact_version == asked.version + 1:
                return asked, None
    raise Http404(OVER)


def _show(
    request: HttpRequest, consultation: ConsultationRequest, token: str, now: dt.datetime, *, said: str = ""
) -> HttpResponse:
    stands, clinic = unconfirmed.asked_about(consultation, now=now), facts(request).clinic
    context = {
        "consultation": consultation,
        "token": token,
        "email": stands.email,
        "visit": _facts(stands.waits, clinic),
        "other": _facts(stands.other, clinic) if stands.waits else None,
        "lapsed": not stands.waits
        and consultation.appointments.filter(status=AppointmentStatus.LAPSED).exists()
        and not consultation.appointments.active().exists(),
        "said": said,
    }
    return render(request, "consultations/confirm.html", context, status=HTTPStatus.CONFLICT if said else HTTPStatus.OK)


def _facts(appointment: Appointment | None, clinic: ClinicProfile) -> dict[str, Any] | None:
    return invitations.facts(appointment, clinic, discreet=False) if appointment else None


def _done(booked: Appointment | None, *, kept_old: bool) -> str:
    if booked is not None:
        return "pending" if booked.status == AppointmentStatus.PENDING else "booked"
    return "confirmed-kept" if kept_old else "confirmed"
