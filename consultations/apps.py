"""The app that receives consultation requests and gives staff a desk to work on them."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "Consultations"

    def ready(self) -> None:
        """Register what follows every move of a request, and keep the staff groups as written in groups.py."""
        from consultations import groups  # noqa: PLC0415  models exist only now
        from consultations.booking import occupancy  # noqa: PLC0415
        from consultations.intake import receiving  # noqa: PLC0415
        from consultations.mail import replies, staff_mails  # noqa: PLC0415
        from consultations.models import CannedReply, Closure, ConsentText  # noqa: PLC0415
        from consultations.requests import moving  # noqa: PLC0415
        from consultations.views import limited  # noqa: PLC0415
        from content import versions  # noqa: PLC0415
        from content.proofreading import texts  # noqa: PLC0415
        from content.views import searching  # noqa: PLC0415

        moving.ON_MOVE[:] = [occupancy.leave_no_time, receiving.restore]
        moving.ON_ASSIGN[:] = [staff_mails.tell_of_assignment]
        searching.GUARDS[:] = [limited.search_guard]
        texts.READERS[CannedReply] = replies.passages
        # What the request form shows of them is kept by the content version.
        for model in (Closure, ConsentText):
            versions.follow(model)
        texts.PUBLIC[CannedReply] = lambda now: CannedReply.objects.filter(active=True)
        post_migrate.connect(groups.sync, sender=self, dispatch_uid="consultations_groups")
