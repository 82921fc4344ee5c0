"""The forms of passkeys and security keys: what claims to come from a device is read, or refused in a sentence."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

UNREADABLE = "What the passkey or security key answered could not be read. Try again."
# An answer has about 1,000 characters; with a long chain of certificates, 10,000.
LONGEST = 50_000
# What the libraries that take an answer apart raise for one that no device made.
FAULTS = (
    ArithmeticError,
    AttributeError,
    InvalidSignature,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


@contextmanager
def readable() -> Iterator[None]:
    """Refuse an answer that cannot be taken apart.

    Raises:
        ValidationError: in place of whatever the libraries raised.
    """
    try:
        yield
    except FAULTS:
        raise ValidationError(UNREADABLE, code="unreadable") from None


class CredentialField(forms.JSONField):
    """The answer of a device, as JSON."""

    default_error_messages = {"invalid": UNREADABLE}

    def to_python(self, value: Any) -> Any:
        """Return it parsed. Lists within lists without end, and numbers without end, are no answer."""
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValidationError(UNREADABLE, code="unreadable")
        with readable():
            return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return nothing to be shown again: a challenge is answered once."""
        return InvalidJSONInput("")


class Answered(forms.Form):
    """A form with the answer of a device."""

    credential = CredentialField(widget=forms.HiddenInput)


class Answering(Answered):
    """One by which a device proves who is there."""

    def clean_credential(self) -> Any:
        """Return the key that answered."""
        with readable():
            return super().clean_credential()  # type: ignore[misc]


class LoginForm(Answering, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that logs in alone."""


class SecondFactorForm(Answering, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key after the password."""


class ConfirmForm(Answering, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key of somebody who is logged in."""


class AddForm(Answered, AddWebAuthnForm):  # type: ignore[misc]
    """A new key."""

    def clean(self) -> dict[str, Any]:
        """Take the answer apart."""
        with readable():
            return super().clean() or {}
