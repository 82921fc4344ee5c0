"""The way in, and what leads on from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import login as login_page
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.views import login_webauthn
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from clinic.login import browsers, limits, policy
from consultations.access import resetting
from consultations.views import origin

type View = Callable[..., HttpResponseBase]


@never_cache
def enter(request: HttpRequest) -> HttpResponseBase:
    """Show the log-in page, or lead whoever is logged in to what is missing: the second factor, or nothing."""
    user = request.user
    if not user.is_authenticated:
        response: HttpResponseBase = login_page(request)
        # A page that refuses says so to machines as well; the form marks it.
        response.status_code = getattr(request, "refused_status", response.status_code)
        return response
    if not user.is_staff:
        raise PermissionDenied("This account is not for the desk. Log out, and in again with another one.")
    if policy.may_enter(request):
        return HttpResponseRedirect(get_next_redirect_url(request) or reverse("admin:index"))
    if policy.has_second_factor(user):
        return HttpResponseRedirect(reverse("mfa_reauthenticate"))
    return HttpResponseRedirect(reverse("mfa_index"))


def own_account(view: View) -> View:
    """Keep a session that has not shown the account's second factor away from what could change or read it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not policy.has_shown(request):
            if policy.has_second_factor(user):
                return HttpResponseRedirect(reverse("mfa_reauthenticate"))
            if resetting.has_lapsed(user, now=timezone.now()):
                raise PermissionDenied("The time to set up a new second factor is over: ask two managers again.")
        return view(request, *args, **kwargs)

    return guarded


@never_cache
def passkey(request: HttpRequest) -> HttpResponseBase:
    """Log in with a passkey alone; tries are counted per known browser, or else per network."""
    if request.method == "POST":
        try:
            limits.count_passkey(origin.address(request), browsers.of(request), now=timezone.now())
        except limits.TooManyTries as refusal:
            return too_many(request, refusal)
    response: HttpResponseBase = login_webauthn(request)
    return response


def too_many(request: HttpRequest, refusal: limits.TooManyTries) -> HttpResponse:
    """Say that somebody tries too often, and for how long."""
    response = render(request, "403.html", {"reason": str(refusal)}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = refusal.seconds
    return response


@never_cache
def qr_code(request: HttpRequest) -> HttpResponse:
    """Draw what an authenticator app scans: the secret that this session is setting up, and none other."""
    secret = request.session.get(SECRET_SESSION_KEY) if request.user.is_authenticated else None
    if not secret:
        raise Http404("Nothing is being set up.")
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(drawing, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})
