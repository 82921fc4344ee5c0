"""Counts what is sent and what costs, before a view does it; see limits/table.py. outage.py draws the refusal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consultations.limits import counting, table
from consultations.limits.table import Limit
from consultations.models import ConsultationRequest
from consultations.views import origin
from consultations.views.outage import View, keeps_answers

type PrivateView = Callable[[HttpRequest, ConsultationRequest], HttpResponse]


def limited(limit: Limit, *, only_done: bool = False) -> Callable[[PrivateView], PrivateView]:
    """Count an action of the private page for its request and its address; `only_done`: what was refused is not counted."""

    def wrap(view: PrivateView) -> PrivateView:
        @wraps(view)
        def counted(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
            now, address = timezone.now(), origin.address(request)
            counting.hit(limit, request=consultation.pk, address=address, now=now)
            response = view(request, consultation)
            if only_done and response.status_code != HTTPStatus.SEE_OTHER:
                counting.take_back(limit, request=consultation.pk, address=address, now=now)
            return response

        return counted

    return wrap


def costly(view: View) -> View:
    """Count a page that is worked out anew for whoever asks; the plain public one, which caches keep, is free."""

    @wraps(view)
    def counted(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and (kwargs or args or request.GET):
            counting.hit(table.COSTLY_PAGES, address=origin.address(request), now=timezone.now())
        return view(request, *args, **kwargs)

    return counted


def search_guard(view: View) -> View:
    """Count searches as costly pages; who only reads is served though the database cannot be written."""

    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        if request.GET.get("q"):
            with suppress(DatabaseError):
                counting.hit(table.COSTLY_PAGES, address=origin.address(request), now=timezone.now())
        return view(request)

    return keeps_answers("consultations/unavailable.html", ())(counted)
