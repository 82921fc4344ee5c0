"""What the long runs say on a machine that lacks a database they are to run on."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import faults, races


@pytest.fixture
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a machine without PostgreSQL, where nothing is required."""
    monkeypatch.setattr(faults, "server_binaries", lambda: None)
    monkeypatch.setattr(faults, "collect_static", lambda folder: None)
    monkeypatch.setattr(races, "collect_static", lambda folder: None)
    for name in ("CI", "REQUIRE_ALL"):
        monkeypatch.delenv(name, raising=False)


def prepare(folder: Path, wanted: str) -> None:
    """Do what both runs do first."""
    with contextlib.ExitStack() as stack:
        next(faults.databases(folder, wanted, stack))


@pytest.mark.parametrize("name", ["CI", "REQUIRE_ALL"])
@pytest.mark.usefixtures("_no_server")
def test_run_without_a_postgresql_that_is_required_ends_in_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")

    with pytest.raises(SystemExit, match="PostgreSQL is required here, but there is no PostgreSQL server"):
        prepare(tmp_path, "both")


@pytest.mark.usefixtures("_no_server")
def test_run_on_postgresql_alone_without_one_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="PostgreSQL is required here"):
        prepare(tmp_path, "postgresql")


@pytest.mark.parametrize("run", [faults.main, races.main], ids=["faults", "races"])
@pytest.mark.usefixtures("_no_server")
def test_neither_faults_nor_races_reports_success_then(
    run: Callable[[list[str]], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_ALL", "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("signal.alarm", lambda _: None)

    with pytest.raises(SystemExit) as ended:
        run([])

    assert str(ended.value).startswith("PostgreSQL is required here")
