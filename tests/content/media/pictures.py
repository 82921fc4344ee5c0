"""Picture files for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: Any) -> bytes:
    """Return a file of a plain picture; what `saving` says is handed to its encoder."""
    out = io.BytesIO()
    Image.new(mode, size, (200, 90, 60, 128)[: len(mode)] if mode != "P" else 3).save(out, format=kind, **saving)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a file as a picture program sees it."""
    return Image.open(io.BytesIO(data))
