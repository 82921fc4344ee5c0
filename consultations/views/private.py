"""The visitor's private page.

Its address is the key: whoever has it may read and change the request, and nothing else (no cookie, no session) counts.
So a forged form cannot borrow anybody's authority, and Django's CSRF token would protect nothing here. It would even
shut visitors out: with `no-referrer` browsers send `Origin: null`, which that check refuses. A browser that says that a
form came from another site is still turned away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import forms_private, intake, links, visits, waiting
from consultations.exceptions import Erased
from consultations.forms_private import PrivateForm
from consultations.models import ConsultationRequest
from consultations.statuses import WAITING, ActivityKind
from consultations.visitor_words import DONE, NEXT_STEPS, NO_REQUEST, shown_status
from content.site import facts

type View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep an answer, also a 404, out of caches, search engines and the Referer of whatever is opened next."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (Http404, Erased):
            response = render(request, "404.html", {"reason": NO_REQUEST}, status=HTTPStatus.NOT_FOUND)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@require_safe
@private
def private_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a visitor how their request stands and what they can do; a token that opens nothing is a plain 404."""
    return show(request, find(token))


def find(token: str) -> ConsultationRequest:
    """Return the request that a token opens; Http404 for one that is forged or revoked, or whose request was erased."""
    link_id = links.link_id_from(token)
    # The same answer, after the same kind of work, for a forged token and for one that was revoked.
    requests = ConsultationRequest.objects.select_related("center", "assignee").filter(erased_at=None)
    found = requests.filter(link_id=link_id or "").first()
    if found is None or link_id is None:
        raise Http404(NO_REQUEST)
    return found


def show(request: HttpRequest, consultation: ConsultationRequest, **refused: PrivateForm) -> HttpResponse:
    """Draw the page; `refused` is a form by its name in the template that could not be accepted, with what was typed."""
    now = timezone.now()
    status = shown_status(consultation.status)
    # Times are the center's, as that is where the visitor goes; without one they are the clinic's.
    place = consultation.center or facts(request).clinic
    context: dict[str, Any] = {
        **forms_private.all_of(consultation, intake.current_texts(now)),
        **visits.on_page(consultation, facts(request).clinic, now),
        **waiting.on_page(consultation, facts(request).clinic, now),
        **refused,
        "refused": next(iter(refused.values()), None),
        "consultation": consultation,
        "token": links.token_for(consultation.link_id),
        "waiting": status in WAITING and consultation.first_contact_at is None,
        "late": consultation.respond_by < now,
        "next_steps": NEXT_STEPS[status],
        "notes": consultation.activities.filter(kind=ActivityKind.VISITOR).values_list("at", flat=True),
        "consents": consultation.consents.select_related("text"),
        "done": "" if refused else DONE.get(request.GET.get("done", ""), ""),
        "zone": place.zone,
        "zone_name": place.time_zone.replace("_", " "),
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "consultations/private.html", context, status=code)
