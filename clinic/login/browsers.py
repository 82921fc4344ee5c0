"""By what a browser is known in which somebody logged in: a random number in a cookie that only the desk is sent.

The number is no key to anything. It lets the person whose browser it is try passwords without regard to what strangers in the
same network try. The database holds a keyed digest of it, beside those of networks (KnownPlace).
"""

from __future__ import annotations

import datetime as dt
import re
import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from consultations.access import places

COOKIE = "desk_browser"
PATH = "/admin/"
BYTES = 24
SHAPE = re.compile(r"[\w-]{32}", re.ASCII)


def of(request: HttpRequest) -> str:
    """Return the number that the browser sent, or ""; anybody can send one, only the database knows whether it is ours."""
    sent = request.COOKIES.get(COOKIE, "")
    return sent if SHAPE.fullmatch(sent) else ""


def remember(request: HttpRequest, user: User, *, now: dt.datetime) -> None:
    """Write that somebody logged in with this browser; it gets a number with the answer where it has none of ours."""
    number = of(request)
    if not is_used(number, now=now):
        number = secrets.token_urlsafe(BYTES)
    places.remember(user, _place(number), now=now)
    vars(request)["_desk_browser"] = number


def send(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie on the answer to a log-in."""
    if number := vars(request).get("_desk_browser"):
        response.set_cookie(
            COOKIE,
            number,
            max_age=places.KEPT,
            path=PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_known(username: str, number: str, *, now: dt.datetime) -> bool:
    """Return whether the account of this name was used with this browser within 90 days."""
    return bool(number) and places.is_known(username, _place(number), now=now)


def is_used(number: str, *, now: dt.datetime) -> bool:
    """Return whether any account was used with this browser within 90 days."""
    return bool(number) and places.is_used(_place(number), now=now)


def _place(number: str) -> str:
    return f"browser {number}"
