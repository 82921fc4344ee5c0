"""Who gets a log-in page now, and when a session at the desk ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils import timezone

from clinic.login import browsers, limits, log, turns
from consultations.access import places
from consultations.views import origin

BEGAN = "desk.began"
SEEN = "desk.seen"
# A page that is asked for by a script every few seconds need not write each time.
NOTED_EVERY = 60
# The pages that cost a hash or a drawn form and that anybody may ask for.
LOGIN = "/admin/login/"
CROWDED = {LOGIN, "/admin/login/passkey/"}
BUSY = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Log in: busy</title>'
    "<main><h1>Many are logging in at this moment</h1>"
    '<p>Your password was not looked at. Wait a few seconds and <a href="">try again</a>.</p></main></html>'
)


class TurnsMiddleware:
    """Answers log-in pages in turns, before anything else is worked out for them; see turns.py.

    A browser in which the account was used before does not wait; a network in which it was has a gate of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that others are before us as cheaply as it can be said."""
        if not request.path_info.startswith(LOGIN):
            return self.get_response(request)
        response = self.answer(request) if request.path_info in CROWDED else self.get_response(request)
        browsers.send(request, response)
        return response

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """Wait for a turn where that is needed."""
        username = username_of(request)
        if turns.strangers.try_to_enter():
            return self.pass_through(turns.strangers, request)
        if is_known(browsers.is_known, browsers.is_used, username, browsers.of(request)):
            return self.get_response(request)
        network = limits.network_of(origin.address(request))
        known = is_known(places.is_known, places.is_used, username, network)
        gate = turns.staff if known else turns.strangers
        if gate.wait_to_enter():
            return self.pass_through(gate, request)
        log.note("refused", "unread", request, why="busy")
        return HttpResponse(BUSY, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "2"})

    def pass_through(self, gate: turns.Gate, request: HttpRequest) -> HttpResponseBase:
        """Answer somebody who has entered."""
        entered = time.monotonic()
        try:
            return self.get_response(request)
        finally:
            gate.leave(seconds=time.monotonic() - entered)


def username_of(request: HttpRequest) -> str | None:
    """Return the account that is typed, or None where none is asked for. Reads the form, which may come slowly."""
    if request.method != "POST":
        return None
    try:
        typed = request.POST.get("username", "")
    except UnreadablePostError:
        # Who went away; what comes next answers nobody.
        typed = ""
    if request.path_info != LOGIN:
        return None
    # No account has it, and PostgreSQL refuses to look for it.
    return "" if "\x00" in typed else typed


def is_known(
    with_account: Callable[..., bool], with_any: Callable[..., bool], username: str | None, place: str
) -> bool:
    """Return whether the account, or where none is named any account, was used there."""
    now = timezone.now()
    return with_any(place, now=now) if username is None else with_account(username, place, now=now)


def is_for_staff(path: str) -> bool:
    """Return whether only staff have a page there: the admin, and previews of revisions."""
    return path.startswith("/admin/") or (path.startswith("/articles/") and "/revisions/" in path)


class SessionEndMiddleware:
    """End a session after settings.STAFF_SESSION_HOURS, and one that nobody used for settings.STAFF_IDLE_MINUTES.

    Only at the desk: reading the session of a public page would make it differ between visitors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check the session before a page of the desk is drawn."""
        if is_for_staff(request.path) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            self.check(request)
        return self.get_response(request)

    def check(self, request: HttpRequest) -> None:
        """Log out whoever is here for too long; note that they are here."""
        if not request.user.is_authenticated:
            return
        now = timezone.now().timestamp()
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - began > settings.STAFF_SESSION_HOURS * 3600 or now - seen > settings.STAFF_IDLE_MINUTES * 60:
            logout(request)
        elif now - seen > NOTED_EVERY:
            request.session[SEEN] = now
