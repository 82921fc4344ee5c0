"""Asking a page of the admin what it answers to somebody.

Views are called as the resolver finds them, with the checks that are around them and without the middleware, which knows
no rows: a page costs a third of what it costs through a client, and the page that says 403 or 404 need not be drawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from allauth.core.context import request_context
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils.http import urlencode

type Question = dict[str, Any]

# What differs from one answer to the next.
CHANCE = re.compile(r'csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Answer:
    """What somebody was answered: where a redirect leads, what messages say and what the page says are all in `told`."""

    status: int
    told: str = ""
    location: str = ""


def ask(user: User | AnonymousUser, method: str, path: str, data: Question, *, drawn: bool = True) -> Answer:
    """Ask as `user`, with GET or POST; without `drawn`, a page that is given is not drawn, and tells nothing."""
    query = urlencode(data, doseq=True)
    if method == "GET":
        request = RequestFactory().get(f"{path}?{query}" if query else path)
    else:
        request = RequestFactory().post(path, query, content_type="application/x-www-form-urlencoded")
    request.user, request.session = user, SessionStore()
    # As Django's own test client does: the token is not what is asked about.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    messages: Any = CookieStorage(request)
    request._messages = messages  # type: ignore[attr-defined]
    try:
        response = _response(request)
        told = _text(response) if drawn else ""
    except PermissionDenied as refusal:
        return Answer(HTTPStatus.FORBIDDEN, str(refusal))
    except Http404 as refusal:
        return Answer(HTTPStatus.NOT_FOUND, str(refusal))
    except SuspiciousOperation as refusal:
        return Answer(HTTPStatus.BAD_REQUEST, str(refusal))
    except ReauthenticationRequired:
        # Where allauth's middleware leads: strangers to the login, others to show once more who they are.
        return Answer(HTTPStatus.FOUND, location=reverse("account_reauthenticate" if user.pk else "account_login"))
    location = response.get("Location", "")
    said = [str(message) for message in messages._queued_messages]
    return Answer(response.status_code, "\n".join([CHANCE.sub("", told), location, *said]), location)


def _response(request: HttpRequest) -> HttpResponseBase:
    found = resolve(request.path_info)
    request.resolver_match = found
    with request_context(request):
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return response


def _text(response: Any) -> str:
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return b"".join(response).decode()
