"""The page on which visitors choose a time, as tests ask for it and read it."""

from __future__ import annotations

import re
from html import unescape

from django.urls import reverse

from consultations.links import private_link
from consultations.models import AppointmentType, ConsultationRequest
from content.models import Center

# Monday at ten in New York, as the form sends it: booking_factories.MONDAY.
VALUE = "2026-11-23T15:00Z"


def address(request: ConsultationRequest, name: str = "times") -> str:
    return reverse(f"consultations:{name}", args=[private_link.token_for(request.link_id)])


def chosen(visit: AppointmentType, center: Center | None, **other: object) -> dict[str, object]:
    place = {"center": center.slug} if center else {}
    return {"visit": visit.slug, "start": VALUE} | place | other


def words(html: bytes | str) -> str:
    """Return a page's text, as somebody hears it who has no styles."""
    text = html.decode() if isinstance(html, bytes) else html
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())
