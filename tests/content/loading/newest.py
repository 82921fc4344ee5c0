"""What the loader wrote last."""

from __future__ import annotations

from content.models import Revision


def last_of(slug: str) -> Revision:
    """Return an article's newest revision."""
    return Revision.objects.filter(article__slug=slug).latest("number")
