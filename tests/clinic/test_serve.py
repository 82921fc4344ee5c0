"""How `make run` stops and where it listens, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from scripts import serve

# Longer than anything here takes on a busy machine.
PATIENCE = 60
# Less than `make run` waits for what does not end.
AT_ONCE = serve.STOP_SECONDS / 2
# A site of one process that does not end when it is asked to.
STUBBORN = """
import sys
from scripts import serve

class Site(serve.Site):
    def serve(self):
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
        self.watch("worker", [sys.executable, "-c", code])
        self.wait()

sys.exit(Site("127.0.0.1", 1).run())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings that pass, and a database of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SECRET_KEY", "FIELD_KEYS") if name in os.environ}
    return kept | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"}


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a session of its own, and leave nothing of it behind."""
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def free_port(family: socket.AddressFamily, host: str) -> int:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def listens(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_second_signal_ends_at_once_what_does_not_stop(number: signal.Signals, environment: dict[str, str]) -> None:
    with started([sys.executable, "-c", STUBBORN], environment) as site:
        assert site.stdout is not None
        assert site.stdout.readline() == "up\n"

        site.send_signal(number)
        with pytest.raises(subprocess.TimeoutExpired):
            site.wait(timeout=1.2)  # it waits for the worker
        site.send_signal(number)

        # Its output ends only when the worker, which has it too, has ended.
        site.communicate(timeout=AT_ONCE)
        assert site.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_during_the_set_up_ends_it_with_a_sentence(number: signal.Signals, environment: dict[str, str]) -> None:
    port = free_port(socket.AF_INET, "127.0.0.1")

    with started([sys.executable, "scripts/serve.py"], environment | {"PORT": str(port)}) as site:
        assert site.stdout is not None
        assert site.stdout.readline() == "Bringing the database up to date.\n"
        site.send_signal(number)
        said, complaint = site.communicate(timeout=PATIENCE)

    assert said.splitlines()[-1] == "Stopped before the site was set up; the next start goes on."
    assert (site.returncode, complaint) == (0, "")


def test_set_up_that_cannot_be_done_is_told_once_and_nothing_goes_on(environment: dict[str, str]) -> None:
    settings_that_fail = environment | {
        "DATABASE_URL": "mysql://db",
        "PORT": str(free_port(socket.AF_INET, "127.0.0.1")),
    }

    with started([sys.executable, "scripts/serve.py"], settings_that_fail) as site:
        said, complaint = site.communicate(timeout=PATIENCE)

    assert said == "Bringing the database up to date.\n"
    assert [line.partition(":")[0] for line in complaint.splitlines()] == ["Cannot start"]
    assert site.returncode == 1


@pytest.mark.parametrize(
    ("host", "reached"), [("::1", ["[::1]"]), ("::", ["[::1]", "127.0.0.1"]), ("127.0.0.1", ["127.0.0.1"])]
)
def test_web_server_listens_where_it_is_told(host: str, reached: list[str], environment: dict[str, str]) -> None:
    port = free_port(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    serve.refuse_taken(host, port)

    with started([sys.executable, "-m", "gunicorn", *serve.server_options(host, port)], environment) as web:
        deadline = time.monotonic() + PATIENCE
        while not listens(host, port):
            assert time.monotonic() < deadline
            assert web.poll() is None
        answers = [urllib.request.urlopen(f"http://{name}:{port}/healthz", timeout=5).read() for name in reached]
        web.terminate()
        web.wait(timeout=PATIENCE)

    assert answers == [b"ok\n"] * len(reached)


@pytest.mark.parametrize(
    ("host", "site_url"),
    [("::1", "http://[::1]:8001"), ("::", "http://localhost:8001"), ("127.0.0.1", "http://localhost:8001")],
)
def test_printed_address_is_one_that_can_be_opened(host: str, site_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SITE_URL", "PORT"):
        monkeypatch.setenv(name, "")

    serve.choose_defaults(host, 8001)

    assert os.environ["SITE_URL"] == site_url
