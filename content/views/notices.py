"""All notices that law or clinic ask for, with the places that each is for."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from content import notices
from content.found.page import Page
from content.models import Center, Therapy
from content.site import facts
from content.views.base import PageMixin


class NoticesView(PageMixin, TemplateView):
    """Each notice once, word for word, with the centers where it is shown today."""

    template_name = "content/notices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add (notice, centers) pairs; one that is shown at every center has an empty list."""
        now = timezone.now()
        therapies, everything = list(Therapy.objects.all()), notices.all_near(now)
        centers = list(Center.objects.all())
        places = facts(self.request).places
        at = {place: notices.shown_at(place, now, everything, therapies) for place in places}
        shown = []
        for notice in notices.shown_anywhere(places, now, everything, therapies):
            here = [center for center in centers if notice in at.get(notices.Place.of(center), [])]
            shown.append((notice, [] if len(here) == len(centers) else here))
        return super().get_context_data(shown=shown, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """The list's description."""
        return Page(
            "Notices by place",
            "What the law of a place or our clinics ask us to say about therapies, word for word, with the centers that it is for.",
            "/notices/",
            crumbs=[("Home", "/")],
        )
