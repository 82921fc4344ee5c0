"""Fixtures for content."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.library_builder import TinyLibrary


@pytest.fixture
def library(tmp_path: Path) -> TinyLibrary:
    """A tiny library in a folder of its own, free to be changed."""
    return TinyLibrary(tmp_path)
