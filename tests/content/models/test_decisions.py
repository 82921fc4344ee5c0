"""A decided change, its history and what was let pass do not change: asked of the database in plain SQL."""

from __future__ import annotations

import pytest
from django.db import connection

from content.models import ClaimOverride, ProposedChange, ProposedChangeEvent, Question
from content.publishing import changes
from tests.change_factories import make_change, make_override
from tests.content.models.test_guards import LATER, refused, run
from tests.factories import NOW, desk_account, make_reviewer, make_staff

pytestmark = pytest.mark.django_db

DECIDED = "This change was decided on: it does not change."
WRITTEN = "What was decided stays written."


@pytest.fixture(params=["approved", "withdrawn"])
def decided(request: pytest.FixtureRequest) -> ProposedChange:
    """A change that was decided on."""
    change, (reviewer, _) = make_change(), make_reviewer()
    verb = changes.approve if request.param == "approved" else changes.withdraw
    verb(change, seen=change.version, by=reviewer, now=NOW)
    assert change.state == request.param
    return change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "proposed"),
        ("title", "Forged"),
        ("before", '{"summary": "Forged"}'),
        ("after", '{"summary": "Forged"}'),
        ("version", 9),
        ("kind", "remove"),
        ("model", "question"),
        ("row_id", 999),
        ("proposed_at", LATER),
        ("decided_at", LATER),
    ],
)
def test_decided_change_stays_as_it_is(decided: ProposedChange, column: str, value: object) -> None:
    with refused(DECIDED):
        run(f"UPDATE content_proposedchange SET {column} = %s WHERE id = %s", value, decided.pk)  # noqa: S608  names of this test


@pytest.mark.parametrize("column", ["proposed_by_id", "decided_by_id"])
def test_decided_change_keeps_its_people(decided: ProposedChange, column: str) -> None:
    other = desk_account("somebody-else").pk

    with refused(DECIDED):
        run(f"UPDATE content_proposedchange SET {column} = %s WHERE id = %s", other, decided.pk)  # noqa: S608  names of this test


def test_decided_change_is_not_replaced_by_another_row(decided: ProposedChange) -> None:
    verb, end = (
        ("REPLACE", "") if connection.vendor == "sqlite" else ("INSERT", "ON CONFLICT (id) DO UPDATE SET title = 'X'")
    )
    columns = [str(field.column) for field in ProposedChange._meta.concrete_fields]
    # Of columns with the names of SQL's own words there is "before" and "after".
    quoted = [connection.ops.quote_name(column) for column in columns]
    values = ["'Forged'" if column == "title" else name for column, name in zip(columns, quoted, strict=True)]

    with refused(DECIDED):
        run(
            f"{verb} INTO content_proposedchange ({', '.join(quoted)})"  # noqa: S608  names of this test
            f" SELECT {', '.join(values)} FROM content_proposedchange WHERE id = %s {end}",
            decided.pk,
        )


def test_change_that_waits_is_changed_and_given_its_row_once() -> None:
    added = changes.propose(
        Question(slug="new", question="New?", answer="<p>Yes.</p>", group="Law"), [], by=make_staff("Editors"), now=NOW
    )
    assert added is not None

    changes.approve(added, seen=added.version, by=make_reviewer()[0], now=NOW)

    assert added.row_id is not None
    assert run("UPDATE content_proposedchange SET title = 'Other' WHERE id = %s", make_change().pk) == 1


@pytest.mark.parametrize("model", [ProposedChange, ProposedChangeEvent, ClaimOverride])
def test_what_was_decided_is_not_deleted(
    decided: ProposedChange, model: type[ProposedChange | ProposedChangeEvent | ClaimOverride]
) -> None:
    make_override(change=decided)
    # What is looked at when a transaction ends is looked at now: PostgreSQL empties no table that still waits for it.
    connection.check_constraints()
    sentence = DECIDED if model is ProposedChange else WRITTEN
    table = model._meta.db_table

    with refused(sentence):
        run(f"DELETE FROM {table}")  # noqa: S608  names of this test
    if connection.vendor == "postgresql":
        with refused(sentence if model is not ProposedChange else ""):
            run(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(("model", "column"), [(ProposedChangeEvent, "words"), (ClaimOverride, "reason")])
def test_history_and_what_was_let_pass_do_not_change(
    model: type[ProposedChangeEvent | ClaimOverride], column: str
) -> None:
    make_override()

    with refused(WRITTEN):
        run(f"UPDATE {model._meta.db_table} SET {column} = 'Forged'")  # noqa: S608  names of this test
