"""What a visitor is told while the database is away, or beyond a limit: in words, with the clinic's phone and with everything typed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from http import HTTPStatus

from django.core.cache import cache
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consultations.database import DATABASE_AWAY
from consultations.exceptions import OverTheLimit
from consultations.intake import typed
from content import site

logger = logging.getLogger(__name__)

PHONE = "consultations:clinic-phone"
UNUSABLE = "Something you typed is too long or holds signs that we cannot store. Please change it and send it again."
type View = Callable[..., HttpResponse]


def keeps_answers(template: str, shown: Sequence[str]) -> Callable[[View], View]:
    """Where the database is away (503), or a limit is reached (429, 503), answer with `template`, which gives back what was typed.

    A value that the database cannot hold, such as one too long for its column, is answered 422 the same way.

    The fields in `shown` are repeated for the eye; the rest is carried along.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except DATABASE_AWAY as error:
                # The class only: what a database says may quote what was typed.
                logger.error("The database cannot be used: %s", type(error).__name__)
                return _unavailable(request, template, shown)
            except DataError as error:
                logger.error("The database cannot hold an answer: %s", type(error).__name__)
                return _unavailable(request, template, shown, UNUSABLE)
            except OverTheLimit as refusal:
                return _unavailable(request, template, shown, refusal)

        return wrapped

    return guard


def remember_phone(phone: object) -> None:
    """Keep the clinic's phone number for a time when the database is away; a cache that has it is only read."""
    number = str(phone or "")
    if cache.get(PHONE) != number:
        cache.set(PHONE, number, None)


def learn_phone() -> None:
    """Read the clinic's phone number and keep it, where it is not kept yet; without a database, do nothing."""
    # A process that starts while the database is away does not wait for it.
    if known_phone():
        return
    with suppress(*DATABASE_AWAY, ProgrammingError):
        remember_phone(site.read(timezone.now()).clinic.phone)


def _unavailable(
    request: HttpRequest, template: str, shown: Sequence[str], refusal: OverTheLimit | str | None = None
) -> HttpResponse:
    answers = typed.tidied(request.POST)
    answers.pop("csrfmiddlewaretoken", None)
    context = {
        "answers": [(name, value) for name, values in answers.lists() for value in values],
        "shown": [(name.replace("_", " "), answers[name]) for name in shown if answers.get(name)],
        "sent": request.method == "POST",
        "phone": known_phone(),
        "refusal": refusal,
        "unusable": refusal == UNUSABLE,
    }
    response = render(request, template, context, status=_status(refusal))
    if refusal != UNUSABLE:
        response.headers["Retry-After"] = str(refusal.seconds if isinstance(refusal, OverTheLimit) else 60)
    response.headers["Cache-Control"] = "no-store"
    return response


def _status(refusal: OverTheLimit | str | None) -> HTTPStatus:
    if isinstance(refusal, str):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    own = refusal is not None and not refusal.everybody
    return HTTPStatus.TOO_MANY_REQUESTS if own else HTTPStatus.SERVICE_UNAVAILABLE


def known_phone() -> str:
    """Return the clinic's phone number where it is kept, or ""; asks no database for it."""
    try:
        return str(cache.get(PHONE, ""))
    except DATABASE_AWAY:
        # The cache may live in the same database.
        return ""
