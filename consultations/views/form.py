"""The request form's view: shows it, checks it, hands it to intake, answers 303 to the private page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.forms.request import RequestForm
from consultations.intake import receiving, typed
from consultations.limits import network
from consultations.requests import promise
from consultations.views.outage import View, keeps_answers, remember_phone
from content.site import facts
from content.views.base import Page

# What the page for a database that is away repeats of the answers.
TYPED = ("name", "email", "phone", "best_time", "message")


def guarded(view: Callable[[HttpRequest], HttpResponse]) -> View:
    """Let nothing that was typed reach an error report or a cache, and give it back where the database is away."""

    @wraps(view)
    def unkept(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    kept = keeps_answers("consultations/unavailable.html", TYPED)(unkept)
    return sensitive_post_parameters()(sensitive_variables()(kept))


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def request_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or receive it: 303 to the private page, or the form again with what is wrong."""
    now = timezone.now()
    if request.method != "POST":
        return _show(request, RequestForm.blank(request.GET, now=now), HTTPStatus.OK)
    form = RequestForm(request.POST, now=now, language=typed.first_language(request.headers.get("Accept-Language", "")))
    if not form.is_valid():
        return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        received, _ = receiving.receive(
            form.submission(), key=form.identity(), now=now, address=_address(request), signals=form.signals()
        )
    except AlreadySent as refusal:
        form.ask_again()
        return _show(request, form, HTTPStatus.CONFLICT, changed=refusal)
    except OverTheLimit as refusal:
        response = _show(request, form, HTTPStatus.TOO_MANY_REQUESTS, too_many=refusal)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response
    return HttpResponseRedirect(received.get_private_url(), status=HTTPStatus.SEE_OTHER)


@guarded
def expired_form(request: HttpRequest) -> HttpResponse:
    """Give a form back whose token the site no longer knows, with everything typed: sending it again works."""
    form = RequestForm(request.POST, now=timezone.now())
    return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, expired=True)


def _show(request: HttpRequest, form: RequestForm, status: HTTPStatus, **why: Any) -> HttpResponse:
    page = Page(
        f"{'Error: ' if form.is_bound else ''}Ask for a free consultation",
        "Leave a request in two minutes. You choose how we reach you, and you can change or withdraw it at any time.",
        "/consultation/",
        crumbs=[("Home", "/")],
    )
    clinic = facts(request).clinic
    remember_phone(clinic.phone)
    context = {"form": form, "page": page, "delay": promise.delay(clinic, None, timezone.now()), **why}
    return render(request, "consultations/request.html", context, status=status)


def _address(request: HttpRequest) -> str:
    meta = request.META
    return network.client_address(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )
