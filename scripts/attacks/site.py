"""The site under attack: web server and worker as processes of their own, with the limits of production."""

from __future__ import annotations

import email
import email.policy
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

from scripts.faulting.databases import Database
from scripts.faulting.site import MANAGE, Site
from scripts.processes import HOST


class AttackedSite(Site):
    """A site whose mails land in a folder, so that an attacker's own mailbox can be read.

    Args:
        checkout: the source tree that is run; another one than ours shows what an older version answered.
        settings: environment on top of the usual.

    Attributes:
        quick: whether attacks do with few tries.
    """

    quick = False

    def __init__(self, database: Database, folder: Path, checkout: Path, **settings: str) -> None:
        super().__init__(database, folder)
        self.checkout = checkout
        self.settings = settings
        self.mails = folder / "mails"

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Return the environment of its processes: mails are files, and nothing is said of limits."""
        found = super().environment(mail_port)
        found.pop("LIMITS", None)
        found.pop("REQUESTS_PER_HOUR", None)
        return found | {"EMAIL_URL": f"file://{self.mails}", "PYTHONPATH": str(self.checkout)} | self.settings

    def manage(self, *command: str) -> None:
        """Run a management command; stop everything where it fails."""
        self.output_of(*command)

    def output_of(self, *command: str) -> str:
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [*MANAGE, *command], cwd=self.checkout, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, command: list[str], log: str, mail_port: int = 9) -> subprocess.Popen[bytes]:
        """Start a process of the tree under attack in a session of its own."""
        with (self.folder / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=self.checkout,
                env=self.environment(mail_port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails that left for an address, the oldest first."""
        return [mail for mail in self.all_mails() if address in str(mail["To"])]

    def all_mails(self) -> list[EmailMessage]:
        """Return every mail that left; Django's file backend separates them by a line of dashes."""
        texts = [path.read_bytes() for path in sorted(self.mails.glob("*.log"))]
        parts = [part.strip() for text in texts for part in text.split(b"-" * 79)]
        return [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part]

    def wait_for_quiet(self, seconds: float = 3, patience: float = 60) -> None:
        """Wait until no mail has left for some seconds, or the patience is over."""
        seen, since, until = -1, 0.0, time.monotonic() + patience
        while (now := time.monotonic()) < until and now - since < seconds:
            if (count := len(self.all_mails())) != seen:
                seen, since = count, now
            time.sleep(0.2)

    def log(self) -> str:
        """Return what web server and worker logged."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    @property
    def address(self) -> str:
        """Its origin."""
        return f"http://{HOST}:{self.port}"
