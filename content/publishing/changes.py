"""Changes of public words other than articles: proposed, then approved by somebody else; readers see nothing before.

Each verb says who (`by`) and when (`now`), asks whether they may, and writes its row of history in the same transaction. Those
that act on a proposed change are compare-and-set: `seen` is the version that the caller read. See fields.py for what goes this way.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model, ProtectedError

from content import versions
from content.choices import ChangeEventKind, ChangeKind, ChangeState
from content.models import Finding, ProposedChange, ProposedChangeEvent
from content.models.proposed_change import OPEN_CHANGES
from content.models.version import ContentVersion
from content.publishing import checks, freshness, rows
from content.publishing.exceptions import Blocked, ChangedMeanwhile, NotAllowed, WordsMissing, WrongState
from content.publishing.fields import Way, of_model
from content.publishing.rights import APPROVE

STALE = "What readers see was changed since this was proposed. Both are shown here; nothing was approved."
GONE = "What this would change is not there any more. Withdraw the change."
TAKEN = "Something else with the same address or place was approved in the very moment. Nothing was approved."
LONGEST_TITLE = 200


@transaction.atomic
def propose(row: Model, names: list[str], *, by: User, now: dt.datetime) -> ProposedChange | None:
    """Propose what `row`, which is not saved so, says in the fields `names`; return nothing where that is what readers see.

    Who has a change of the row open already goes on with that one. A row without a key is a new one: all of its fields are
    part of the change.

    Raises:
        NotAllowed: they may not write such rows.
        WrongState: the row is gone.
    """
    model = type(row)
    _ask_writer(by, "add" if row.pk is None else "change", model)
    if row.pk is None:
        return _propose_new(row, by, now)
    ContentVersion.lock()
    public = _public(model, row.pk)
    rows.tidy(row, names)
    before, wanted = ({name: rows.told(each, name) for name in names} for each in (public, row))
    mine = ProposedChange.objects.open().of(row).filter(proposed_by=by, kind=ChangeKind.CHANGE).first()
    after = {name: value for name, value in mine.after.items() if name not in names} if mine else {}
    after |= {name: value for name, value in wanted.items() if value != before[name]}
    if mine is None:
        if not after:
            return None
        mine = ProposedChange(kind=ChangeKind.CHANGE, model=model._meta.model_name or "", row_id=row.pk)  # noqa: SLF001
    elif after == mine.after and mine.state == ChangeState.PROPOSED:
        return mine
    elif not after:
        withdraw(mine, seen=mine.version, by=by, now=now)
        return None
    seen = {name: rows.told(public, name) for name in after}
    return _write(mine, before=seen, after=after, title=str(public), by=by, now=now)


@transaction.atomic
def propose_removal(row: Model, *, by: User, now: dt.datetime) -> ProposedChange:
    """Propose that a row goes; until that is approved, readers see it.

    Raises:
        NotAllowed: they may not remove such rows.
        WrongState: the row is gone.
    """
    model = type(row)
    _ask_writer(by, "delete", model)
    ContentVersion.lock()
    public = _public(model, row.pk)
    known = ProposedChange.objects.open().of(row).filter(kind=ChangeKind.REMOVE).first()
    if known is not None:
        return known
    before = {name: rows.told(public, name) for name in of_model(model, Way.REVIEWED)}
    change = ProposedChange(kind=ChangeKind.REMOVE, model=model._meta.model_name or "", row_id=row.pk)  # noqa: SLF001
    return _write(change, before=before, after={}, title=str(public), by=by, now=now)


def approve(change: ProposedChange, *, seen: int, by: User, now: dt.datetime) -> None:
    """Approve exactly version `seen` of a change: readers see it from now on. A finding carries today's date, in UTC.

    Raises:
        NotAllowed: they are no reviewer, or wrote some of it themselves.
        Blocked: the claim check found what must not reach a reader.
        ChangedMeanwhile: it has another version, does not wait any more, or readers see other words than it was written over.
        WrongState: the row is gone, or the database does not take the change beside what it holds by now.
    """
    _ask_reviewer(change, by)
    # Before the transaction: the checks take time, in which nobody else could write on SQLite. Whoever changes it meanwhile
    # raises its version.
    if ProposedChange.objects.filter(pk=change.pk, version=seen).exists() and (
        blocks := checks.blocks_of_change(change)
    ):
        raise Blocked(blocks)
    with transaction.atomic(), freshness.vouched():
        # First of all: what is written with a row, such as what search knows, reaches over several of them.
        versions.bump(ProposedChange)
        _move(change, seen=seen, states=[ChangeState.PROPOSED], to=ChangeState.APPROVED, by=by, now=now)
        row = _apply(change, now)
        if change.row_id is None:
            ProposedChange.objects.filter(pk=change.pk).update(row_id=row.pk)
        _note(change, ChangeEventKind.APPROVED, by, now)
    change.refresh_from_db()


def send_back(change: ProposedChange, *, seen: int, by: User, now: dt.datetime, words: str) -> None:
    """Give a change back to its author, with words that say why.

    Raises:
        NotAllowed: they are no reviewer.
        WordsMissing: nothing says why.
        ChangedMeanwhile: it does not wait for a review any more.
    """
    if not by.has_perm(APPROVE):
        raise NotAllowed("Only medical reviewers send changes back.")
    if not words.strip():
        raise WordsMissing("Say what is to be changed, so that the author can change it.")
    with transaction.atomic():
        _move(change, seen=seen, states=[ChangeState.PROPOSED], to=ChangeState.SENT_BACK, by=by, now=now)
        _note(change, ChangeEventKind.SENT_BACK, by, now, words.strip())


def withdraw(change: ProposedChange, *, seen: int, by: User, now: dt.datetime) -> None:
    """Give a change up; what readers see stays.

    Raises:
        NotAllowed: they neither proposed it, nor review, nor write such rows.
        ChangedMeanwhile: it was changed, approved or withdrawn meanwhile.
    """
    if not (change.proposed_by_id == by.pk or by.has_perm(APPROVE)):
        _ask_writer(by, "change", change.model_class)
    with transaction.atomic():
        _move(change, seen=seen, states=OPEN_CHANGES, to=ChangeState.WITHDRAWN, by=by, now=now)
        _note(change, ChangeEventKind.WITHDRAWN, by, now)


def candidate(change: ProposedChange) -> Model | None:
    """Return the row as it would be, not saved; nothing where it is gone or would go."""
    row = _found(change)
    if row is None or change.kind == ChangeKind.REMOVE:
        return None
    rows.put(row, change.after)
    return row


def moved_on(change: ProposedChange) -> dict[str, Any]:
    """Return what readers see now in each field that was changed since this was proposed."""
    row = _found(change)
    if row is None or change.kind == ChangeKind.ADD:
        return {}
    now = {name: rows.told(row, name) for name in change.before}
    return {name: value for name, value in now.items() if value != change.before[name]}


def _propose_new(row: Model, by: User, now: dt.datetime) -> ProposedChange:
    model = type(row)
    names = [name for way in Way for name in of_model(model, way)]
    rows.tidy(row, names)
    after = {name: rows.told(row, name) for name in names}
    change = ProposedChange(kind=ChangeKind.ADD, model=model._meta.model_name or "")  # noqa: SLF001  documented
    return _write(change, before={}, after=after, title=str(row), by=by, now=now)


def _write(
    change: ProposedChange, *, before: dict[str, Any], after: dict[str, Any], title: str, by: User, now: dt.datetime
) -> ProposedChange:
    """Write a change anew, or over the version that was read."""
    values: dict[str, Any] = {"before": before, "after": after, "title": title[:LONGEST_TITLE], "proposed_at": now}
    what = ChangeEventKind.PROPOSED
    if change._state.adding:  # noqa: SLF001  documented
        change = ProposedChange.objects.create(
            kind=change.kind, model=change.model, row_id=change.row_id, proposed_by=by, **values
        )
    else:
        what = ChangeEventKind.REVISED
        found = ProposedChange.objects.filter(pk=change.pk, version=change.version, state__in=OPEN_CHANGES)
        if not found.update(
            version=F("version") + 1, state=ChangeState.PROPOSED, decided_by=None, decided_at=None, **values
        ):
            raise ChangedMeanwhile("This change was decided on meanwhile. Nothing was saved.")
        change.refresh_from_db()
    _note(change, what, by, now)
    return change


def _move(
    change: ProposedChange, *, seen: int, states: list[ChangeState], to: ChangeState, by: User, now: dt.datetime
) -> None:
    found = ProposedChange.objects.filter(pk=change.pk, version=seen, state__in=states)
    if not found.update(version=F("version") + 1, state=to, decided_by=by, decided_at=now):
        raise ChangedMeanwhile(
            "This change is not as you saw it any more. Nothing was done; here is how it stands now."
        )
    change.refresh_from_db()


def _apply(change: ProposedChange, now: dt.datetime) -> Model:
    """Write the change into its row, which is locked and compared first."""
    row = change.model_class() if change.kind == ChangeKind.ADD else _locked(change)
    if change.kind == ChangeKind.REMOVE:
        return _remove(row)
    rows.put(row, change.after)
    if isinstance(row, Finding):
        row.reviewed_on = now.date()
    try:
        row.full_clean()
    except ValidationError as error:
        raise WrongState(f"This cannot be approved as it stands: {' '.join(error.messages)}") from None
    try:
        row.save()
    except IntegrityError:
        # What came in between the look and the writing.
        raise WrongState(TAKEN) from None
    rows.put_several(row, change.after)
    return row


def _locked(change: ProposedChange) -> Model:
    """Return the row of a change, locked, as long as readers see what the change was written over."""
    row = _public(change.model_class, change.row_id)
    if any(rows.told(row, name) != value for name, value in change.before.items()):
        raise ChangedMeanwhile(STALE)
    return row


def _remove(row: Model) -> Model:
    pk = row.pk
    try:
        row.delete()
    except ProtectedError:
        raise WrongState("Something that readers see refers to it still, so it cannot go.") from None
    row.pk = pk
    return row


def _found(change: ProposedChange) -> Model | None:
    model = change.model_class
    if change.kind == ChangeKind.ADD and change.row_id is None:
        return model()
    return model._base_manager.filter(pk=change.row_id).first()  # noqa: SLF001  documented


def _public(model: type[Model], pk: Any) -> Model:
    # Locked: what is compared here must not change before the proposal is written. Rows that refer to it may come meanwhile.
    row = model._base_manager.select_for_update(no_key=True).filter(pk=pk).first()  # noqa: SLF001  documented
    if row is None:
        raise WrongState(GONE)
    return row


def _note(change: ProposedChange, what: ChangeEventKind, by: User, now: dt.datetime, words: str = "") -> None:
    ProposedChangeEvent.objects.create(change=change, what=what, by=by, at=now, words=words, after=change.after)


def _ask_writer(by: User, action: str, model: type[Model]) -> None:
    if not by.has_perm(f"content.{action}_{model._meta.model_name}"):  # noqa: SLF001  documented
        raise NotAllowed("You may not change this.")


def _ask_reviewer(change: ProposedChange, by: User) -> None:
    if not by.has_perm(APPROVE):
        raise NotAllowed("Only medical reviewers approve changes.")
    if change.was_written_by(by):
        raise NotAllowed("Nobody approves their own words. Please ask another medical reviewer.")
