"""The machines that are played: two nodes with web server and worker, a proxy, and outside them PostgreSQL, Valkey and a mail server."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from scripts.cluster import Cluster
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.findings import wait_until
from scripts.faulting.mailserver import MailServer
from scripts.faulting.site import BASE_DIR, OURS, SECRETS
from scripts.machine.compose import NGINX_DIR, copy_proxy, temporary_paths
from scripts.nodes.network import Network
from scripts.processes import listens

SITE = "www.clinic.example"
NODES = ("a", "b")
PORT = 8000
MANAGER, PASSWORD = "manager", secrets.token_urlsafe(16)
# How many new requests an address may send within an hour.
REQUESTS = 6
MAIN = """\
daemon off;
user root;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    {temporary}
    include {folder}/nodes.conf;
    include {folder}/clinic.conf;
    include {folder}/plain.conf;
}}
"""
# A request may name the node that is to answer it, past all that the proxy keeps; every answer names those that were asked.
UPSTREAM = """\
set $site http://clinic;
if ($http_x_node = a) {{ set $site http://{a}:{port}; }}
if ($http_x_node = b) {{ set $site http://{b}:{port}; }}
proxy_cache_bypass $http_x_node;
proxy_no_cache $http_x_node;
add_header X-Asked $upstream_addr always;
"""


@dataclass
class Machines:
    """Everything that runs.

    Attributes:
        releases: the folder of the code that each node runs.
        own: settings that a node has for itself, against all rules.
        processes: by node and what it is, such as ("a", "web").
    """

    folder: Path
    network: Network
    cluster: Cluster
    mail: MailServer
    programs: Mapping[str, str]
    releases: dict[str, Path] = field(default_factory=lambda: dict.fromkeys(NODES, BASE_DIR))
    own: dict[str, dict[str, str]] = field(default_factory=lambda: {node: {} for node in NODES})
    processes: dict[tuple[str, str], subprocess.Popen[bytes]] = field(default_factory=dict)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def database(self) -> PostgreSQL:
        """The database, as somebody on its own machine sees it."""
        return PostgreSQL(self.cluster, "postgres")

    def environment(self, node: str = "") -> dict[str, str]:
        """Return the environment of the site's processes: the same on both nodes but for what is their `own`."""
        kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in OURS}
        outside = self.network.outside
        return kept | SECRETS | {
            "DATABASE_URL": f"postgresql://clinic:{self.password}@{outside}/postgres",
            "CACHE_URL": f"redis://:{self.password}@{outside}:6379/0",
            "EMAIL_URL": f"smtp://{outside}:{self.mail.port}?timeout=5",
            "ERASED_FILE": str(self.folder / f"erased-{node}"),
            "ALLOWED_HOSTS": SITE,
            "SITE_URL": f"https://{SITE}",
            "TRUSTED_PROXIES": self.network.address("proxy"),
            "REQUESTS_PER_HOUR": str(REQUESTS),
            "STAFF_SECOND_FACTOR": "off",
            "STAFF_INBOX": "desk@clinic.example",
            "DEFAULT_FROM_EMAIL": "hello@clinic.example",
            "COMPRESS_STATIC": "0",
            "LOG_FORMAT": "json",
        } | self.own.get(node, {})  # fmt: skip

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start everything but the workers, with the sample site and somebody who may do all at the desk; end it whatever happens."""
        try:
            self.open_database()
            self.start("", "cache", [self.programs["valkey"], "--bind", self.network.outside, "--port", "6379",
                                     "--requirepass", self.password, "--save", "", "--appendonly", "no"])  # fmt: skip
            for command in ("migrate --no-input", "collectstatic --no-input", "load_library", f"createsuperuser --no-input --username {MANAGER} --email m@clinic.example"):  # fmt: skip
                self.manage(self.releases[NODES[0]], *command.split())
            for node in NODES:
                self.start_web(node)
            self.start_proxy()
            yield
        finally:
            for key in list(self.processes):
                self.stop(*key, patience=5)

    def open_database(self) -> None:
        """Let the played machines ask the database, with a password."""
        rule = f"host all all {self.network.prefix}.0/24 scram-sha-256\n"
        with (self.cluster.folder / "data" / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write(rule)
        self.cluster.control("reload")
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER ROLE clinic PASSWORD {}").format(sql.Literal(self.password)))

    def manage(self, release: Path, *command: str) -> None:
        """Run a management command of a release; stop everything where it fails."""
        environment = self.environment() | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        done = subprocess.run([sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=release, env=environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        if done.returncode:
            sys.exit(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}")

    def start_web(self, node: str) -> None:
        """Start a node's web server and wait until it is ready."""
        bind = f"{self.network.address(node)}:{PORT}"
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "clinic/gunicorn.conf.py",
            "--bind",
            bind,
            "clinic.wsgi",
        ]
        self.start(node, "web", command)
        if not wait_until(lambda: self.is_ready(node), 60, 0.1):
            sys.exit(f"Node {node} is not ready:\n{self.log(node, 'web')[-3000:]}")

    def is_ready(self, node: str) -> bool:
        """Ask a node itself, as whoever deploys does before it gets requests."""
        connection = http.client.HTTPConnection(self.network.address(node), PORT, timeout=2)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz", headers={"Host": SITE})
            return connection.getresponse().status == 200
        return False

    def start_worker(self, node: str) -> None:
        """Start a node's worker."""
        self.start(node, "worker", [sys.executable, "manage.py", "worker", "--pause", "0.5", "--skip-checks"])

    def start_proxy(self) -> None:
        """Start nginx with the files of deploy/, which know other addresses."""
        folder = self.folder / "nginx"
        cache = folder / "cache"
        nodes = {node: self.network.address(node) for node in NODES}
        places = {f"10.0.0.{11 + number}:8000": f"{nodes[node]}:{PORT}" for number, node in enumerate(NODES)}
        copy_proxy(folder, cache, places, UPSTREAM.format(port=PORT, **nodes))
        cache.mkdir()
        main = MAIN.format(folder=folder, temporary=temporary_paths(cache))
        (folder / "nginx.conf").write_text(main, encoding="utf-8")
        self.network.tune("proxy", NGINX_DIR.parent / "proxy-sysctl.conf")
        self.start("proxy", "nginx", [self.programs["nginx"], "-c", str(folder / "nginx.conf")])

        if not wait_until(lambda: listens(PORT, self.network.address("proxy")), 20):
            sys.exit(f"nginx did not come up.\n{self.log('proxy', 'nginx')}")

    def start(self, place: str, name: str, command: Sequence[str]) -> None:
        """Start a process on a played machine, or outside where it is "", with a log of its own."""
        where = self.network.inside(place, command) if place else list(command)
        with self.log_file(place, name).open("ab") as log:
            self.processes[place, name] = subprocess.Popen(
                where, cwd=self.releases.get(place, BASE_DIR), env=self.environment(place), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, place: str, name: str, patience: float = 40) -> None:
        """Ask a process to end as an operator does, and insist after a while."""
        process = self.processes.pop((place, name))
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def lose(self, node: str) -> None:
        """Let a node vanish: its cable first, so that its connections are not even closed, then all that runs on it."""
        self.network.cut(node)
        for pid in self.network.processes(node):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for key in [key for key in self.processes if key[0] == node]:
            self.processes.pop(key).wait()

    def bring_back(self, node: str) -> None:
        """Start a node that was lost."""
        self.network.join(node)
        self.start_web(node)
        self.start_worker(node)

    def log_file(self, place: str, name: str) -> Path:
        """Return where a process writes what it says."""
        return self.folder / f"{name}-{place}.log"

    def log(self, place: str, name: str) -> str:
        """Return what a process has said."""
        return self.log_file(place, name).read_text(encoding="utf-8", errors="replace")

    def views(self, node: str) -> list[str]:
        """Return by which views a node has answered so far."""
        return re.findall(r'"view": "([^"]*)"', self.log(node, "web"))
