"""The request form: shown, checked, handed to intake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations import intake, network, typed
from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.forms import RequestForm
from content import site
from content.site import facts
from content.views.base import Page

logger = logging.getLogger(__name__)

PHONE = "consultations:clinic-phone"
# What a page without a database gives back for sending again; the words are shown, the rest is carried along.
SHOWN_WITHOUT_DATABASE = ("name", "email", "phone", "best_time", "message")


def keeps_answers(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where the database is away, say so on a page that keeps what was typed; nothing here is kept by caches."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except (InterfaceError, OperationalError) as error:
            # The class only: what a database says may quote what was typed.
            logger.error("The database cannot be used: %s", type(error).__name__)
            response = _unavailable(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@keeps_answers
def request_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or receive it: 303 to the private page, or the form again with what is wrong."""
    now = timezone.now()
    if request.method != "POST":
        return _show(request, RequestForm.blank(request.GET, now=now), HTTPStatus.OK)
    form = RequestForm(request.POST, now=now, language=typed.first_language(request.headers.get("Accept-Language", "")))
    if not form.is_valid():
        return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        received, _ = intake.receive(
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


@sensitive_post_parameters()
@sensitive_variables()
@keeps_answers
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
    cache.set(PHONE, str(facts(request).clinic.phone or ""), None)
    return render(request, "consultations/request.html", {"form": form, "page": page, **why}, status=status)


def _unavailable(request: HttpRequest) -> HttpResponse:
    answers = typed.tidied(request.POST)
    answers.pop("csrfmiddlewaretoken", None)
    context = {
        "answers": [(name, value) for name, values in answers.lists() for value in values],
        "shown": [(name.replace("_", " "), answers[name]) for name in SHOWN_WITHOUT_DATABASE if answers.get(name)],
        "phone": _known_phone(),
    }
    response = render(request, "consultations/unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "60"
    return response


def learn_phone() -> None:
    """Keep the clinic's phone number for a time when the database is away; without a database, do nothing."""
    with suppress(InterfaceError, OperationalError, ProgrammingError):
        cache.set(PHONE, str(site.read(timezone.now()).clinic.phone or ""), None)


def _known_phone() -> str:
    try:
        return str(cache.get(PHONE, ""))
    except (InterfaceError, OperationalError):
        # The cache may live in the same database.
        return ""


def _address(request: HttpRequest) -> str:
    meta = request.META
    return network.client_address(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )
