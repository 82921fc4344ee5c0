"""The site as it runs in production: gunicorn and workers as processes of their own, set up by their environment."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.faulting.databases import Database
from scripts.faulting.findings import wait_until
from scripts.processes import HOST, children, free_port, listens

BASE_DIR = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, "manage.py"]
STAFF_INBOX = "desk@clinic.example"
SECRETS = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}
# Whatever these say outside, the run has its own.
OURS = {
    "ALLOWED_HOSTS", "CACHE_URL", "CDN_PURGE_TOKEN", "CDN_PURGE_URL", "DATABASE_POOL", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "EMAIL_URL", "ERASED_FILE", "PORT", "REPLICA_URL",
    "LIMITS", "LOG_FORMAT", "MAIL_LEASE_SECONDS", "MEDIA_STORAGE", "METRICS_HOST", "METRICS_PORT", "REQUESTS_PER_HOUR", "SECRET_KEY_FALLBACKS", "SITE_URL", "STAFF_INBOX", "TRUSTED_PROXIES",
    "GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", *SECRETS,
}  # fmt: skip


class Site:
    """One database, its web server and its workers.

    Args:
        folder: for the logs of the processes.
        lease: MAIL_LEASE_SECONDS of the workers.
        mail_timeout: seconds the workers wait for each answer of the mail server.
    """

    application = "clinic.wsgi"

    def __init__(self, database: Database, folder: Path, *, lease: int = 0, mail_timeout: int = 15) -> None:
        self.database = database
        self.folder = folder
        self.lease = lease
        self.mail_timeout = mail_timeout
        self.port = free_port()
        self.web: subprocess.Popen[bytes] | None = None
        self.processes: list[subprocess.Popen[bytes]] = []

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Return the environment of its processes; only loopback is named in it."""
        kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in OURS}
        return kept | SECRETS | {
            "DATABASE_URL": self.database.url,
            "ERASED_FILE": str(self.folder / "erased"),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"http://{HOST}:{self.port}",
            "EMAIL_URL": f"smtp://{HOST}:{mail_port}?timeout={self.mail_timeout}",
            "MAIL_LEASE_SECONDS": str(self.lease),
            # All visitors here share an address.
            "LIMITS": "all=0",
            # Staff here are in a race for times, not for the desk.
            "STAFF_SECOND_FACTOR": "off",
            "STAFF_INBOX": STAFF_INBOX,
            "DEFAULT_FROM_EMAIL": "hello@clinic.example",
        }  # fmt: skip

    def manage(self, *command: str) -> None:
        """Run a management command; stop everything where it fails."""
        done = subprocess.run(
            [*MANAGE, *command], cwd=BASE_DIR, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}")

    def open(self) -> None:
        """Start the web server and wait until it answers."""
        address = f"{HOST}:{self.port}"
        command = [sys.executable, "-m", "gunicorn", "--config", "clinic/gunicorn.conf.py", "--bind", address]
        self.web = self.start([*command, self.application], "web")
        if not wait_until(self.answers, 60):
            sys.exit(f"The web server does not answer; see {self.folder}/web.log")

    def answers(self) -> bool:
        """Return whether somebody listens at its port."""
        return listens(self.port)

    def web_processes(self) -> list[int]:
        """Return the ids of the web server's processes that answer; they are ours, gunicorn makes new ones."""
        return [] if self.web is None else children(self.web.pid)

    def start_worker(self, mail_port: int) -> subprocess.Popen[bytes]:
        """Start a worker that hands its mails over at a port."""
        return self.start([*MANAGE, "worker", "--pause", "0.2", "--skip-checks"], "worker", mail_port)

    def start(self, command: list[str], log: str, mail_port: int = 9) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own."""
        with (self.folder / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=BASE_DIR,
                env=self.environment(mail_port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Ask a process to end, and insist after a while."""
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            # Its session is its own: what it has started goes with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self) -> None:
        """End every process that was started."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            self.stop(process)

    def said(self, log: str, words: str) -> int:
        """Return in how many lines of a log the words stand."""
        path = self.folder / f"{log}.log"
        return sum(words in line for line in path.read_text(errors="replace").splitlines()) if path.exists() else 0


@contextlib.contextmanager
def running[S: Site](site: S) -> Iterator[S]:
    """Open a site and close it whatever happens."""
    try:
        site.open()
        yield site
    finally:
        site.close()
