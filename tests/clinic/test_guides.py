"""The guides in docs/ can be found, read in ten minutes, and show pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
GUIDES = ("operating.md", "desk.md", "editing.md")
# 200 words a minute; commands and what they print are not read word by word.
MOST_WORDS = 2_000
CODE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


@pytest.mark.parametrize("name", GUIDES)
def test_guide_is_read_in_ten_minutes(name: str) -> None:
    prose = PICTURE.sub("", CODE.sub("", (DOCS / name).read_text(encoding="utf-8")))

    assert len(prose.split()) <= MOST_WORDS


@pytest.mark.parametrize("name", GUIDES)
def test_pictures_of_a_guide_are_there_and_described(name: str) -> None:
    pictures = PICTURE.findall((DOCS / name).read_text(encoding="utf-8"))

    assert [path for _, path in pictures if not (DOCS / path).is_file()] == []
    assert pictures != []
    assert [path for words, path in pictures if not words] == []


def test_readme_leads_to_every_page() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")

    assert [path.name for path in sorted(DOCS.glob("*.md")) if f"(docs/{path.name})" not in readme] == []
