"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.site import facts


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the clinic's profile and the number of centers, read only by templates that print them."""
    return {
        "clinic": SimpleLazyObject(lambda: facts(request).clinic),
        "center_count": SimpleLazyObject(lambda: facts(request).center_count),
        "site_url": settings.SITE_URL,
    }
