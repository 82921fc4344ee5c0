"""Template context of every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from content.site import facts


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the clinic's profile and the number of centers, read only by templates that use them.

    Templates call them at each use, so that each part of a page is known to depend on what it says.
    """
    return {
        "clinic": lambda: facts(request).clinic,
        "center_count": lambda: facts(request).center_count,
        "site_url": settings.SITE_URL,
    }
