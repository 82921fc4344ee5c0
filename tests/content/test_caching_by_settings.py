"""Pages that a cache server keeps past a restart with other settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from content import site

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.mark.parametrize(("name", "value"), [("SITE_URL", "https://other.example"), ("SECURE_HSTS_PRELOAD", True)])
def test_page_kept_by_a_site_with_other_settings_is_drawn_anew(settings: Any, name: str, value: object) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    before = _asked()
    setattr(settings, name, value)

    kept = _asked()
    cache.clear()
    site.memory.forget()
    drawn = _asked()

    assert [kept == drawn, kept == before] == [True, False]


def _asked() -> tuple[bytes, str | None]:
    """Return what a server that has just started answers: its middleware reads the settings once."""
    response = Client().get("/sitemap.xml", secure=True)
    return response.content, response.headers.get("Strict-Transport-Security")
