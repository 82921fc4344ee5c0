"""The forms of logging in that differ from allauth's: names as everybody's, limits in the database."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.login import browsers, limits, log
from consultations.views import origin


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """User name and password. The field is called `username`, as in the admin's own form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        # The address that a forgotten password would be sent to does not exist here.
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """Name the first field as password managers know it."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class Limited:
    """Count every code that is tried, per account and network, and take one of an app only once (RFC 6238, 5.2)."""

    user: Any

    def clean_code(self) -> str:
        """Return the code, or refuse it.

        Raises:
            ValidationError: it is wrong, was used before, or too many were tried.
        """
        request = context.request
        try:
            limits.count_code(
                self.user.pk,
                self.user.get_username(),
                origin.address(request),
                browsers.of(request),
                now=timezone.now(),
            )
        except limits.TooManyTries:
            log.refused(request, self.user.get_username(), why="limit")
            raise
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = getattr(self, "authenticator", None)
        if (
            authenticator is not None
            and authenticator.type == Authenticator.Type.TOTP
            and not use_once(authenticator, code)
        ):
            raise ValidationError("This code was used before: wait for the next one.")
        return code


class CodeForm(Limited, AuthenticateForm):  # type: ignore[misc]
    """A code while logging in."""


class CodeAgainForm(Limited, ReauthenticateForm):  # type: ignore[misc]
    """A code of somebody who is logged in."""


class AppForm(Limited, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""


@transaction.atomic
def use_once(authenticator: Authenticator, code: str) -> bool:
    """Mark a valid code's time step as used; return whether it was not.

    In the row and not in the cache, which each process may have to itself.
    """
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    digits = "".join(filter(str.isdigit, code))
    steps = [step for step in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, step)) == digits]
    if not steps or steps[0] <= row.data.get("last_step", -1):
        return False
    row.data["last_step"] = steps[0]
    row.save(update_fields=["data"])
    authenticator.data = row.data
    return True
