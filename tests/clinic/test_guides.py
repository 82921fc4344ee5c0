"""The guides in docs/ can be found, read in ten minutes, and show pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
CODE_FOLDERS = ("clinic", "content", "consultations", "scripts", "tests")
GUIDES = ("operating.md", "desk.md", "editing.md")
# 200 words a minute; commands and what they print are not read word by word.
MOST_WORDS = 2_000
CODE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
# A decision is cited by its number, as `decision 3`; where that can be a link, it is one.
CITED = re.compile(r"\b[Dd]ecision (\d+)")
LINKED = re.compile(r"\[[Dd]ecision (\d+)\]\((?:decisions/)?(\d{4})-[^)]*\.md\)")
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


def test_decisions_are_cited_by_a_number_that_there_is() -> None:
    known = {path.name[:4] for path in (DOCS / "decisions").iterdir()}
    files = [path for folder in CODE_FOLDERS for path in (DOCS.parent / folder).rglob("*.py")]
    files += DOCS.rglob("*.md")

    cited = {(path.name, number) for path in files for number in CITED.findall(path.read_text(encoding="utf-8"))}

    assert len(cited) > 20
    assert {(name, number) for name, number in cited if number.zfill(4) not in known} == set()


def test_decisions_cited_by_guides_are_links_to_them() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}

    assert {name for name, text in pages.items() if len(CITED.findall(text)) != len(LINKED.findall(text))} == set()
    assert [link for text in pages.values() for link in LINKED.findall(text) if link[0].zfill(4) != link[1]] == []
