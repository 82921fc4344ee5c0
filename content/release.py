"""Names the release that this process runs: what it draws is kept under that name, apart from what another release draws. No models.

While a new version comes, both draw pages, and each has style sheets the other lacks (decision 26).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

# What a page is drawn from, besides the database.
DRAWN_FROM = ("clinic", "content", "consultations", "templates", "static", "requirements.txt")
DIGITS = 12


@cache
def name() -> str:
    """Return a digest of the project's files as they were when this was first asked: the web server asks as it starts."""
    return digest(settings.BASE_DIR)


def digest(folder: Path) -> str:
    """Return a digest of the files of a release, the same on every machine that has these files."""
    total = hashlib.sha256()
    for place in DRAWN_FROM:
        root = folder / place
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                content = path.read_bytes()
                total.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    return total.hexdigest()[:DIGITS]
