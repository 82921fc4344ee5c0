"""How tests set up a second factor and read its codes."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse


def code_of(secret: str, *, steps_on: int = 0) -> str:
    """Return what an authenticator app shows now, or so many half minutes later, as one whose clock is ahead."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_on)))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app for whoever is logged in; return its secret."""
    client.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    client.get(reverse("mfa_activate_totp"))
    secret: str = client.session[SECRET_SESSION_KEY]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret
