"""Who needs a second factor, and whether a session has shown one."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

REQUIRED, OFF, GROUPS = "required", "off", "groups:"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(user: Any) -> bool:
    """Return whether the setting STAFF_SECOND_FACTOR asks one of this person."""
    rule: str = settings.STAFF_SECOND_FACTOR
    if rule == OFF:
        return False
    if rule == REQUIRED:
        return True
    names = [name.strip() for name in rule.removeprefix(GROUPS).split("|")]
    # Who may do everything is in all groups.
    return bool(user.is_superuser) or user.groups.filter(name__in=names).exists()


def has_second_factor(user: Any) -> bool:
    """Return whether the account has an authenticator app or a key; recovery codes alone do not count."""
    return bool(user is not None and user.pk) and Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def has_shown(request: HttpRequest) -> bool:
    """Return whether a second factor was shown in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def may_enter(request: HttpRequest) -> bool:
    """Return whether nothing is missing for the desk: where one is asked, or there is one, it was shown."""
    if has_shown(request):
        return True
    # The admin asks several times for one page.
    known: dict[int | None, bool] = request.__dict__.setdefault("_has_second_factor", {})
    user = request.user.pk
    if user not in known:
        known[user] = has_second_factor(request.user)
    return not known[user] and not needs_second_factor(request.user)
