"""The visitor's private page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations import links
from consultations.models import ConsultationRequest
from consultations.statuses import WAITING
from content.site import facts

type View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep an answer out of caches, search engines and the Referer of whatever is opened next."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@require_safe
@private
def private_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a visitor how their request stands; a token that opens nothing is a plain 404."""
    consultation = _find(token)
    # Times are the center's, as that is where the visitor goes; without one they are the clinic's.
    place = consultation.center or facts(request).clinic
    context = {
        "consultation": consultation,
        "waiting": consultation.status in WAITING,
        "zone": place.zone,
        "zone_name": place.time_zone.replace("_", " "),
    }
    return render(request, "consultations/private.html", context)


def _find(token: str) -> ConsultationRequest:
    link_id = links.link_id_from(token)
    # The same answer, after the same kind of work, for a forged token and for one that was revoked.
    found = ConsultationRequest.objects.select_related("center", "assignee").filter(link_id=link_id or "").first()
    if found is None or link_id is None:
        raise Http404("This link does not open a request. Please use the newest link we sent you, or call us.")
    return found
