"""Fields of the wrong name, type, size or choice are named with file and line; nothing is loaded."""

from __future__ import annotations

import pytest

from content import links
from tests.content.library_builder import TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

PRP = "therapies/prp.toml"
CARE = "therapies/standard-care.toml"
ARTICLE = "articles/what-is-prp.md"
SOURCES = "references/sources.toml"

# What a file holds, what somebody wrote instead, and what they are told.
MISTAKES = {
    "unknown field": (
        "topics.toml",
        'name = "Platelets"',
        'name = "Platelets"\ndescripton = "x"',
        'topics.toml:6: "descripton" is an unknown field; did you mean "description"?',
    ),
    "unknown field unlike any": (
        "topics.toml",
        'name = "Platelets"',
        'name = "Platelets"\nzzz = 1',
        'topics.toml:6: "zzz" is an unknown field; known are slug, name, description, position',
    ),
    "unknown table": (
        "topics.toml",
        "# Shelves.",
        "[shelf]",
        'topics.toml:1: "shelf" is not expected here; this file holds [[topic]] tables',
    ),
    "missing field": (SOURCES, 'title = "A trial"\n', "", '"references/sources.toml:8: "title" is missing'[1:]),
    "wrong type, number": (
        "topics.toml",
        "position = 20",
        'position = "20"',
        'topics.toml:10: "position" must be a whole number, not "20"',
    ),
    "wrong type, text": (
        "topics.toml",
        'name = "Platelets"',
        "name = 5",
        'topics.toml:5: "name" must be text in quotes, not "5"',
    ),
    "wrong type, yes or no": (
        CARE,
        "standard_care = true",
        "standard_care = 1",
        'therapies/standard-care.toml:8: "standard_care" must be true or false, not "1"',
    ),
    "wrong type, list": (
        "comparisons.toml",
        '["source", "risks"]',
        '"source"',
        'comparisons.toml:6: "criteria" must be a list of texts in quotes, not "source"',
    ),
    "wrong type, date": (
        ARTICLE,
        "published = 2026-09-01",
        'published = "2026-09-01"',
        'articles/what-is-prp.md:7: "published" must be a date such as 2026-10-12, without quotes, not "2026-09-01"',
    ),
    "number out of range": (
        "topics.toml",
        "position = 20",
        "position = -1",
        'topics.toml:10: "position" is "-1": Ensure this value is greater than or equal to 0.',
    ),
    "empty text": ("topics.toml", 'name = "Platelets"', 'name = " "', 'topics.toml:5: "name" must not be empty'),
    "text too long": (
        "topics.toml",
        'name = "Platelets"',
        f'name = "{"x" * 61}"',
        'topics.toml:5: "name" has 61 characters; at most 60 fit',
    ),
    "two lines where one fits": (
        "topics.toml",
        'name = "Platelets"',
        'name = "Plate\\nlets"',
        'topics.toml:5: "name" must stand on one line',
    ),
    "no slug": (
        "topics.toml",
        'slug = "prp"',
        'slug = "p r p"',
        'topics.toml:4: "slug" is "p r p": Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.',
    ),
    "no web address": (
        SOURCES,
        '"https://authority.example/alert"',
        '"authority"',
        'references/sources.toml:6: "url" is "authority": '
        f"The link “authority” leads to a path below the page it is on; {links.WRITE}.",
    ),
    "choice": (
        PRP,
        'tone = "neutral"',
        'tone = "great"',
        'therapies/prp.toml:18: "tone" is "great"; it must be one of positive, neutral, caution',
    ),
    "illustration": (
        ARTICLE,
        'illustration = "how-prp-is-made"',
        'illustration = "how-prp"',
        'articles/what-is-prp.md:10: "illustration" is "how-prp"; it must be one of how-prp-is-made, what-an-exosome-is, '
        "cells-and-exosomes, stages-of-repair, donor-screening, evidence-ladder, side-by-side, blood-sugar-and-islets",
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "report"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_and_line(
    library: TinyLibrary, path: str, old: str, new: str, report: str
) -> None:
    library.change(path, old, new)

    assert mistakes(library.folder) == report.splitlines()
