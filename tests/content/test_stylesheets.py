"""Which static files are written compressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from content.stylesheets import BundledManifestStorage


@pytest.mark.parametrize(("compress", "written"), [(True, ["site.css.br", "site.css.gz"]), (False, [])])
def test_collected_files_are_compressed_unless_told_otherwise(
    tmp_path: Path, settings: Settings, *, compress: bool, written: list[str]
) -> None:
    settings.COMPRESS_STATIC = compress
    (tmp_path / "site.css").write_text("a { color: red }\n" * 100, encoding="utf-8")

    names = [name for _, name in BundledManifestStorage(location=tmp_path).compress_files({"site.css"})]

    assert sorted(names) == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site.css", *written]
