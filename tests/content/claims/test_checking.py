"""Findings say what, where and why; therapy, field and grade decide which rules hold."""

from __future__ import annotations

import pytest

from content.choices import EvidenceGrade, RegulatoryStatus
from content.claims.checking import Book
from content.claims.rules import Context, FieldKind, Finding, Rule, Therapy
from content.proofreading.book import sample


def families(text: str, context: Context = Context()) -> set[str]:  # noqa: B008  frozen
    """Return the families of what the sample's rules find."""
    return {str(finding.rule.family) for finding in sample().check(text, context)}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Exosomes cure arthritis.", "disease"),
        ("FDA-approved exosomes", "approval"),
        ("Our laboratory is FDA-registered.", "registered"),
        ("Completely safe", "safety"),
        ("Results guaranteed", "guarantee"),
        ("Clinically proven", "proven"),
        ("Better than surgery", "superiority"),
        ("Exosomes contain live stem cells.", "live_cells"),
        ("Anti-aging serum", "ageing"),
        ("A miracle", "miracle"),
        ("My pain disappeared after one injection.", "testimonial"),
        ("Only 3 places left", "pressure"),
        ("20% off", "price"),
    ],
)
def test_every_family_has_a_rule(text: str, family: str) -> None:
    assert family in families(text)


@pytest.mark.parametrize(
    ("heads", "cells", "found"),
    [
        (["Therapy", "Cures"], ["Exosomes", "Arthritis"], {"disease"}),
        (["Cures", "Arthritis"], ["Yes", "No"], {"disease"}),
        (["", "Success rate"], ["PRP", "98 %"], {"guarantee"}),
        (["Therapy", "Does not cure"], ["Exosomes", "Arthritis"], set()),
        (["Therapy", "Studied in"], ["Exosomes", "Arthritis"], set()),
    ],
)
def test_a_cell_is_read_with_the_head_of_its_column(heads: list[str], cells: list[str], found: set[str]) -> None:
    rows = "".join(f"<th><p>{head}</p></th>" for head in heads), "".join(f"<td><p>{cell}</p></td>" for cell in cells)

    assert families(f"<table><tbody><tr>{rows[0]}</tr><tr>{rows[1]}</tr></tbody></table>") == found


@pytest.mark.parametrize(
    ("wording", "better"), [("", ""), ("Say what a trial measured.", " Better: Say what a trial measured.")]
)
def test_a_finding_in_words_is_the_sentence_a_colon_why_and_what_to_write(wording: str, better: str) -> None:
    rule = Rule(
        slug="cures", name="Cures", family="disease", patterns="cure+", reason="Nobody may say so.", wording=wording
    )

    (finding,) = Book([rule]).check("First words. Exosomes cure arthritis.")

    assert finding.in_words == f"“Exosomes cure arthritis”: Nobody may say so.{better}"


def test_a_finding_tells_words_place_and_sentence() -> None:
    text = "<p>PRP is blood.</p><p>Exosomes <b>cu</b>re arthritis, we think.</p>"

    (finding,) = sample().check(text)

    assert finding == Finding(
        finding.rule, "block", "cu</b>re arthritis", 35, 53, "Exosomes <b>cu</b>re arthritis, we think"
    )
    assert text[finding.start : finding.end] == finding.words


def test_findings_say_why_and_what_to_write_instead() -> None:
    for rule in sample().rules.values():
        assert rule.reason.endswith((".", "”"))
        assert rule.wording != ""
        assert rule.source != ""


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (RegulatoryStatus.APPROVED, []),
        (RegulatoryStatus.CLEARED, ["regulator-approval"]),
        (RegulatoryStatus.OFF_LABEL, ["regulator-approval"]),
        (RegulatoryStatus.INVESTIGATIONAL, ["regulator-approval"]),
        (RegulatoryStatus.UNAPPROVED, ["regulator-approval"]),
    ],
)
def test_the_status_of_a_therapy_decides_what_may_be_said_of_approval(status: str, found: list[str]) -> None:
    book = Book(sample().rules.values(), [Therapy("newgel", ("Newgel",), status)])

    named = [finding.rule.slug for finding in book.check("Newgel is FDA-approved.")]
    spoken_of = [finding.rule.slug for finding in book.check("It is FDA-approved.", Context("newgel"))]

    assert named == spoken_of == found


def test_the_therapy_that_stands_nearest_is_meant() -> None:
    assert families("Hyaluronic acid is FDA-approved.") == set()
    assert families("Hyaluronic acid is old, and exosomes are FDA-approved.") == {"approval"}


def test_laboratory_work_carries_no_verb_of_benefit() -> None:
    text = "It helps people with worn joints."

    assert families(text, Context(grade=EvidenceGrade.LAB_ONLY)) == {"evidence"}
    assert families(text, Context(grade=EvidenceGrade.MODERATE)) == set()
    assert (
        families("In mice, it helped old animals; people were not studied.", Context(grade=EvidenceGrade.LAB_ONLY))
        == set()
    )


def test_a_rule_holds_for_its_fields_and_therapies_only() -> None:
    rule = Rule("r", "R", "miracle", "wow", "Why.", fields=frozenset({"title"}), therapies=frozenset({"prp"}))
    book = Book([rule], [Therapy("prp", ("PRP",), "off_label"), Therapy("gel", ("Gel",), "approved")])

    assert [len(book.check("wow", Context("prp", field))) for field in (FieldKind.TITLE, FieldKind.TEXT)] == [1, 0]
    assert len(book.check("wow", Context("gel", FieldKind.TITLE))) == 0


def test_unless_makes_a_sentence_harmless() -> None:
    book = Book([Rule("r", "R", "price", "cheap", "Why.", unless="cheap paper")])

    assert [len(book.check(text)) for text in ("cheap cells", "on cheap paper")] == [1, 0]


@pytest.mark.parametrize(
    "text", ["", " ", "<", "<p>", "&", "&#x110000;", "\ud800", "?", "1", "[1]", "\x00\x1e\x1f\x1d"]
)
def test_any_text_can_be_checked(text: str) -> None:
    assert sample().check(text) == []
