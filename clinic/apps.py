"""App config of the composition root; registers the deploy checks."""

from __future__ import annotations

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Registers the project's own checks at the start."""

    name = "clinic"

    def ready(self) -> None:
        """Register the project's own system checks."""
        from clinic import checks  # noqa: F401, PLC0415  importing registers them
        from clinic.login import receivers  # noqa: F401, PLC0415  likewise
