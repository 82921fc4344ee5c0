"""The app that receives consultation requests and gives staff a desk to work on them."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "Consultations"

    def ready(self) -> None:
        """Keep the staff groups' permissions as written in groups.py after every migration."""
        from consultations import groups  # noqa: PLC0415  models exist only now

        post_migrate.connect(groups.sync, sender=self, dispatch_uid="consultations_groups")
