"""A change of public words reaches readers once somebody else approves exactly what they read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User

from content.choices import ChangeState
from content.models import Finding, Notice, ProposedChange, Therapy
from content.publishing import changes, freshness, rows
from content.publishing.exceptions import ChangedMeanwhile, NotAllowed, WordsMissing, WrongState
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


def propose(row: Any, by: User, **values: Any) -> ProposedChange:
    """Propose other values of a row."""
    for name, value in values.items():
        setattr(row, name, value)
    change = changes.propose(row, list(values), by=by, now=NOW)
    assert change is not None
    return change


def history(change: ProposedChange) -> list[tuple[str, str, str]]:
    """Return what was done, by whom, and the words."""
    return list(change.events.values_list("what", "by__username", "words"))


def test_readers_see_a_change_once_it_is_approved(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy(summary="Old words.")
    change = propose(therapy, editor, summary="New words.")
    before = Therapy.objects.get().summary

    changes.approve(change, seen=change.version, by=reviewer, now=LATER)

    assert (before, Therapy.objects.get().summary) == ("Old words.", "New words.")
    assert (change.state, change.decided_by, change.decided_at) == ("approved", reviewer, LATER)
    assert history(change) == [("proposed", editor.username, ""), ("approved", reviewer.username, "")]


def test_editor_does_not_approve(editor: User) -> None:
    change = propose(factories.make_therapy(summary="Old."), editor, summary="New.")

    with pytest.raises(NotAllowed, match="Only medical reviewers"):
        changes.approve(change, seen=1, by=factories.make_staff("Editors"), now=NOW)

    assert Therapy.objects.get().summary == "Old."


def test_nobody_approves_their_own_words_superusers_included() -> None:
    boss = factories.make_staff(is_superuser=True)
    change = propose(factories.make_therapy(summary="Old."), boss, summary="New.")

    with pytest.raises(NotAllowed, match="Nobody approves their own words"):
        changes.approve(change, seen=1, by=boss, now=NOW)

    assert (Therapy.objects.get().summary, change.state) == ("Old.", "proposed")


def test_approval_is_of_the_version_that_was_read(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy(summary="Old.")
    change = propose(therapy, editor, summary="New.")
    propose(therapy, editor, summary="Newer.")

    with pytest.raises(ChangedMeanwhile):
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    change.refresh_from_db()
    assert (Therapy.objects.get().summary, change.version, change.after) == ("Old.", 2, {"summary": "Newer."})


def test_a_change_of_what_readers_see_meanwhile_is_not_written_over(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy(summary="Old.", name="Same")
    change = propose(therapy, editor, summary="Mine.")
    Therapy.objects.update(summary="Theirs.")

    with pytest.raises(ChangedMeanwhile, match="changed since"):
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    change.refresh_from_db()
    assert (Therapy.objects.get().summary, change.state) == ("Theirs.", "proposed")
    assert changes.moved_on(change) == {"summary": "Theirs."}


def test_a_change_of_another_field_meanwhile_stays(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy(summary="Old.", name="Old name")
    first = propose(therapy, editor, summary="New.")
    second = propose(Therapy.objects.get(), factories.make_staff("Editors"), name="New name")

    for change in (second, first):
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    assert (Therapy.objects.get().summary, Therapy.objects.get().name) == ("New.", "New name")


def test_a_change_is_sent_back_with_words_and_proposed_anew(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy(summary="Old.")
    change = propose(therapy, editor, summary="Bad.")
    with pytest.raises(WordsMissing):
        changes.send_back(change, seen=1, by=reviewer, now=NOW, words=" ")

    changes.send_back(change, seen=1, by=reviewer, now=NOW, words="Say it plainly.")
    again = propose(therapy, editor, summary="Good.")

    assert (again.pk, again.state) == (change.pk, "proposed")
    assert [each[::2] for each in history(again)] == [
        ("proposed", ""),
        ("sent_back", "Say it plainly."),
        ("revised", ""),
    ]


def test_what_is_proposed_back_to_what_readers_see_is_withdrawn(editor: User) -> None:
    therapy = factories.make_therapy(summary="Old.")
    change = propose(therapy, editor, summary="New.")
    therapy.summary = "Old."

    assert changes.propose(therapy, ["summary"], by=editor, now=NOW) is None
    change.refresh_from_db()
    assert change.state == ChangeState.WITHDRAWN


@pytest.mark.parametrize("verb", ["approve", "send_back", "withdraw"])
def test_what_was_decided_is_not_decided_again(editor: User, reviewer: User, verb: str) -> None:
    change = propose(factories.make_therapy(), editor, summary="New.")
    changes.withdraw(change, seen=1, by=editor, now=NOW)
    said = {"words": "Why."} if verb == "send_back" else {}

    with pytest.raises(ChangedMeanwhile):
        getattr(changes, verb)(change, seen=change.version, by=reviewer, now=NOW, **said)


def test_others_neither_propose_nor_withdraw(editor: User) -> None:
    change = propose(factories.make_therapy(), editor, summary="New.")
    other = factories.make_staff("Triage")

    with pytest.raises(NotAllowed):
        changes.withdraw(change, seen=1, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        propose(factories.make_therapy(), other, summary="New.")


def test_a_new_notice_is_there_once_it_is_approved_with_its_therapies(editor: User, reviewer: User) -> None:
    therapy = factories.make_therapy()
    notice = Notice(slug="law", title="A law", text="<p>Says so.</p>", starts_on=dt.date(2026, 1, 1), basis="Law")
    rows.intend(notice, "therapies", [therapy])
    change = changes.propose(notice, [], by=editor, now=NOW)
    assert change is not None
    before = Notice.objects.count()

    changes.approve(change, seen=1, by=reviewer, now=NOW)

    made = Notice.objects.get()
    assert (before, made.title, made.starts_on, list(made.therapies.all())) == (0, "A law", notice.starts_on, [therapy])
    assert change.row_id == made.pk


def test_a_row_goes_once_its_removal_is_approved(editor: User, reviewer: User) -> None:
    notice = factories.make_notice()
    change = changes.propose_removal(notice, by=editor, now=NOW)
    before = Notice.objects.count()

    changes.approve(change, seen=1, by=reviewer, now=NOW)

    assert (before, Notice.objects.count()) == (1, 0)


def test_a_row_that_something_refers_to_does_not_go(editor: User, reviewer: User) -> None:
    source = factories.make_reference()
    factories.make_finding(reference=source)
    change = changes.propose_removal(source, by=editor, now=NOW)

    with pytest.raises(WrongState, match="refers to it"):
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    change.refresh_from_db()
    assert change.state == "proposed"


def test_a_change_of_a_row_that_is_gone_is_refused(editor: User, reviewer: User) -> None:
    finding = factories.make_finding()
    change = propose(finding, editor, value="New")
    Finding.objects.all().delete()

    with pytest.raises(WrongState, match="not there any more"):
        changes.approve(change, seen=1, by=reviewer, now=NOW)


def test_an_approved_finding_carries_the_date_of_its_approval(editor: User, reviewer: User) -> None:
    finding = factories.make_finding(value="Old", reviewed_on=dt.date(2020, 1, 1))
    change = propose(finding, editor, value="New")

    changes.approve(change, seen=1, by=reviewer, now=NOW)

    assert Finding.objects.values_list("value", "reviewed_on").get() == ("New", NOW.date())


@pytest.mark.parametrize("update_fields", [None, ["value"]])
def test_a_finding_that_is_saved_past_its_review_loses_its_date(update_fields: list[str] | None) -> None:
    finding = factories.make_finding(value="Old")
    finding.value = "Never reviewed"

    finding.save(update_fields=update_fields)

    assert Finding.objects.values_list("value", "reviewed_on").get() == ("Never reviewed", None)


def test_a_finding_whose_other_columns_are_saved_keeps_its_date() -> None:
    finding = factories.make_finding(reviewed_on=dt.date(2026, 1, 1))

    finding.save()

    assert Finding.objects.get().reviewed_on == dt.date(2026, 1, 1)


def test_a_finding_is_confirmed_by_a_reviewer_who_did_not_write_it(editor: User, reviewer: User) -> None:
    finding = factories.make_finding(value="Old")
    change = propose(finding, factories.make_staff("Editors", "Medical reviewers"), value="New")
    changes.approve(change, seen=1, by=reviewer, now=NOW)
    finding.refresh_from_db()

    for other in (editor, change.proposed_by):
        with pytest.raises(NotAllowed):
            freshness.confirm(finding, by=other, now=LATER)
    tomorrow = NOW + dt.timedelta(days=1)
    freshness.confirm(finding, by=reviewer, now=tomorrow)

    assert Finding.objects.get().reviewed_on == tomorrow.date()


def test_words_that_a_later_change_left_are_confirmed_by_others_too(editor: User, reviewer: User) -> None:
    finding, wrote = factories.make_finding(value="Old", note=""), factories.make_staff("Editors", "Medical reviewers")
    changes.approve(propose(finding, wrote, note="Their words"), seen=1, by=reviewer, now=NOW)
    finding.refresh_from_db()
    changes.approve(propose(finding, editor, value="New"), seen=1, by=reviewer, now=LATER)
    finding.refresh_from_db()

    with pytest.raises(NotAllowed, match="their own words"):
        freshness.confirm(finding, by=wrote, now=LATER)
    changes.approve(propose(finding, editor, note="Others’ words"), seen=1, by=reviewer, now=LATER)
    finding.refresh_from_db()
    tomorrow = NOW + dt.timedelta(days=1)
    freshness.confirm(finding, by=wrote, now=tomorrow)

    assert Finding.objects.get().reviewed_on == tomorrow.date()
