"""Deploy checks: settings that start but would lose mail or trust in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Worry


@register(Tags.security, deploy=True)
def check_mail_leaves(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when a public site writes its mail to a folder or the console."""
    backend = settings.MAILERS["default"]["BACKEND"]
    if settings.HTTPS and not backend.endswith("smtp.EmailBackend"):
        return [Worry("Mail does not leave this machine.", hint="Set EMAIL_URL to your mail server.", id="clinic.W001")]
    return []
