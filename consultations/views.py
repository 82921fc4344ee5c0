"""The request form and the visitor's private page. Both are `no-store`: what they show is for one person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from consultations import intake, links
from consultations.forms import RequestForm
from consultations.models import ConsultationRequest
from consultations.statuses import WAITING
from content.site import facts
from content.views.base import Page

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


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def request_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or receive it: 303 to the private page, or the form again with what is wrong."""
    now = timezone.now()
    if request.method != "POST":
        form = RequestForm.blank(request.GET, now=now)
        return _show_form(request, form, HTTPStatus.OK)
    form = RequestForm(request.POST, now=now)
    if not form.is_valid():
        return _show_form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    received, _ = intake.receive(form.submission(), key=form.identity(), now=now)
    response = HttpResponseRedirect(received.get_private_url(), status=HTTPStatus.SEE_OTHER)
    response.headers["Cache-Control"] = "no-store"
    return response


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


def _show_form(request: HttpRequest, form: RequestForm, status: HTTPStatus) -> HttpResponse:
    page = Page(
        f"{'Error: ' if form.is_bound else ''}Ask for a free consultation",
        "Leave a request in two minutes. You choose how we reach you, and you can change or withdraw it at any time.",
        "/consultation/",
        crumbs=[("Home", "/")],
    )
    response = render(request, "consultations/request.html", {"form": form, "page": page}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
