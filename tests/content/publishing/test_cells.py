"""The verb behind the comparison grid: all cells wait for a reviewer or none, and nobody's work is walked over."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from content.choices import ChangeKind, EvidenceGrade, Tone
from content.models import Finding, ProposedChange
from content.publishing import changes
from content.publishing.cells import Cell, CellsChangedError, Change, propose_cells
from content.publishing.exceptions import WrongState
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def change(finding: Finding, wanted: Cell) -> Change:
    """Return the change of a cell as it is now."""
    return Change((finding.therapy_id, finding.criterion_id), Cell.of(finding), wanted)


def approve(reviewer: User) -> None:
    """Approve everything that waits."""
    for each in ProposedChange.objects.open():
        changes.approve(each, seen=each.version, by=reviewer, now=NOW)


def test_changed_cell_waits_and_is_written_with_the_date_of_its_approval(editor: User, reviewer: User) -> None:
    finding = factories.make_finding(value="Old", note="Kept", reference=factories.make_reference())

    propose_cells([change(finding, Cell("New", Tone.CAUTION, EvidenceGrade.LOW))], by=editor, now=NOW)
    before = Finding.objects.get()
    approve(reviewer)

    after = Finding.objects.get()
    assert (before.value, before.reviewed_on) == ("Old", finding.reviewed_on)
    assert (after.value, after.tone, after.grade, after.reviewed_on) == ("New", "caution", "low", NOW.date())
    assert (after.note, after.reference) == ("Kept", finding.reference)


def test_empty_cell_gets_a_finding_once_it_is_approved(editor: User, reviewer: User) -> None:
    therapy, criterion = factories.make_therapy(), factories.make_criterion()

    propose_cells([Change((therapy.pk, criterion.pk), Cell(), Cell("Yes"))], by=editor, now=NOW)
    before = Finding.objects.count()
    approve(reviewer)

    after = Finding.objects.values_list("therapy", "criterion", "value", "reviewed_on")
    assert (before, list(after)) == (0, [(therapy.pk, criterion.pk, "Yes", NOW.date())])


def test_emptied_cell_loses_its_finding_once_it_is_approved(editor: User, reviewer: User) -> None:
    finding, other = factories.make_finding(), factories.make_finding()

    propose_cells([change(finding, Cell())], by=editor, now=NOW)
    before = Finding.objects.count()
    approve(reviewer)

    assert (before, list(Finding.objects.all())) == (2, [other])


def test_cells_left_as_seen_propose_nothing(editor: User) -> None:
    finding = factories.make_finding()

    assert propose_cells([change(finding, Cell.of(finding))], by=editor, now=NOW) == []


def test_cell_that_changed_meanwhile_is_refused_and_nothing_is_proposed(editor: User) -> None:
    contested, free = factories.make_finding(value="Old"), factories.make_finding(value="Old")
    mine = [change(contested, Cell("Mine")), change(free, Cell("Mine"))]
    Finding.objects.filter(pk=contested.pk).update(value="Theirs", tone=Tone.CAUTION)

    with pytest.raises(CellsChangedError) as refusal:
        propose_cells(mine, by=editor, now=NOW)

    assert refusal.value.now == {mine[0].place: Cell("Theirs", Tone.CAUTION)}
    assert ProposedChange.objects.count() == 0


@pytest.mark.parametrize("theirs", ["filled", "emptied"])
def test_cell_that_somebody_else_filled_or_emptied_is_refused(editor: User, theirs: str) -> None:
    finding = factories.make_finding(value="Theirs")
    seen = Cell() if theirs == "filled" else Cell.of(finding)
    mine = Change((finding.therapy_id, finding.criterion_id), seen, Cell("Mine"))
    if theirs == "emptied":
        finding.delete()

    with pytest.raises(CellsChangedError) as refusal:
        propose_cells([mine], by=editor, now=NOW)

    assert refusal.value.now == {mine.place: Cell("Theirs") if theirs == "filled" else Cell()}


def test_cell_that_already_reads_as_wanted_is_no_conflict(editor: User) -> None:
    finding = factories.make_finding(value="Old")
    mine = change(finding, Cell("Same"))
    Finding.objects.filter(pk=finding.pk).update(value="Same")

    assert propose_cells([mine], by=editor, now=NOW) == []


def test_second_of_two_who_fill_one_empty_cell_is_refused(editor: User, reviewer: User) -> None:
    place = (factories.make_therapy().pk, factories.make_criterion().pk)
    other = factories.make_staff("Editors")
    for by, value in ((editor, "A"), (other, "B")):
        propose_cells([Change(place, Cell(), Cell(value))], by=by, now=NOW)

    first, second = ProposedChange.objects.filter(kind=ChangeKind.ADD).order_by("pk")
    changes.approve(first, seen=1, by=reviewer, now=NOW)
    with pytest.raises(WrongState, match="already has a finding"):
        changes.approve(second, seen=1, by=reviewer, now=NOW)

    assert list(Finding.objects.values_list("value", flat=True)) == ["A"]
