"""Tables are built from rows alone: no database is asked here."""

from __future__ import annotations

import datetime as dt

import pytest

from content.choices import EvidenceGrade, Tone
from content.comparison import tables
from content.models import Criterion, Finding, Reference, Therapy

PRP = Therapy(pk=1, slug="prp", short_name="PRP")
EXOSOMES = Therapy(pk=2, slug="exosomes", short_name="Exosomes")
CELLS = Criterion(pk=10, name="Contains live cells?", group="What it is")
SOURCE = Criterion(pk=11, name="Where it comes from", group="What it is")
STATUS = Criterion(pk=12, name="Status", group="Rules")
ALERT = Reference(pk=20, title="Consumer alert")
REVIEW = Reference(pk=21, title="Review")


def finding(therapy: Therapy, criterion: Criterion, value: str, reference: Reference | None = None) -> Finding:
    """Return a cell that was reviewed and is in no database."""
    return Finding(
        therapy=therapy, criterion=criterion, value=value, reference=reference, reviewed_on=dt.date(2026, 11, 1)
    )


def build(
    findings: list[Finding], *, criteria: list[Criterion] | None = None, numbers: dict[int, int] | None = None
) -> tables.Table:
    """Return a table of PRP and exosomes."""
    return tables.build(
        caption="Side by side",
        therapies=[PRP, EXOSOMES],
        criteria=criteria or [CELLS, SOURCE],
        findings=findings,
        numbers=numbers,
    )


def test_build_rows_and_columns_keep_their_order() -> None:
    table = build([finding(EXOSOMES, SOURCE, "Donor"), finding(PRP, CELLS, "Yes")])

    assert [row.criterion for row in table.rows] == [CELLS, SOURCE]
    assert [[cell.finding and cell.finding.value for cell in row.cells] for row in table.rows] == [
        ["Yes", None],
        [None, "Donor"],
    ]


def test_build_nobody_looked_yet_has_a_cell_that_is_not_reviewed() -> None:
    table = build([])

    cell = table.rows[0].cells[0]
    assert (cell.therapy, cell.finding, cell.is_reviewed) == (PRP, None, False)


def test_build_finding_without_a_review_is_not_reviewed() -> None:
    unreviewed = Finding(therapy=PRP, criterion=CELLS, value="Yes", reviewed_on=None)

    assert build([unreviewed]).rows[0].cells[0].is_reviewed is False


def test_build_findings_of_others_are_passed_over() -> None:
    other = Therapy(pk=3, slug="other", short_name="Other")

    table = build([finding(other, CELLS, "No"), finding(PRP, STATUS, "Off-label")])

    assert [cell.finding for row in table.rows for cell in row.cells] == [None] * 4


def test_build_numbers_its_own_references_in_reading_order_each_once() -> None:
    table = build(
        [
            finding(EXOSOMES, SOURCE, "Donor", ALERT),
            finding(PRP, SOURCE, "You", REVIEW),
            finding(PRP, CELLS, "Yes", REVIEW),
        ]
    )

    assert table.references == {1: REVIEW, 2: ALERT}
    assert [[cell.reference_number for cell in row.cells] for row in table.rows] == [[1, None], [1, 2]]


def test_build_in_an_article_keeps_the_article_s_numbers_and_goes_on_after_them() -> None:
    table = build([finding(PRP, CELLS, "Yes", REVIEW), finding(EXOSOMES, CELLS, "No", ALERT)], numbers={REVIEW.pk: 7})

    assert table.references == {8: ALERT}
    assert [cell.reference_number for cell in table.rows[0].cells] == [7, 8]


def test_groups_keep_rows_under_their_criteria_s_names() -> None:
    table = build([], criteria=[CELLS, SOURCE, STATUS])

    assert [(group.name, [row.criterion for row in group.rows]) for group in table.groups] == [
        ("What it is", [CELLS, SOURCE]),
        ("Rules", [STATUS]),
    ]


@pytest.mark.parametrize(
    ("prp", "exosomes", "contrast"),
    [
        (("No", Tone.NEUTRAL), ("no", Tone.NEUTRAL), 0),
        (("No", Tone.NEUTRAL), ("Yes", Tone.NEUTRAL), 1),
        (("No", Tone.NEUTRAL), ("No", Tone.CAUTION), 2),
    ],
)
def test_row_differs_by_value_and_more_plainly_by_tone(
    prp: tuple[str, Tone], exosomes: tuple[str, Tone], contrast: int
) -> None:
    cells = [finding(PRP, CELLS, prp[0]), finding(EXOSOMES, CELLS, exosomes[0])]
    cells[0].tone, cells[1].tone = prp[1], exosomes[1]

    row = build(cells, criteria=[CELLS]).rows[0]

    assert (row.contrast, row.differs) == (contrast, contrast > 0)


def test_row_that_nobody_reviewed_may_differ() -> None:
    unreviewed = Finding(therapy=PRP, criterion=CELLS, value="No", reviewed_on=None)

    rows = build([unreviewed, finding(EXOSOMES, CELLS, "No")]).rows

    # One cell is unreviewed in the first, both are missing in the second.
    assert [row.differs for row in rows] == [True, True]


def test_row_of_one_therapy_differs_from_nothing() -> None:
    table = tables.build(caption="One", therapies=[PRP], criteria=[CELLS], findings=[])

    assert (table.rows[0].differs, table.rows[0].contrast) == (False, 0)


def test_build_differing_first_sorts_within_groups_and_numbers_in_reading_order() -> None:
    same = [finding(therapy, CELLS, "No", ALERT) for therapy in (PRP, EXOSOMES)]
    other = [finding(PRP, SOURCE, "You", REVIEW), finding(EXOSOMES, SOURCE, "Donor")]

    table = tables.build(
        caption="Side by side",
        therapies=[PRP, EXOSOMES],
        criteria=[CELLS, SOURCE, STATUS],
        findings=same + other,
        differing_first=True,
    )

    assert [row.criterion for row in table.rows] == [SOURCE, CELLS, STATUS]
    assert table.references == {1: REVIEW, 2: ALERT}
    assert [group.differing for group in table.groups] == [1, 1]


def test_only_differences_leaves_out_what_is_the_same_and_its_sources() -> None:
    same = [finding(therapy, CELLS, "No", ALERT) for therapy in (PRP, EXOSOMES)]
    whole = build([*same, finding(PRP, SOURCE, "You", REVIEW), finding(EXOSOMES, SOURCE, "Donor")])

    table = whole.only_differences()

    assert (whole.differing, [row.criterion for row in table.rows]) == (1, [SOURCE])
    assert table.references == {2: REVIEW}


def test_table_knows_the_marks_that_it_shows() -> None:
    shown, hidden = finding(PRP, CELLS, "Yes"), finding(EXOSOMES, CELLS, "No")
    shown.grade, shown.tone = EvidenceGrade.LOW, Tone.CAUTION
    hidden.grade, hidden.reviewed_on = EvidenceGrade.HIGH, None

    table = build([shown, hidden])

    assert (table.grades, table.tones) == ([EvidenceGrade.LOW], [Tone.CAUTION])


@pytest.mark.parametrize("grade", EvidenceGrade)
def test_every_grade_says_what_it_means(grade: EvidenceGrade) -> None:
    assert grade.meaning.endswith(".")


@pytest.mark.parametrize(
    ("slugs", "address"),
    [
        (["prp", "exosomes"], "exosomes-vs-prp"),
        (["exosomes", "prp"], "exosomes-vs-prp"),
        (["prp", "prp", "exosomes"], "exosomes-vs-prp"),
        (["c", "a", "d", "b"], "a-vs-b-vs-c-vs-d"),
        (["prp"], "prp"),
        ([], ""),
    ],
)
def test_canonical_each_once_in_alphabetical_order(slugs: list[str], address: str) -> None:
    assert tables.canonical(slugs) == address
