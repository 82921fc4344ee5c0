"""docs/threats.md names for every threat what shows that it is stopped, and all of it exists."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from scripts.attacks.attacks import ALL

PAGE = (settings.BASE_DIR / "docs" / "threats.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| who", "| ---"))
]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])})
# A minute of an adult's silent reading, by the average of 190 studies (Brysbaert 2019).
WORDS_A_MINUTE = 238


def exists(name: str) -> bool:
    """Return whether there is such an attack, run or test."""
    if name.startswith("make "):
        return f"\n{name.removeprefix('make ')}: " in (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8")
    return name in ALL or (settings.BASE_DIR / "tests" / name).is_file()


@pytest.mark.parametrize("name", NAMED)
def test_what_shows_it_exists(name: str) -> None:
    assert exists(name)


def test_what_does_not_exist_is_found() -> None:
    assert [exists(name) for name in ("make nothing", "no-such-attack", "clinic/test_nothing.py")] == [False] * 3


def test_every_threat_is_shown_or_says_that_nothing_does() -> None:
    assert len(ROWS) > 30
    assert [row[1] for row in ROWS if len(row) != 5 or not (re.search("`", row[-1]) or row[-1] == "nothing")] == []


def test_every_attack_is_told_of() -> None:
    assert sorted(ALL.keys() - set(NAMED)) == []


def test_page_is_read_in_ten_minutes() -> None:
    assert len(PAGE.split()) <= 10 * WORDS_A_MINUTE
