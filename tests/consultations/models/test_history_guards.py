"""History cannot be changed or deleted by whoever reaches the tables; only words go, with their request."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from consultations.access.viewing import viewed
from consultations.models import AccessEntry, Activity, ConsultationRequest, ExportEntry, PersonMerge
from consultations.models.fields import seal
from consultations.privacy import keys, retention
from consultations.requests import merging, moving
from consultations.statuses import AccessKind, ExportFormat, Status
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TABLES = {
    "activity": (
        "update consultations_activity set {}",
        ["kind = 'note'", "at = '2020-01-01'", "to_status = 'won'", "text = 'x'"],
    ),
    "accessentry": ("update consultations_accessentry set {}", ["what = 'proof'", "at = '2030-01-01'"]),
    "exportentry": ("update consultations_exportentry set {}", ["rows = 1", "reason = ''", "format = 'xlsx'"]),
    "personmerge": (
        "update consultations_personmerge set {}",
        ["at = '2020-01-01'", "reason = ''", "kept_id = merged_id"],
    ),
}


@pytest.fixture
def history() -> ConsultationRequest:
    """One row in each table."""
    staff = factories.make_staff()
    one, other = factories.make_request(), factories.make_request(email="other@visitor.example")
    moving.move(one, to=Status.LOST, by=staff, seen=Status.NEW, now=NOW, reason="Ada moved away")
    viewed(one, AccessKind.DETAIL, by=staff, now=NOW)
    ExportEntry.objects.create(by=staff, at=NOW, format=ExportFormat.CSV, rows=7, reason="Asked by Ada")
    assert one.person
    assert other.person
    PersonMerge.objects.create(kept=one.person, merged=other.person, by=staff, at=NOW, reason="Ada said so")
    return one


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", [text.format(change) for text, changes in TABLES.values() for change in changes])
@pytest.mark.usefixtures("history")
def test_update_is_refused(statement: str) -> None:
    with pytest.raises(DatabaseError):
        run(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.usefixtures("history")
def test_delete_is_refused(table: str) -> None:
    with pytest.raises(DatabaseError, match="History is written once"):
        run(f"delete from consultations_{table}")  # noqa: S608  names of ours


@pytest.mark.usefixtures("history")
def test_words_are_sealed_anew_with_another_key_and_not_written_anew(settings: Settings) -> None:
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]

    tally = list(keys.rotate(Activity, "text"))[-1]

    assert (tally.rotated, tally.unreadable) == (tally.total, [])
    assert Activity.objects.get(to_status=Status.LOST).text == "Ada moved away"
    pk, sealed = _text()
    longer = seal("Ada moved away, and said nothing of it")
    with pytest.raises(DatabaseError), transaction.atomic():
        keys.put(Activity, "text", pk, sealed, longer)


def _text() -> tuple[int, str]:
    row = Activity.objects.filter(to_status=Status.LOST).get()
    with connection.cursor() as cursor:
        cursor.execute("select text from consultations_activity where id = %s", [row.pk])
        return row.pk, str(cursor.fetchone()[0])


def test_erasing_takes_the_words_and_leaves_the_line(history: ConsultationRequest) -> None:
    before = Activity.objects.filter(request=history).count()

    retention.erase(history, by=None, now=NOW)

    left = Activity.objects.filter(request=history)
    assert {one.text for one in left} == {""}
    assert left.count() == before + 1
    assert AccessEntry.objects.filter(request=history).count() == 1
    assert PersonMerge.objects.get().reason == ""


def test_words_go_only_with_their_request(history: ConsultationRequest) -> None:
    retention.erase(history, by=None, now=NOW)
    other = factories.make_request(email="third@visitor.example")
    moving.note(other, text="Stays", by=factories.make_staff(), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.filter(request=other).update(text="")


def test_a_row_is_not_replaced(history: ConsultationRequest) -> None:
    again = "into consultations_activity select * from consultations_activity"
    replacing = {
        "sqlite": f"replace {again}",
        "postgresql": f"insert {again} on conflict (id) do update set at = now()",
    }

    with pytest.raises(DatabaseError), transaction.atomic():
        run(replacing[connection.vendor])


def test_merge_is_undone_once(history: ConsultationRequest) -> None:
    merge = PersonMerge.objects.get()
    merging.undo(merge, by=factories.make_staff(), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        PersonMerge.objects.update(undone_at=None, undone_by=None)
