"""What ended processes of the web server have counted."""

from __future__ import annotations

import fcntl
import json
import os
import runpy
from pathlib import Path

import pytest
from django.conf import settings
from prometheus_client.mmap_dict import MmapedDict

from clinic import counts

RUNNING, ENDED, ENDED_LATER = 11, 12, 13


def write(folder: Path, kind: str, process: int, view: str, value: float) -> None:
    """Count as a process does."""
    name = "clinic_busy" if kind.startswith("gauge") else "clinic_requests"
    key = json.dumps([name, name, {"view": view}, "Answered requests."], sort_keys=True)
    file = MmapedDict(str(folder / f"{kind}_{process}.db"))  # type: ignore[no-untyped-call]
    file.write_value(key, value, 0)  # type: ignore[no-untyped-call]
    file.close()  # type: ignore[no-untyped-call]


def counted(folder: Path) -> dict[str, float]:
    """Return what Prometheus would be told, by view."""
    collector = counts.Collector(None, path=str(folder))  # type: ignore[no-untyped-call]
    return {sample.labels["view"]: sample.value for metric in collector.collect() for sample in metric.samples}


def files(folder: Path) -> list[str]:
    """Return the names of the files of counts."""
    return sorted(path.name for path in folder.glob("*.db"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which one process counts, and two have."""
    write(tmp_path, "counter", RUNNING, "faq", 1)
    write(tmp_path, "counter", ENDED, "faq", 10)
    write(tmp_path, "counter", ENDED_LATER, "faq", 100)
    write(tmp_path, "counter", ENDED_LATER, "home", 1000)
    return tmp_path


def test_counts_of_ended_processes_stay_and_their_files_go(folder: Path) -> None:
    before = counted(folder)

    counts.add_up_ended(folder, {RUNNING, ENDED_LATER})
    after_one = counted(folder), files(folder)
    counts.add_up_ended(folder, {RUNNING})
    after_both = counted(folder), files(folder)

    assert before == {"faq": 111, "home": 1000}
    assert after_one == (before, ["counter_11.db", "counter_13.db", "counter_ended.db"])
    assert after_both == (before, ["counter_11.db", "counter_ended.db"])


def test_counts_of_very_many_processes_take_no_more_room_than_one(folder: Path) -> None:
    for process in range(100, 200):
        write(folder, "counter", process, "faq", 1)
        counts.add_up_ended(folder, {RUNNING})

    assert counted(folder) == {"faq": 211, "home": 1000}
    assert (folder / "counter_ended.db").stat().st_size < 1000


def test_gauge_of_an_ended_process_is_forgotten(folder: Path) -> None:
    write(folder, "gauge_all", ENDED, "gone", 1)
    write(folder, "gauge_all", RUNNING, "here", 2)

    counts.add_up_ended(folder, {RUNNING})

    assert counted(folder) == {"faq": 111, "home": 1000, "here": 2}


def test_reader_that_hangs_holds_nobody_up(folder: Path) -> None:
    before = files(folder)
    with (folder / counts.LOCK).open("a") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        counts.add_up_ended(folder, {RUNNING})
        meanwhile = files(folder)

    counts.add_up_ended(folder, {RUNNING})

    assert (meanwhile, files(folder)) == (before, ["counter_11.db", "counter_ended.db"])


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files in which a web server starts that is to be measured."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("METRICS_PORT", "9100")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    return tmp_path


def started() -> str:
    """Read the web server's configuration as a start does; return its folder of counts."""
    runpy.run_path(str(settings.BASE_DIR / "clinic" / "gunicorn.conf.py"))
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).name


def test_start_removes_the_counts_of_servers_that_were_killed(temporary: Path) -> None:
    # Process 1 always runs; no process has a number as high as this.
    for name in ("clinic-metrics-1-other", "clinic-metrics-99999999-killed", f"clinic-metrics-{os.getpid()}-killed"):
        (temporary / name).mkdir()

    folder = started()

    assert sorted(path.name for path in temporary.iterdir()) == sorted(["clinic-metrics-1-other", folder])


def test_server_that_reads_its_configuration_again_goes_on_counting(temporary: Path) -> None:
    assert started() == started()


def test_server_that_takes_over_counts_in_a_folder_of_its_own(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (temporary / "clinic-metrics-1-other").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(temporary / "clinic-metrics-1-other"))

    assert started().startswith(f"clinic-metrics-{os.getpid()}-")
