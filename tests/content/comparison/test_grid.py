"""The verb behind the comparison grid: all cells or none, and nobody's work is walked over."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from content import versions
from content.choices import EvidenceGrade, Tone
from content.comparison.grid import Cell, CellsChangedError, Change, save_cells
from content.models import Finding
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 16)


def change(finding: Finding, wanted: Cell) -> Change:
    """Return the change of a cell as it is now."""
    return Change((finding.therapy_id, finding.criterion_id), Cell.of(finding), wanted)


def test_changed_cell_is_written_with_its_review_date() -> None:
    finding = factories.make_finding(value="Old", note="Kept", reference=factories.make_reference())

    saved = save_cells([change(finding, Cell("New", Tone.CAUTION, EvidenceGrade.LOW))], reviewed_on=TODAY)

    finding.refresh_from_db()
    assert saved.changed == [finding]
    assert (finding.value, finding.tone, finding.grade, finding.reviewed_on) == ("New", "caution", "low", TODAY)
    assert finding.note == "Kept"
    assert finding.reference is not None


def test_cell_that_was_not_checked_has_to_be_reviewed_again() -> None:
    finding = factories.make_finding(reviewed_on=TODAY)

    save_cells([change(finding, Cell("New"))], reviewed_on=None)

    finding.refresh_from_db()
    assert finding.reviewed_on is None


def test_empty_cell_gets_a_finding() -> None:
    therapy, criterion = factories.make_therapy(), factories.make_criterion()

    saved = save_cells([Change((therapy.pk, criterion.pk), Cell(), Cell("Yes"))], reviewed_on=TODAY)

    assert saved.added == [Finding.objects.get(therapy=therapy, criterion=criterion, value="Yes", reviewed_on=TODAY)]


def test_emptied_cell_loses_its_finding() -> None:
    finding, other = factories.make_finding(), factories.make_finding()

    save_cells([change(finding, Cell())], reviewed_on=TODAY)

    assert list(Finding.objects.all()) == [other]


def test_cells_left_as_seen_are_not_written() -> None:
    finding = factories.make_finding(reviewed_on=dt.date(2026, 1, 1))
    before = versions.current()

    saved = save_cells([change(finding, Cell.of(finding))], reviewed_on=TODAY)

    finding.refresh_from_db()
    assert (saved.count, finding.reviewed_on, versions.current()) == (0, dt.date(2026, 1, 1), before)


def test_cell_that_somebody_else_changed_is_refused_and_nothing_is_written() -> None:
    contested, free = factories.make_finding(value="Old"), factories.make_finding(value="Old")
    mine = [change(contested, Cell("Mine")), change(free, Cell("Mine"))]
    Finding.objects.filter(pk=contested.pk).update(value="Theirs", tone=Tone.CAUTION)

    with pytest.raises(CellsChangedError) as refusal:
        save_cells(mine, reviewed_on=TODAY)

    assert refusal.value.now == {mine[0].place: Cell("Theirs", Tone.CAUTION)}
    assert sorted(Finding.objects.values_list("value", flat=True)) == ["Old", "Theirs"]


def test_cell_that_somebody_else_filled_is_refused() -> None:
    therapy, criterion = factories.make_therapy(), factories.make_criterion()
    mine = Change((therapy.pk, criterion.pk), Cell(), Cell("Mine"))
    factories.make_finding(therapy=therapy, criterion=criterion, value="Theirs")

    with pytest.raises(CellsChangedError) as refusal:
        save_cells([mine], reviewed_on=TODAY)

    assert refusal.value.now == {mine.place: Cell("Theirs")}


def test_cell_that_somebody_else_emptied_is_refused() -> None:
    finding = factories.make_finding(value="Old")
    mine = change(finding, Cell("Mine"))
    finding.delete()

    with pytest.raises(CellsChangedError) as refusal:
        save_cells([mine], reviewed_on=TODAY)

    assert refusal.value.now == {mine.place: Cell()}


def test_cell_that_already_reads_as_wanted_is_no_conflict() -> None:
    finding = factories.make_finding(value="Old")
    mine = change(finding, Cell("Same"))
    Finding.objects.filter(pk=finding.pk).update(value="Same")

    saved = save_cells([mine], reviewed_on=TODAY)

    assert saved.count == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_one_empty_cell_at_once_are_told_apart() -> None:
    place = (factories.make_therapy().pk, factories.make_criterion().pk)
    start = threading.Barrier(2)

    def fill(value: str) -> str:
        start.wait()
        try:
            save_cells([Change(place, Cell(), Cell(value))], reviewed_on=TODAY)
        except CellsChangedError as refusal:
            return refusal.now[place].value
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        told = dict(zip("AB", pool.map(fill, "AB"), strict=True))

    winner = Finding.objects.get().value
    loser = "B" if winner == "A" else "A"
    assert told == {winner: "saved", loser: winner}


def test_content_version_rises_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    findings = [factories.make_finding() for _ in range(3)]
    before = versions.current()

    # Savepoint, rows, update, version, release.
    with django_assert_num_queries(5):
        save_cells([change(finding, Cell("New")) for finding in findings], reviewed_on=TODAY)

    assert versions.current() == before + 1
