"""Deploy checks: settings that start but would lose mail or trust in production."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Worry


@register(Tags.security, deploy=True)
def check_mail_leaves(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when a public site writes its mail to a folder or the console."""
    backend = settings.MAILERS["default"]["BACKEND"]
    if settings.HTTPS and not backend.endswith("smtp.EmailBackend"):
        return [Worry("Mail does not leave this machine.", hint="Set EMAIL_URL to your mail server.", id="clinic.W001")]
    return []


@register(Tags.security)
def check_field_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse encryption keys that cannot be used: better at the start than at the first request."""
    for position, key in enumerate(settings.FIELD_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            hint = 'Make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            return [Error(f"Key {position} in FIELD_KEYS is not a Fernet key.", hint=hint, id="clinic.E001")]
    return []
