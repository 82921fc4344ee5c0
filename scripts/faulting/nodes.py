"""Two web servers behind nginx, two workers, and Valkey: what dies is started again, as systemd does it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from scripts.faulting.databases import Database
from scripts.faulting.findings import wait_until
from scripts.faulting.site import MANAGE, Site
from scripts.machine.client import Client
from scripts.machine.compose import copy_proxy, temporary_paths
from scripts.processes import HOST, children, free_port, listens

WEB = ("web A", "web B")
WORKERS = ("worker A", "worker B")
CACHE = "Valkey"
# As in deploy/systemd.
RESTART = {"web A": 1.0, "web B": 1.0, "worker A": 5.0, "worker B": 5.0}
# A second node that failed is left alone for a second; what had not been sent to it yet, or only read, goes to the other one.
PROXY = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    {temporary}
    include {folder}/nginx/clinic.conf;
    upstream nodes {{ {nodes} }}
    server {{
        listen {host}:{port};
        set $scheme_of_visitor http;
        include {folder}/nginx/site.inc;
    }}
}}
"""


@dataclass
class Service:
    """A process that is to run, and how it is started."""

    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    pause: float
    started_again: int = 0
    ended_at: float = 0
    wanted: bool = field(default=True)


class Nodes(Site):
    """The site on two nodes; visitors come to nginx."""

    def __init__(self, database: Database, folder: Path, programs: dict[str, str], mail_port: int) -> None:
        super().__init__(database, folder, mail_timeout=2)
        self.programs = programs
        self.mail_port = mail_port
        self.ports = {name: free_port() for name in (*WEB, CACHE)}
        self.services: dict[str, Service] = {}
        self.closing = threading.Event()
        # compose.yaml gives nginx memory for what it keeps; a full disk would have it cut answers off.
        self.memory = Path(tempfile.mkdtemp(prefix="clinic-nginx-", dir="/dev/shm"))

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Return the environment of its processes."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return super().environment(mail_port) | {
            "CACHE_URL": f"redis://{HOST}:{self.ports[CACHE]}/0",
            "GUNICORN_CMD_ARGS": "--workers 1",
            "TMPDIR": str(temporary),
        }

    def open(self) -> None:
        """Start everything, and what looks after it."""
        self.add(CACHE, 1.0, self._start_cache)
        for name in WEB:
            self.add(name, RESTART[name], partial(self._start_web, name))
        for name in WORKERS:
            self.add(name, RESTART[name], partial(self._start_worker, name))
        self.add("nginx", 1.0, self._start_proxy)
        if not wait_until(self.is_well, 90):
            sys.exit(f"The nodes do not answer; see {self.folder}")
        threading.Thread(target=self._look_after, daemon=True).start()

    def add(self, name: str, pause: float, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        """Start a service for the first time."""
        self.services[name] = Service(start, start(), pause)

    def close(self) -> None:
        """End every process that was started."""
        self.closing.set()
        super().close()
        shutil.rmtree(self.memory, ignore_errors=True)

    def is_well(self) -> bool:
        """Return whether both nodes can use the database, and everything else runs."""
        if any(service.process.poll() is not None for service in self.services.values()):
            return False
        with contextlib.suppress(OSError, ValueError):
            return listens(self.ports[CACHE]) and all(
                Client(self.ports[name]).get("/readyz", timeout=5).status == 200 for name in WEB
            )
        return False

    def children(self, name: str) -> list[int]:
        """Return the ids of what a service has started itself."""
        with contextlib.suppress(OSError):
            return children(self.services[name].process.pid)
        return []

    def kill(self, name: str) -> None:
        """Kill a service's first process and wait for another one; systemd takes what is left of it, and starts it again."""
        service = self.services[name]
        before = service.started_again
        service.process.kill()
        wait_until(lambda: service.started_again > before, 60)

    def kill_children(self, name: str) -> None:
        """Kill what a service has started, which is what answers visitors, and wait for others."""
        before = self.children(name)
        for pid in before:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: any(pid not in before for pid in self.children(name)), 60)

    def hold(self, name: str) -> None:
        """Kill a service, and leave it away until `release`."""
        self.services[name].wanted = False
        self.services[name].process.kill()

    def release(self, name: str) -> None:
        """Let a service be started again."""
        self.services[name].wanted = True

    def _look_after(self) -> None:
        while not self.closing.wait(0.1):
            for service in self.services.values():
                if service.process.poll() is None:
                    service.ended_at = 0
                    continue
                service.ended_at = service.ended_at or time.monotonic()
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(service.process.pid, signal.SIGKILL)
                if service.wanted and time.monotonic() - service.ended_at >= service.pause:
                    service.process = service.start()
                    service.started_again += 1

    def _start_web(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gunicorn", "--config", "clinic/gunicorn.conf.py"]
        return self.start([*command, "--bind", f"{HOST}:{self.ports[name]}", self.application], name)

    def _start_worker(self, name: str) -> subprocess.Popen[bytes]:
        return self.start([*MANAGE, "worker", "--pause", "0.2", "--skip-checks"], name, self.mail_port)

    def _start_cache(self) -> subprocess.Popen[bytes]:
        # It forgets everything at a restart, as in compose.yaml.
        options = ["--bind", HOST, "--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return self.start([self.programs[CACHE], "--port", str(self.ports[CACHE]), *options], CACHE)

    def _start_proxy(self) -> subprocess.Popen[bytes]:
        """Start nginx with the files of deploy/nginx and one server in front of both nodes."""
        own, cache = self.folder / "nginx", self.memory
        if not own.exists():
            copy_proxy(own, cache, {}, "set $site http://nodes;\n")
            text = PROXY.format(
                folder=self.folder,
                user="user root;" if os.geteuid() == 0 else "",
                temporary=temporary_paths(cache),
                nodes=" ".join(f"server {HOST}:{self.ports[name]} max_fails=1 fail_timeout=1s;" for name in WEB),
                host=HOST,
                port=self.port,
            )
            (own / "nginx.conf").write_text(text, encoding="utf-8")
        return self.start([self.programs["nginx"], "-c", str(own / "nginx.conf")], "nginx")
