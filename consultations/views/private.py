"""The private page of a request (GET), and how its token finds the request.

Its address is the key: whoever has it may read and change the request, and nothing else (no cookie, no session) counts.
So a forged form cannot borrow anybody's authority, and Django's CSRF token would protect nothing here. It would even
shut visitors out: with `no-referrer` browsers send `Origin: null`, which that check refuses. A browser that says that a
form came from another site is still turned away: see decision 7.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from consultations.booking import visits, waiting_place
from consultations.clocks import leading, wording
from consultations.exceptions import Erased
from consultations.forms import private as private_forms
from consultations.forms.private import PrivateForm
from consultations.intake import receiving
from consultations.links import private_link
from consultations.models import Appointment, ConsultationRequest
from consultations.privacy import codes, fresh_link
from consultations.statuses import WAITING, ActivityKind
from consultations.views.outage import View, keeps_answers, remember_phone
from consultations.visitor_words import DONE, NO_REQUEST, next_steps, shown_status
from content import notices
from content.models import AnswerTimes, Center
from content.site import facts
from content.views.base import read_only

# What the page for a database that is away repeats of what was typed.
TYPED = ("text", "name", "email", "phone", "best_time", "reason", "last_day")


def private(view: View) -> View:
    """Keep an answer, also a 404 and word that the database is away, out of caches, search engines and the Referer of whatever is opened next."""

    guarded = keeps_answers("consultations/private_unavailable.html", TYPED)(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            response = guarded(request, *args, **kwargs)
        except (Http404, Erased) as gone:
            response = render(
                request,
                "consultations/no_link.html",
                {"reason": str(gone), "token": _private_token(kwargs)},
                status=HTTPStatus.NOT_FOUND,
            )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def _private_token(kwargs: dict[str, str]) -> str:
    """Return the token of a private link; what confirms an address is another kind, and is not renewed here."""
    token = kwargs.get("token", "")
    return "" if ":" in token else token


@private
@read_only
def private_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a visitor how their request stands and what they can do; a token that opens nothing is a plain 404."""
    return show(request, find(token))


def find(token: str) -> ConsultationRequest:
    """Return the request that a token opens; Http404 for one that is forged or revoked, or whose request was erased."""
    link_id = private_link.link_id_from(token)
    # The same answer, after the same kind of work, for a forged token and for one that was revoked.
    requests = ConsultationRequest.objects.select_related("center", "assignee").filter(erased_at=None)
    found = requests.filter(link_id=link_id or "").first()
    if found is None or link_id is None or fresh_link.is_over(found, timezone.now()):
        raise Http404(NO_REQUEST)
    return found


def show(request: HttpRequest, consultation: ConsultationRequest, **refused: PrivateForm) -> HttpResponse:
    """Draw the page; `refused` is a form by its name in the template that could not be accepted, with what was typed."""
    now = timezone.now()
    status = shown_status(consultation.status)
    clinic = facts(request).clinic
    remember_phone(clinic.phone)
    zone = leading.usual_clock(consultation.center, clinic.time_zone)
    shown, queue = visits.on_page(consultation, clinic, now), waiting_place.on_page(consultation, now)
    waiting = status in WAITING and consultation.first_contact_at is None
    context: dict[str, Any] = {
        **private_forms.all_of(consultation, receiving.current_texts(now)),
        **shown,
        **queue,
        **refused,
        "refused": next(iter(refused.values()), None),
        "code_asked": codes.live(consultation, now) is not None,
        "consultation": consultation,
        "token": private_link.token_for(consultation.link_id),
        "waiting": waiting,
        "answered": waiting
        and AnswerTimes.objects.said(consultation.center, promised=clinic.response_hours, today=now.date()),
        "late": consultation.respond_by < now,
        "next_steps": next_steps(
            status, unconfirmed=shown.get("unconfirmed", False), by_email=bool(consultation.email)
        ),
        "notes": consultation.activities.filter(kind=ActivityKind.VISITOR).values_list("at", flat=True),
        "consents": consultation.consents.select_related("text"),
        "done": "" if refused else DONE.get(request.GET.get("done", ""), ""),
        "zone": zone,
        "zone_name": wording.clock_name(zone),
        "heading": visits.heading(consultation, shown, offered=queue["queue"].offered is not None),
        "notices": notices.for_center(_place(consultation, shown), now),
        "phone": shown["visit"]["phone"] if "visit" in shown else leading.phone(consultation.center, clinic),
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "consultations/private.html", context, status=code)


def _place(consultation: ConsultationRequest, shown: dict[str, Any]) -> Center | None:
    """Return where the appointment that stands is, or else the center that was asked for."""
    appointment: Appointment | None = shown["visit"]["appointment"] if "visit" in shown else None
    return (appointment.center if appointment else None) or consultation.center


def back_to_page(consultation: ConsultationRequest, done: str) -> HttpResponse:
    """Lead back to the page, which then says what was done: a word of visitor_words.DONE."""
    return HttpResponseRedirect(f"{consultation.get_private_url()}?done={done}", status=HTTPStatus.SEE_OTHER)
