"""When a session at the desk ends, checked by the server."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

BEGAN = "desk.began"
SEEN = "desk.seen"
# A page that is asked for by a script every few seconds need not write each time.
NOTED_EVERY = 60


class SessionEndMiddleware:
    """End a session after settings.STAFF_SESSION_HOURS, and one that nobody used for settings.STAFF_IDLE_MINUTES.

    Only at the desk: reading the session of a public page would make it differ between visitors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check the session before a page of the desk is drawn."""
        if request.path.startswith("/admin/") and settings.SESSION_COOKIE_NAME in request.COOKIES:
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
