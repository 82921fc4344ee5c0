"""Template context of every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.site import facts


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the clinic's profile, the number of centers and the edition, read only by templates that use them."""
    return {
        "clinic": SimpleLazyObject(lambda: facts(request).clinic),
        "center_count": SimpleLazyObject(lambda: facts(request).center_count),
        # Part of the name of whatever a template keeps with the cache tag.
        "edition": SimpleLazyObject(lambda: facts(request).edition),
        "site_url": settings.SITE_URL,
    }
