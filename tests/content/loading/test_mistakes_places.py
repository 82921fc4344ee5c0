"""Mistakes in contact facts, notices and centers, and files that cannot be read, are named; nothing is loaded."""

from __future__ import annotations

import pytest

from tests.content.library_builder import TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

ARTICLE = "articles/what-is-prp.md"

# What a file holds, what somebody wrote instead, and what they are told.
MISTAKES = {
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
        'clinic.toml:11: "hours" is "Mo-Fr 9-18": cannot read the times in \'Mo-Fr 9-18\'; write them like 09:00-17:00',
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
        'notices.toml:6: "regions" is "US, Texas": “Texas” is no code such as US or US-WA. Write codes with commas between them.',
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
        'centers.csv:3: "hours" is "Xx 09:00-12:00": \'Xx\' is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su',
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
