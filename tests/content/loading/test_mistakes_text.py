"""Mistakes in texts are named with file and line; nothing is loaded."""

from __future__ import annotations

import pytest

from content import links
from tests.content.library_builder import TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

PRP = "therapies/prp.toml"
ARTICLE = "articles/what-is-prp.md"
POLICY = "policies/privacy.md"

# What a file holds, what somebody wrote instead, and what they are told.
MISTAKES = {
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
        'articles/what-is-prp.md:21: "comparisn" cannot be embedded; a comparison, a card or a figure can; did you mean "comparison"?',
    ),
    "embed in a line": (
        ARTICLE,
        "The lead.",
        "The lead. {{comparison: prp-and-care}}",
        "articles/what-is-prp.md:15: write {{comparison: slug}}, {{card: kind}} or {{figure: key | caption}}, on its own line",
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
    "link to another host without a scheme": (
        "clinic.toml",
        "(/faq/)",
        "(//elsewhere/)",
        "clinic.toml:21: The link “//elsewhere/” has no site's name such as www.example.org in it.",
    ),
    "link of another scheme": (
        "clinic.toml",
        "(/faq/)",
        "(ftp://a.example)",
        f"clinic.toml:21: The link “ftp://a.example” cannot start with ftp:; {links.WRITE}.",
    ),
    "link without a slash": (
        "clinic.toml",
        "(/faq/)",
        "(/faq)",
        'clinic.toml:21: the link to "/faq" leads nowhere; a path on this site starts and ends with a slash',
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "report"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_and_line(
    library: TinyLibrary, path: str, old: str, new: str, report: str
) -> None:
    library.change(path, old, new)

    assert mistakes(library.folder) == report.splitlines()
