"""Backups and restores: the same database comes back, or nothing is written and a sentence says why."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from clinic.backup import making, restoring, tables
from clinic.backup.restoring import OF_MIGRATIONS
from clinic.backup.sealing import Opener, Sealer
from consultations.models import Activity, Appointment, ConsultationRequest
from consultations.privacy import holding, retention
from consultations.requests import moving
from content.models import ImageFile, Revision
from tests.booking_factories import make_appointment
from tests.concurrency.racing import race
from tests.factories import NOW, make_article, make_clinic, make_image, make_request, make_staff
from tests.sample_site import GUARDS

KEY = "YmFja3VwLWtleS1mb3ItdGVzdHMtb25seS0xMjM0NTY="
PICTURE = bytes(range(256)) * 300
committed = pytest.mark.django_db(transaction=True)


def back_up(path: Path) -> making.Manifest:
    with path.open("wb") as file:
        return making.write(file, key=KEY, now=NOW, say=lambda _: None)


def empty_database() -> None:
    """Leave what a new database holds after `migrate`."""
    for guards in GUARDS:
        guards.lower(connection)
    call_command("flush", interactive=False, verbosity=0)
    for guards in GUARDS:
        guards.raise_(connection)


def restore(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("restore", str(path), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refusal(path: Path, *options: str) -> str:
    with pytest.raises(CommandError) as refused:
        restore(path, "--nobody-erased", *options)
    return str(refused.value)


def rewrite(path: Path, change: Callable[[Any, Any, list[bytes]], object]) -> None:
    """Change header and manifest of a backup, as another version or a mistake of ours would have written them."""
    with path.open("rb") as file, gzip.open(io.BufferedReader(Opener(file, KEY))) as opened:
        first, *rows, last = opened.readlines()
    header, manifest = json.loads(first), json.loads(last)
    change(header, manifest, rows)
    anew = io.BytesIO()
    sealer = Sealer(anew, KEY)
    lines = [json.dumps(header).encode() + b"\n", *rows, json.dumps(manifest).encode() + b"\n"]
    sealer.write(gzip.compress(b"".join(lines)))
    sealer.finish()
    path.write_bytes(anew.getvalue())


@pytest.fixture
def made(db: None, tmp_path: Path) -> Path:
    """A backup of a new database: tests that write nothing need no other."""
    back_up(tmp_path / "made.backup")
    return tmp_path / "made.backup"


@committed
def test_the_same_database_comes_back_from_a_damaged_file_nothing(tmp_path: Path) -> None:
    make_clinic()
    revision = make_article()
    request = make_request(message="My “knee” \\ hurts\n", attribution={"utm": "ünï"})
    moving.note(request, text="Ada sounded worried", by=make_staff(), now=NOW)
    ImageFile.objects.create(image=make_image(), kind="jpg", width=40, content=PICTURE)
    Session.objects.create(session_key="logged-in", expire_date=NOW)
    path = tmp_path / "a.backup"
    before = back_up(path)
    whole = path.read_bytes()
    empty_database()

    path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    assert refusal(path).startswith("The file is damaged: bytes ")
    assert User.objects.count() == 0

    path.write_bytes(whole)
    rows = sum(one["rows"] for one in before["tables"].values())
    assert restore(path, "--nobody-erased") == (
        f"{rows} rows of {len(before['tables'])} tables are restored; each is the one in the backup. Erased again: 0.\n"
    )

    assert back_up(tmp_path / "b.backup") == before
    again = ConsultationRequest.objects.get(pk=request.pk)
    assert (again.message, again.attribution) == ("My “knee” \\ hurts\n", {"utm": "ünï"})
    assert bytes(ImageFile.objects.get().content) == PICTURE
    assert Session.objects.count() == 0
    assert make_request(email="new@visitor.example").pk > request.pk
    for rows_, change in (
        (Activity.objects, {"kind": "note"}),
        (Revision.objects.filter(pk=revision.pk), {"title": "x"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows_.update(**change)
    assert refusal(path).startswith("The database is not empty: there are rows in auth_user, ")


@committed
def test_whoever_was_erased_since_the_backup_does_not_come_back(tmp_path: Path) -> None:
    make_clinic()
    manager = make_staff()
    gone, stays = make_request(name="Ada Visitor"), make_request(name="Ben Visitor", email="ben@visitor.example")
    soon = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    make_appointment(request=gone, starts_at=soon)
    holding.put_on_hold(gone, held=True, reason="A dispute", by=manager, now=NOW)
    path, noted = tmp_path / "a.backup", tmp_path / "erased"
    back_up(path)
    holding.put_on_hold(gone, held=False, reason="It is over", by=manager, now=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ERASED_FILE", str(noted))
        retention.erase(gone, by=manager, now=NOW)
    empty_database()

    assert restore(path, "--erased", str(noted)).endswith("Erased again: 1.\n")

    assert list(ConsultationRequest.objects.order_by("pk").values_list("name", flat=True)) == ["Erased", "Ben Visitor"]
    assert list(Appointment.objects.active()) == []
    assert ConsultationRequest.objects.get(erased_at=None) == stays


@committed
def test_the_site_writes_on_and_the_backup_stays_at_its_moment(tmp_path: Path) -> None:
    make_clinic()
    make_request()
    stop, path = tmp_path / "stop", tmp_path / "a.backup"

    def work(number: int) -> int:
        if number:
            written = 0
            while not stop.exists():
                make_request(email=f"v{number}-{written}@visitor.example", confirmed=False)
                written += 1
            return written
        try:
            with tables.snapshot() as db:
                seen = tables.count(db, "consultations_consultationrequest")
                until = time.monotonic() + 60
                while ConsultationRequest.objects.count() < seen + 5:
                    assert time.monotonic() < until
                assert tables.count(db, "consultations_consultationrequest") == seen
            back_up(path)
        finally:
            stop.touch()
        return seen

    outcome = race(3, work)
    assert outcome.raised == []
    empty_database()
    restore(path, "--nobody-erased")

    requests = ConsultationRequest.objects.count()
    assert outcome.returned[0] + 5 <= requests <= 1 + outcome.returned[1] + outcome.returned[2]
    # Each is written with its history in one transaction: there is none without.
    assert Activity.objects.filter(kind="received").count() == requests


def test_new_database_counts_as_empty(db: None) -> None:
    full = {name for name in tables.columns(tables.here()) if tables.occupied(tables.here(), name)}

    assert full == OF_MIGRATIONS


def test_backup_is_checked_where_the_site_runs(made: Path) -> None:
    make_staff()

    assert restore(made, "--nobody-erased", "--check") == ""


def test_other_key_is_refused(made: Path, settings: Settings) -> None:
    settings.BACKUP_KEY = Fernet.generate_key().decode()

    assert refusal(made) == (
        "The file was sealed with another key than the one in BACKUP_KEY, or its first bytes were changed."
    )


def test_missing_key_stops_both_commands(made: Path, settings: Settings) -> None:
    settings.BACKUP_KEY = ""

    with pytest.raises(CommandError, match=r"^BACKUP_KEY is missing: set it, or BACKUP_KEY_FILE, "):
        call_command("backup", str(made) + "-2")
    assert refusal(made).startswith("BACKUP_KEY is missing: ")


def test_other_version_of_the_project_is_named(made: Path) -> None:
    rewrite(made, lambda header, manifest, rows: header["migrations"].append(["content", "0999_later"]))

    assert refusal(made) == (
        "The backup was made by another version of the project, with other migrations (only in the backup: content.0999_later). "
        "Restore it with that version, then update and run `manage.py migrate`."
    )


def test_other_database_is_named(made: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    rewrite(made, lambda header, manifest, rows: header.update(database=other))

    there, here = restoring.KINDS[other], restoring.KINDS[connection.vendor]
    assert refusal(made) == f"This is a backup of {there}, and DATABASE_URL names {here}: restore it into {there}."


def test_field_keys_that_do_not_open_it_are_refused_unless_asked_for(made: Path) -> None:
    lost = Fernet(Fernet.generate_key()).encrypt(b"My knee").decode()
    rewrite(made, lambda header, manifest, rows: manifest["samples"].update({"consultations_reply.body": [lost]}))

    assert refusal(made) == (
        "FIELD_KEYS does not open the encrypted texts of this backup (consultations_reply.body). Set the keys of that time behind "
        "the newest one; where they are lost, --any-field-keys restores all the rest."
    )
    assert restore(made, "--nobody-erased", "--check", "--any-field-keys") == ""


def test_manifest_of_other_rows_is_refused(made: Path) -> None:
    rewrite(made, lambda header, manifest, rows: manifest["tables"]["auth_group"].update(rows=1))

    assert refusal(made) == "The rows in the file are not those that its manifest names."


def test_row_that_the_database_refuses_leaves_nothing_behind(made: Path) -> None:
    rewrite(made, lambda header, manifest, rows: header["tables"]["auth_group"]["columns"].reverse())

    assert refusal(made).startswith("The database refused a row, and nothing was restored: ")
    assert Group.objects.filter(name="Managers").count() == 1


def test_row_that_the_database_keeps_otherwise_than_it_was_given_is_noticed(made: Path) -> None:
    def change(header: Any, manifest: Any, rows: list[bytes]) -> None:
        first = rows.index(b'{"table": "auth_group"}\n') + 1
        # An integer that is written with a zero in front is kept without it.
        number, *rest = json.loads(rows[first])
        rows[first] = tables.line_of([f"0{number}", *rest])
        tally = tables.Tally()
        for line in rows[first : first + 4]:
            tally.add(line)
        manifest["tables"]["auth_group"] = tally.said()

    rewrite(made, change)

    assert refusal(made) == (
        "Table auth_group is not what the backup holds (4 rows of 4, or other contents). Nothing was restored."
    )
    assert Group.objects.count() == 4


def test_a_list_of_the_erased_is_asked_for(made: Path, settings: Settings, tmp_path: Path) -> None:
    settings.ERASED_FILE = str(tmp_path / "none")
    with pytest.raises(CommandError) as refused:
        restore(made)

    assert str(refused.value) == (
        f"There is no list of the erased at {tmp_path}/none: name it with --erased, or say --nobody-erased where nobody was "
        "erased since the backup was made."
    )
