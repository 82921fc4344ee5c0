"""`manage.py backup`: a whole file or none."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.backup import tables
from consultations.models import Chore

pytestmark = pytest.mark.django_db


def test_command_writes_a_file_for_its_owner_alone_and_remembers_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.backup"
    call_command("backup", str(path), stderr=io.StringIO())

    assert [(one.name, one.stat().st_mode & 0o777) for one in path.parent.iterdir()] == [("a.backup", 0o600)]
    assert Chore.objects.get(name="backup").due_at > dt.datetime.now(dt.UTC) + dt.timedelta(hours=23)
    with pytest.raises(CommandError, match="is there already; a backup overwrites nothing"):
        call_command("backup", str(path))


def test_database_that_is_away_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BEGIN", dict.fromkeys(tables.BEGIN, "BEGIN NOTHING"))
    with pytest.raises(CommandError, match=r"^The database cannot be read: .*syntax error"):
        call_command("backup", str(tmp_path / "a.backup"))


def test_backup_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LEFT_OUT", None)
    with pytest.raises(TypeError):
        call_command("backup", str(tmp_path / "a.backup"))

    assert list(tmp_path.iterdir()) == []
