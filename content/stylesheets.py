"""Inlines `@import` lines of static/css/*.css into one file when static files are collected.

The sources stay small files that any browser reads as they are (with DEBUG on); a visitor downloads one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r"""@import\s+url\(["']([^"']+)["']\)(?:\s+layer\(([\w.-]+)\))?\s*;""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
LEADING_ZERO = re.compile(r"(?<![\w.#-])0(?=\.\d)")
AROUND = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")


def bundle(path: Path) -> str:
    """Return the stylesheet at `path` with its imports inlined, each in its layer, without comments and indentation."""

    def inline(match: re.Match[str]) -> str:
        inner = bundle(path.parent / match[1])
        return f"@layer {match[2]}{{{inner}}}" if match[2] else inner

    text = IMPORT.sub(inline, COMMENT.sub("", path.read_text(encoding="utf-8")))
    text = AROUND.sub(lambda match: match[1] or "", SPACE.sub(" ", text))
    return LEADING_ZERO.sub("", text).replace(";}", "}").strip()


class BundledManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """WhiteNoise's hashed and compressed files, with the stylesheets bundled first."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002
        """Bundle the entry stylesheets (css/*.css), then hash and compress everything."""
        for name in paths:
            entry = Path(name)
            source = finders.find(name) if entry.suffix == ".css" and entry.parent == Path("css") else None
            if isinstance(source, str) and not dry_run:
                # Read from the source: a second run finds the copy already bundled.
                Path(self.path(name)).write_text(bundle(Path(source)), encoding="utf-8")
                # Hashed from here on is the bundled copy, not the source that Django would go back to.
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def compress_files(self, paths: set[str]) -> Iterator[Any]:
        """Write what browsers get compressed beside each file, unless COMPRESS_STATIC says that it does not pay."""
        if settings.COMPRESS_STATIC:
            yield from super().compress_files(paths)
