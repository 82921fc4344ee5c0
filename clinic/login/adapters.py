"""What allauth asks of this project: who may sign up (nobody), limits before a hash, and secrets sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from clinic.login import browsers, limits, log, turns
from consultations.models.fields import current_fernet
from consultations.views import origin
from content.models import ClinicProfile


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Password log-in within limits; no sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "User name and password do not belong together. Mind capitals and the keyboard’s language.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made in the admin."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as our proxies tell it; the list of sessions shows it to its owner."""
        return origin.address(request) or "0.0.0.0"  # noqa: S104  stands for an address that is not known

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password when its turn has come; also where somebody logged in confirms who they are.

        Raises:
            TooManyTries: see limits.py; or too many are hashing.
        """
        username = credentials.get("username", "")
        try:
            limits.count_try(username, origin.address(request), browsers.of(request), now=timezone.now())
            with turns.hashing.turn() as came:
                if not came:
                    raise limits.TooManyTries(2)
                user = authenticate(request, **credentials)
        except limits.TooManyTries:
            request.refused_status = 429  # type: ignore[attr-defined]
            log.refused(request, username, why="limit")
            raise
        if user is None:
            log.refused(request, username, why="password")
        return user


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are sealed with the project's FIELD_KEYS, newest first."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return current_fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret with whichever key sealed it."""
        return current_fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which an authenticator app lists the desk."""
        return self._get_site_name()

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def _get_site_name(self) -> str:
        clinic = ClinicProfile.objects.first()
        return f"{clinic.short_name or clinic.name} desk" if clinic else "Desk"
