"""Every class of mistake in a library is named with file and line, and then nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from content import models
from tests.content.library_builder import TinyLibrary

pytestmark = pytest.mark.django_db

PRP, CARE, ARTICLE = "therapies/prp.toml", "therapies/standard-care.toml", "articles/what-is-prp.md"
SOURCES, POLICY = "references/sources.toml", "policies/privacy.md"


@pytest.fixture
def library(tmp_path: Path) -> TinyLibrary:
    return TinyLibrary(tmp_path)


def mistakes(folder: Path) -> list[str]:
    """Load and return the mistakes that the command reports, having checked that nothing was written."""
    with pytest.raises(CommandError) as refused:
        call_command("load_library", str(folder))
    assert [model.__name__ for model in apps.get_app_config("content").get_models() if model.objects.exists()] == []
    first, *others = str(refused.value).splitlines()
    assert first == f"nothing was loaded from {folder}:"
    return others


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
        'references/sources.toml:6: "url" is "authority": Enter a valid URL.',
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
        'references/sources.toml:8: give a "url" or a "doi", so that a reader can look the source up',
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
    "its own related guide": (
        ARTICLE,
        'related = ["exosomes"]',
        'related = ["what-is-prp"]',
        'articles/what-is-prp.md:12: "related" names the article itself',
    ),
    "cited but not listed": (
        ARTICLE,
        "The lead.",
        "The lead.[@alert-2021]",
        'articles/what-is-prp.md:15: cites "alert-2021", which is not in the list of references; did you mean "alert-2020"?',
    ),
    "listed but not cited": (
        ARTICLE,
        "[@trial-2021]",
        "",
        'articles/what-is-prp.md:13: "references" lists "trial-2021", which the text never cites',
    ),
    "cited by number": (
        ARTICLE,
        "The lead.",
        "The lead.[1]",
        "articles/what-is-prp.md:15: cite a source by its key, such as [@cfr-1271], not by a number",
    ),
    "cited outside an article": (
        "questions.toml",
        "A little.",
        "A little.[@alert-2020]",
        "questions.toml:6: a citation is written [@key], and only in the text of an article",
    ),
    "citation inside a link": (
        ARTICLE,
        "[above](",
        "[above [@alert-2020]](",
        "articles/what-is-prp.md:26: a citation cannot stand inside a link",
    ),
    "no anchor": (
        POLICY,
        "## What we keep {#what}",
        "## What we keep",
        "policies/privacy.md:9: the section needs an anchor: write ## What we keep {#short-name}",
    ),
    "anchor twice": (
        POLICY,
        "Your name.",
        "Your name.\n\n## Again {#what}",
        'policies/privacy.md:13: the anchor "what" is already taken in line 9',
    ),
    "figure without a caption": (
        ARTICLE,
        "{{figure: how-prp-is-made | Blood is spun}}",
        "{{figure: how-prp-is-made}}",
        "articles/what-is-prp.md:22: a figure needs a caption: write {{figure: key | caption}}",
    ),
    "two figures in a section": (
        ARTICLE,
        "{{comparison: prp-and-care}}",
        "{{figure: how-prp-is-made | Once more}}",
        "articles/what-is-prp.md:22: a section holds at most one figure",
    ),
    "embed in the lead": (
        ARTICLE,
        "The lead.",
        "{{comparison: prp-and-care}}",
        'articles/what-is-prp.md:15: "lead" must not be empty\n'
        "articles/what-is-prp.md:15: a comparison stands in a section, below a ## heading",
    ),
    "embed of something else": (
        ARTICLE,
        "{{comparison: prp-and-care}}",
        "{{comparisn: prp-and-care}}",
        'articles/what-is-prp.md:21: "comparisn" cannot be embedded; a comparison or a figure can; did you mean "comparison"?',
    ),
    "embed in a line": (
        ARTICLE,
        "The lead.",
        "The lead. {{comparison: prp-and-care}}",
        "articles/what-is-prp.md:15: write {{comparison: slug}} or {{figure: key | caption}}, on its own line",
    ),
    "raw HTML": (
        PRP,
        "Plasma with many platelets.",
        "Plasma\nwith <b>many</b>.",
        "therapies/prp.toml:11: raw HTML is refused; write Markdown",
    ),
    "a script": (
        "questions.toml",
        '"A little."',
        "'''\nA little.\n\n<script>alert(1)</script>'''",
        "questions.toml:9: raw HTML is refused; write Markdown",
    ),
    "heading of the wrong level": (
        PRP,
        "### What is not known",
        "## What is not known",
        "therapies/prp.toml:12: a heading of this level is not expected here; start it with ### or ####",
    ),
    "link with a script": (
        ARTICLE,
        "[above](#what-it-holds)",
        "[above](javascript:alert)",
        "articles/what-is-prp.md:26: this link cannot be read; write [words](/path/) or [words](https://address)",
    ),
    "link to an unknown article": (
        PRP,
        "(/articles/what-is-prp/#risks)",
        "(/articles/what-prp-is/)",
        'therapies/prp.toml:14: the article "what-prp-is" is unknown; did you mean "what-is-prp"?',
    ),
    "link to an unknown therapy": (
        ARTICLE,
        "(/therapies/prp/)",
        "(/therapies/prq/)",
        'articles/what-is-prp.md:26: the therapy "prq" is unknown; did you mean "prp"?',
    ),
    "link to a comparison of an unknown therapy": (
        ARTICLE,
        "(/therapies/prp/)",
        "(/compare/prp-vs-magnets/)",
        'articles/what-is-prp.md:26: the therapy "magnets" is unknown',
    ),
    "link to an unknown section": (
        PRP,
        "(/articles/what-is-prp/#risks)",
        "(/articles/what-is-prp/#risk)",
        'therapies/prp.toml:14: articles/what-is-prp.md has no section #risk; did you mean "risks"?',
    ),
    "link to nowhere": (
        "clinic.toml",
        "(/faq/)",
        "(/questions/)",
        'clinic.toml:21: the link to "/questions/" leads nowhere; a path on this site starts and ends with a slash',
    ),
    "link without a slash": (
        "clinic.toml",
        "(/faq/)",
        "(/faq)",
        'clinic.toml:21: the link to "/faq" leads nowhere; a path on this site starts and ends with a slash',
    ),
    "clinic's phone": (
        "clinic.toml",
        '"+1 202-555-0143"',
        '"202-555-0143"',
        'clinic.toml:6: "phone" is "202-555-0143"; write a phone number with its country, such as +1 202-555-0143',
    ),
    "clinic's hours": (
        "clinic.toml",
        '"Mo-Fr 09:00-18:00"',
        '"Mo-Fr 9-18"',
        "clinic.toml:11: \"hours\" cannot read the times in 'Mo-Fr 9-18'; write them like 09:00-17:00",
    ),
    "clinic's mail address": (
        "clinic.toml",
        '"hello@fernhill.example"',
        '"hello"',
        'clinic.toml:7: "email" is "hello": Enter a valid email address.',
    ),
    "clinic's promise": (
        "clinic.toml",
        "response_hours = 8",
        "response_hours = 0",
        'clinic.toml:14: "response_hours" is 0; promise 1 to 200',
    ),
    "notice that ends too early": (
        "notices.toml",
        "starts = 2026-03-02",
        "starts = 2026-03-02\nends = 2026-03-01",
        'notices.toml:8: "ends" must not be before "starts"',
    ),
    "notice for an unknown place": (
        "notices.toml",
        '["US", "GB-SCT"]',
        '["US", "Texas"]',
        'notices.toml:6: "Texas" is no ISO 3166 code such as US or US-WA',
    ),
    "time zone": (
        "centers.csv",
        "America/Los_Angeles",
        "America/Seattle",
        'centers.csv:3: "time_zone" is "America/Seattle": America/Seattle is not a time zone; use a name such as America/New_York.',
    ),
    "latitude": (
        "centers.csv",
        "47.6062",
        "97.6062",
        'centers.csv:3: "latitude" is 97.6062; it must be between -90 and 90',
    ),
    "no number": ("centers.csv", "47.6062", "north", 'centers.csv:3: "latitude" must be a number, not "north"'),
    "center's hours": (
        "centers.csv",
        "Sa 09:00-12:00",
        "Xx 09:00-12:00",
        "centers.csv:3: \"hours\": 'Xx' is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su",
    ),
    "center's phone": (
        "centers.csv",
        "+1 206-555-0112",
        "+1 20",
        'centers.csv:3: "phone" is "+1 20"; write a phone number with its country, such as +1 202-555-0143',
    ),
    "country": (
        "centers.csv",
        "leeds,Fernhill Leeds,GB,United Kingdom",
        "leeds,Fernhill Leeds,UK,Kingdom",
        'centers.csv:4: "country" is "UK"; use a code of ISO 3166-1, such as GB',
    ),
    "country with two names": (
        "centers.csv",
        "leeds,Fernhill Leeds,GB,United Kingdom",
        "leeds,Fernhill Leeds,GB,Great Britain",
        'centers.csv:4: the country "GB" does not agree with centers.csv:2',
    ),
    "region of another country": (
        "centers.csv",
        "US-WA",
        "CA-BC",
        'centers.csv:3: "region" is "CA-BC"; use a code of ISO 3166-2 that starts with US-',
    ),
    "missing value": ("centers.csv", "Europe/London,,Mo-Fr", ",,Mo-Fr", 'centers.csv:2: "time_zone" is missing'),
    "too few values": (
        "centers.csv",
        ",47.6062,-122.3321",
        "",
        "centers.csv:3: this line has 11 values where the first line names 13",
    ),
    "unknown column": (
        "centers.csv",
        "postal_code,",
        "zip,",
        "centers.csv:1: the first line must name the columns slug, name, country, country_name, region, city, address, "
        "postal_code, time_zone, phone, hours, latitude, longitude, each once",
    ),
    "open quote": (
        "centers.csv",
        'Floor 1"',
        "Floor 1",
        "centers.csv:4: this is not valid CSV: unexpected end of data",
    ),
    "malformed TOML": (
        "topics.toml",
        'name = "Exosomes"',
        "name = Exosomes",
        "topics.toml:9: this is not valid TOML: Invalid value",
    ),
    "malformed front matter": (
        ARTICLE,
        'author = "ada"',
        'author = "ada',
        "articles/what-is-prp.md:5: this is not valid TOML: Illegal character '\\n'",
    ),
    "no front matter": (
        "articles/exosomes.md",
        "+++\ntitle",
        "title",
        "articles/exosomes.md:1: the file must start with a line +++ and the fields of its front matter",
    ),
    "unclosed front matter": (
        "articles/exosomes.md",
        '"dr-bo"\n+++',
        '"dr-bo"',
        "articles/exosomes.md:1: the front matter is not closed by a second line +++",
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "report"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_and_line(
    library: TinyLibrary, path: str, old: str, new: str, report: str
) -> None:
    library.change(path, old, new)

    assert mistakes(library.folder) == report.splitlines()


def test_all_mistakes_are_reported_at_once_in_order(library: TinyLibrary) -> None:
    library.change("topics.toml", 'name = "Platelets"', "name = 5")
    library.change("centers.csv", "47.6062", "north")
    library.change(ARTICLE, 'author = "ada"', 'author = "zoe"')
    library.change(ARTICLE, "## Risks {#risks}", "## Risks")

    assert mistakes(library.folder) == [
        'articles/what-is-prp.md:5: the contributor "zoe" is unknown',
        "articles/what-is-prp.md:24: the section needs an anchor: write ## Risks {#short-name}",
        'centers.csv:3: "latitude" must be a number, not "north"',
        "therapies/prp.toml:14: articles/what-is-prp.md has no section #risks",
        'topics.toml:5: "name" must be text in quotes, not "5"',
    ]


def test_a_key_that_another_file_has_is_reported(library: TinyLibrary) -> None:
    library.write(
        "references/more.toml",
        '[[reference]]\nkey = "trial-2021"\ntitle = "A"\npublisher = "B"\nyear = 2020\ndoi = "10.1000/other"\n',
    )

    assert mistakes(library.folder) == [
        'references/sources.toml:8: the reference "trial-2021" stands already in references/more.toml:1'
    ]


def test_a_file_that_cannot_be_read_does_not_make_its_rows_unknown_elsewhere(library: TinyLibrary) -> None:
    library.change("therapies/prp.toml", 'short_name = "PRP"', "short_name = PRP")

    assert mistakes(library.folder) == ["therapies/prp.toml:2: this is not valid TOML: Invalid value"]


def test_a_file_in_another_encoding_is_named_with_its_line(library: TinyLibrary) -> None:
    library.write("topics.toml", '[[topic]]\nslug = "a"\nname = "Zürich"\n'.encode("latin-1"))

    assert mistakes(library.folder) == ["topics.toml:3: the file is not UTF-8 text; save it in that encoding"]


def test_a_nul_character_is_refused_also_when_it_is_escaped(library: TinyLibrary) -> None:
    library.write(POLICY, "+++\n+++\n\0")
    library.change("topics.toml", '"Platelets"', r'"Plate\u0000lets"')

    assert mistakes(library.folder) == [
        "policies/privacy.md:3: the file holds a NUL character",
        'topics.toml:5: "name" holds a NUL character',
    ]


def test_a_misspelt_file_name_is_reported(library: TinyLibrary) -> None:
    library.write("topic.toml", "")
    library.write("articles/notes.txt", "")
    library.write("articles/.hidden", "")
    library.write("README.md", "For people.")

    assert mistakes(library.folder) == [
        'articles/notes.txt:1: this file is no part of a library; did you mean "articles/*.md"?',
        'topic.toml:1: this file is no part of a library; did you mean "topics.toml"?',
    ]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "nowhere") == [f"{tmp_path}/nowhere: there is no such folder"]


def test_a_folder_without_a_library_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [f"{tmp_path}: the folder holds no file of a library"]


def test_a_file_in_place_of_the_folder_is_named(library: TinyLibrary) -> None:
    file = library.folder / "topics.toml"

    assert mistakes(file) == [f"{file}: there is no such folder"]


def test_a_mistake_leaves_what_was_loaded_before(library: TinyLibrary) -> None:
    call_command("load_library", str(library.folder), verbosity=0)
    library.change("topics.toml", 'name = "Platelets"', 'name = "Thrombocytes"')
    library.change("centers.csv", "47.6062", "north")

    with pytest.raises(CommandError):
        call_command("load_library", str(library.folder))

    assert models.Topic.objects.get(slug="prp").name == "Platelets"
