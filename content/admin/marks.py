"""Colored labels whose meaning does not depend on color."""

from __future__ import annotations

from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Drawn by static/css/admin/marks.css: dot, ring, triangle, tick, square.
type Kind = Literal["go", "calm", "warn", "done", "off"]


def mark(words: str, kind: Kind) -> SafeString:
    """Return `words` as a mark of that kind."""
    return format_html('<span class="mark {}">{}</span>', kind, words)
