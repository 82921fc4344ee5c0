"""The name of a release: the same wherever its files are, another one after any change of what pages are drawn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.release import digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path / "one")


def made(folder: Path) -> Path:
    """Make a small release in a folder."""
    (folder / "templates").mkdir(parents=True)
    (folder / "templates" / "page.html").write_text("Words")
    (folder / "requirements.txt").write_text("django==6.1")
    return folder


def test_name_is_the_same_on_another_machine(folder: Path, tmp_path: Path) -> None:
    assert digest(folder) == digest(made(tmp_path / "two"))


@pytest.mark.parametrize("file", ["templates/page.html", "templates/new.html", "requirements.txt"])
def test_name_is_another_after_a_change(folder: Path, file: str) -> None:
    before = digest(folder)

    (folder / file).write_text("Other")

    assert digest(folder) != before


@pytest.mark.parametrize("file", ["templates/__pycache__/page.pyc", "docs.md"])
def test_name_is_the_same_after_a_change_of_what_no_page_is_drawn_from(folder: Path, file: str) -> None:
    before = digest(folder)

    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("Other")

    assert digest(folder) == before
