"""What was submitted, approved or withdrawn, and what was done, does not change: asked of the database in plain SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from content.models import ArticleReference, RelatedArticle, Revision, RevisionEvent, Section
from tests.factories import (
    IN_A_YEAR,
    NOW,
    TEN_DAYS_AGO,
    desk_account,
    make_article,
    make_contributor,
    make_draft,
    make_reference,
    make_section,
    section_words,
)

pytestmark = pytest.mark.django_db

FROZEN = "This revision was submitted, approved or withdrawn: it does not change."
HISTORY = "What was done stays written."
LATER = NOW + dt.timedelta(days=1)


def run(sql: str, *values: Any) -> int:
    """Run a statement as it is; return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """Expect the database to refuse what is run here, with this sentence."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert sentence in str(refusal.value)


def make_public() -> Revision:
    """Write an approved revision with one part of each kind."""
    return make_article(sections=[section_words()], citations=[make_reference()], related=[make_draft()])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Forged"),
        ("summary", "Forged"),
        ("lead", "<p>Forged</p>"),
        ("key_points", "Forged"),
        ("illustration", "side-by-side"),
        ("number", 9),
        ("edited_at", LATER),
        ("approved_at", LATER),
        ("go_live_at", TEN_DAYS_AGO + dt.timedelta(days=1)),
        ("published_at", TEN_DAYS_AGO - dt.timedelta(days=1)),
        ("reviewed_on", NOW.date()),
        ("next_review_on", IN_A_YEAR + dt.timedelta(days=1)),
        ("state", "draft"),
        ("state", "submitted"),
    ],
)
def test_approved_revision_keeps_its_words_and_its_approval(column: str, value: object) -> None:
    revision = make_public()

    with refused(FROZEN):
        run(f"UPDATE content_revision SET {column} = %s WHERE id = %s", value, revision.pk)  # noqa: S608  names of this test


@pytest.mark.parametrize("column", ["author_id", "medical_reviewer_id", "edited_by_id", "approved_by_id", "article_id"])
def test_approved_revision_keeps_its_people_and_its_article(column: str) -> None:
    revision = make_public()
    other = {
        "author_id": make_contributor().pk,
        "medical_reviewer_id": make_contributor().pk,
        "article_id": make_draft().article_id,
    }.get(column, desk_account("somebody-else").pk)

    with refused(FROZEN):
        run(f"UPDATE content_revision SET {column} = %s WHERE id = %s", other, revision.pk)  # noqa: S608  names of this test


@pytest.mark.parametrize("table", [Section, ArticleReference, RelatedArticle])
def test_parts_of_an_approved_revision_are_neither_changed_nor_deleted(
    table: type[Section | ArticleReference | RelatedArticle],
) -> None:
    revision, name = make_public(), table._meta.db_table
    column = "number" if table is ArticleReference else "position"

    with refused(FROZEN):
        run(f"UPDATE {name} SET {column} = 7 WHERE revision_id = %s", revision.pk)  # noqa: S608  names of this test
    with refused(FROZEN):
        run(f"DELETE FROM {name} WHERE revision_id = %s", revision.pk)  # noqa: S608  names of this test
    with refused(FROZEN):
        run(f"UPDATE {name} SET revision_id = %s WHERE revision_id = %s", make_draft().pk, revision.pk)  # noqa: S608  names of this test


def test_approved_revision_gets_no_more_parts() -> None:
    revision, draft = make_public(), make_draft()
    section = make_section(draft)

    with refused(FROZEN):
        revision.sections.create(**section_words())
    with refused(FROZEN):
        revision.citations.create(reference=make_reference(), number=2)
    with refused(FROZEN):
        revision.related_links.create(related=make_draft().article)
    with refused(FROZEN):
        run("UPDATE content_section SET revision_id = %s WHERE id = %s", revision.pk, section.pk)


def test_approved_revision_is_not_deleted() -> None:
    revision = make_article()

    with refused(FROZEN):
        run("DELETE FROM content_revision WHERE id = %s", revision.pk)


@pytest.mark.parametrize("state", ["submitted", "withdrawn"])
def test_submitted_and_given_up_words_do_not_change(state: str) -> None:
    draft = make_draft(sections=[section_words()])
    ended = NOW if state == "withdrawn" else None
    assert run("UPDATE content_revision SET state = %s, withdrawn_at = %s WHERE id = %s", state, ended, draft.pk) == 1

    with refused(FROZEN):
        run("UPDATE content_revision SET title = 'Forged' WHERE id = %s", draft.pk)
    with refused(FROZEN):
        run("UPDATE content_section SET heading = 'Forged' WHERE revision_id = %s", draft.pk)


def test_end_of_an_approved_revision_moves_until_it_is_withdrawn() -> None:
    revision = make_article()

    assert run("UPDATE content_revision SET withdrawn_at = %s WHERE id = %s", LATER, revision.pk) == 1
    assert run("UPDATE content_revision SET withdrawn_at = NULL, version = 9 WHERE id = %s", revision.pk) == 1
    assert (
        run("UPDATE content_revision SET withdrawn_at = %s, state = 'withdrawn' WHERE id = %s", NOW, revision.pk) == 1
    )
    with refused(FROZEN):
        run("UPDATE content_revision SET withdrawn_at = %s WHERE id = %s", LATER, revision.pk)
    with refused(FROZEN):
        run("UPDATE content_revision SET state = 'approved' WHERE id = %s", revision.pk)


def test_draft_changes_in_every_part() -> None:
    draft = make_draft(sections=[section_words()], citations=[make_reference()], related=[make_draft()])

    assert run("UPDATE content_revision SET title = 'Other' WHERE id = %s", draft.pk) == 1
    for table in ("content_section", "content_articlereference", "content_relatedarticle"):
        assert run(f"DELETE FROM {table} WHERE revision_id = %s", draft.pk) == 1  # noqa: S608  names of this test


def test_two_revisions_are_never_public_at_the_same_moment() -> None:
    first = make_article()
    second = make_article(article=first.article, published_at=NOW)
    first.refresh_from_db()
    assert first.withdrawn_at == second.go_live_at

    with refused("cannot be public at the same moment"):
        run("UPDATE content_revision SET withdrawn_at = %s WHERE id = %s", LATER, first.pk)


def test_history_is_neither_changed_nor_deleted() -> None:
    event = RevisionEvent.objects.filter(revision=make_draft()).get()

    with refused(HISTORY):
        run("UPDATE content_revisionevent SET words = 'Forged' WHERE id = %s", event.pk)
    with refused(HISTORY):
        run("DELETE FROM content_revisionevent WHERE id = %s", event.pk)


def test_approved_revision_is_not_replaced_by_another_row() -> None:
    revision = make_article()
    verb, end = (
        ("REPLACE", "") if connection.vendor == "sqlite" else ("INSERT", "ON CONFLICT (id) DO UPDATE SET title = 'X'")
    )
    columns = [str(field.column) for field in Revision._meta.concrete_fields]
    values = ["'Forged'" if column == "title" else column for column in columns]

    with refused(FROZEN):
        run(
            f"{verb} INTO content_revision ({', '.join(columns)})"  # noqa: S608  names of this test
            f" SELECT {', '.join(values)} FROM content_revision WHERE id = %s {end}",
            revision.pk,
        )
    revision.refresh_from_db()
    assert revision.title != "Forged"


def test_tables_cannot_be_emptied_at_once() -> None:
    make_public()
    # What is looked at when a transaction ends is looked at now: PostgreSQL empties no table that still waits for it.
    connection.check_constraints()
    word = "DELETE FROM" if connection.vendor == "sqlite" else "TRUNCATE"

    for table in ("content_section", "content_articlereference", "content_relatedarticle"):
        with refused(FROZEN):
            run(f"{word} {table}")
    with refused(HISTORY):
        # Mails of the desk refer to it.
        run(f"{word} content_revisionevent{'' if connection.vendor == 'sqlite' else ' CASCADE'}")
