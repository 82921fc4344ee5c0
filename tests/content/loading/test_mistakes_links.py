"""Rows that do not fit together are named with file and line; nothing is loaded."""

from __future__ import annotations

import pytest

from tests.content.library_builder import TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

PRP = "therapies/prp.toml"
ARTICLE = "articles/what-is-prp.md"
SOURCES = "references/sources.toml"

# What a file holds, what somebody wrote instead, and what they are told.
MISTAKES = {
    "unknown topic": (
        ARTICLE,
        'topic = "prp"',
        'topic = "pr"',
        'articles/what-is-prp.md:4: the topic "pr" is unknown; did you mean "prp"?',
    ),
    "unknown contributor": (
        ARTICLE,
        'author = "ada"',
        'author = "zoe"',
        'articles/what-is-prp.md:5: the contributor "zoe" is unknown',
    ),
    "unknown term": (
        ARTICLE,
        "The lead.",
        "The [lead](/glossary/#lead).",
        'articles/what-is-prp.md:15: the glossary term "lead" is unknown',
    ),
    "unknown related guide": (
        ARTICLE,
        'related = ["exosomes"]',
        'related = ["exosome"]',
        'articles/what-is-prp.md:12: the article "exosome" is unknown; did you mean "exosomes"?',
    ),
    "unknown reference of a finding": (
        PRP,
        'grade = "high"\nreference = "alert-2020"',
        'grade = "high"\nreference = "alert"',
        'therapies/prp.toml:20: the reference "alert" is unknown; did you mean "alert-2020"?',
    ),
    "unknown criterion": (
        PRP,
        "[findings.risks]",
        "[findings.risk]",
        'therapies/prp.toml:23: the criterion "risk" is unknown; did you mean "risks"?',
    ),
    "unknown therapy in a comparison": (
        "comparisons.toml",
        '["prp", "standard-care"]',
        '["prp", "care"]',
        'comparisons.toml:5: the therapy "care" is unknown',
    ),
    "unknown therapy of a question": (
        "questions.toml",
        'therapy = "prp"',
        'therapy = "prq"',
        'questions.toml:5: the therapy "prq" is unknown; did you mean "prp"?',
    ),
    "unknown comparison": (
        ARTICLE,
        "{{comparison: prp-and-care}}",
        "{{comparison: prp-and-car}}",
        'articles/what-is-prp.md:21: the comparison "prp-and-car" is unknown; did you mean "prp-and-care"?',
    ),
    "same key twice": (
        "topics.toml",
        "position = 20",
        'position = 20\n\n[[topic]]\nslug = "prp"\nname = "Again"',
        'topics.toml:12: the topic "prp" stands already in topics.toml:3',
    ),
    "same name twice": (
        "topics.toml",
        'name = "Exosomes"',
        'name = "platelets"',
        'topics.toml:9: another topic has the same "name": see topics.toml:3',
    ),
    "same source twice": (
        SOURCES,
        'url = "https://authority.example/alert"',
        'doi = "10.1000/TRIAL"',
        'references/sources.toml:13: another reference has the same "doi": see references/sources.toml:1',
    ),
    "two standards of care": (
        PRP,
        "position = 10\n",
        "position = 10\nstandard_care = true\n",
        'therapies/standard-care.toml:8: another therapy has the same "standard_care": see therapies/prp.toml:1',
    ),
    "source that cannot be found": (
        SOURCES,
        'doi = "10.1000/trial"\n',
        "",
        'references/sources.toml:8: give a "url", a "doi" or a "pmid", so that a reader can look the source up',
    ),
    "year": (SOURCES, "year = 2020", "year = 20", 'references/sources.toml:5: "year" is 20; it must have four digits'),
    "comparison of one": (
        "comparisons.toml",
        '["prp", "standard-care"]',
        '["prp"]',
        'comparisons.toml:5: "therapies" must name 2 to 4 therapies, not 1',
    ),
    "listed twice": (
        "comparisons.toml",
        '["source", "risks"]',
        '["source", "source"]',
        'comparisons.toml:6: "criteria" lists "source" more than once',
    ),
    "reviewer is the author": (
        ARTICLE,
        'reviewer = "dr-bo"',
        'reviewer = "ada"',
        'articles/what-is-prp.md:6: "reviewer" is the author; it must be someone else',
    ),
    "next review too early": (
        ARTICLE,
        "next_review = 2027-10-12",
        "next_review = 2026-10-12",
        'articles/what-is-prp.md:9: "next_review" must be later than "reviewed"',
    ),
    "published without a review": (
        ARTICLE,
        "reviewed = 2026-10-12\n",
        "",
        'articles/what-is-prp.md:7: an article with "published" needs "reviewed"',
    ),
    "published without a reviewer": (
        ARTICLE,
        'reviewer = "dr-bo"\n',
        "",
        'articles/what-is-prp.md:6: an article with "published" needs "reviewer"',
    ),
    "its own related guide": (
        ARTICLE,
        'related = ["exosomes"]',
        'related = ["what-is-prp"]',
        'articles/what-is-prp.md:12: "related" names the article itself',
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "report"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_and_line(
    library: TinyLibrary, path: str, old: str, new: str, report: str
) -> None:
    library.change(path, old, new)

    assert mistakes(library.folder) == report.splitlines()
