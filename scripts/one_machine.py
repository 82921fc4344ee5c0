"""`make machine`: starts what compose.yaml starts, without containers, from the same files, and checks it as a technician would.

Needs nginx, Valkey or Redis, PostgreSQL and openssl on this machine, and leaves nothing behind. What only containers have, such as
their names, is replaced, and every replaced line is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.cluster import Cluster, server_binaries, throwaway_cluster
from scripts.faulting.databases import PostgreSQL
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.site import OURS
from scripts.machine.compose import BASE_DIR, Plan
from scripts.processes import HOST, free_port, listens, nginx, valkey

PORTS = ("8443", "8080", "8000", "6379", "web", "web metrics", "worker metrics", "file", "same", "mail")


def main(arguments: list[str]) -> int:
    """Start, check, measure where asked; return 0 when every check passed."""
    parser = argparse.ArgumentParser(prog="make machine", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--bench", action="store_true", help="Also measure kept pages beside a file (needs wrk).")
    parser.add_argument("--stay", action="store_true", help="Stay up after the checks, until Ctrl-C.")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    programs = {"nginx": nginx(), "valkey": valkey()}
    binaries = server_binaries()
    if missing := [name for name, path in (programs | {"PostgreSQL": binaries}).items() if path is None]:
        sys.exit(f"Not installed on this machine: {', '.join(missing)}.")
    with tempfile.TemporaryDirectory(prefix="clinic-machine-") as name, throwaway_cluster(binaries) as cluster:  # type: ignore[arg-type]  # not None by now
        machine = Machine(Path(name), cluster, {key: str(path) for key, path in programs.items()})
        with machine.running():
            # Only now is there an environment for the site's own modules.
            checks = importlib.import_module("scripts.machine.checks")
            findings: Findings = checks.run(machine)
            print(*findings.lines(), sep="\n", flush=True)
            if options.bench:
                importlib.import_module("scripts.machine.bench").run(machine)
            if options.stay:
                print(f"\nUp: https://{HOST}:{machine.ports['8443']}/ (Ctrl-C ends it)", flush=True)
                print(f"manage of docs/operating.md: {machine.write_manage()}", flush=True)
                with contextlib.suppress(KeyboardInterrupt):
                    signal.pause()
    print("\nFailed." if findings.failed else "\nAll as it must be.")
    return int(findings.failed)


class Machine:
    """All processes of compose.yaml on this machine."""

    def __init__(self, folder: Path, cluster: Cluster, programs: dict[str, str]) -> None:
        self.folder = folder
        self.cluster = cluster
        self.programs = programs
        self.ports = {name: free_port() for name in PORTS}
        # What an operator names; the rest is as the file has it.
        given = {"SITE_HOST": HOST, "STAFF_INBOX": "desk@clinic.example", "TRUSTED_PROXIES": HOST}
        self.plan = Plan(folder, given, self.ports)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        # Of the request that the checks leave: a key, which no log may have.
        self.private_path = ""

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start everything in the order of compose.yaml, and end it."""
        try:
            self.make_secrets()
            os.environ.update(self.environment("web"))
            for name in OURS - set(self.environment("web")):
                os.environ.pop(name, None)
            self.start_cache()
            self.once(self.plan.command("migrate", "python", sys.executable))
            self.once([sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"])
            self.once([sys.executable, "manage.py", "load_library", "--verbosity", "0"])
            self.back_up()
            self.start_web()
            self.start("worker", self.plan.command("worker", "python", sys.executable))
            self.start_proxy()
            yield
        finally:
            for name in reversed(list(self.processes)):
                self.stop(name)

    def make_secrets(self) -> None:
        """Make the secrets as an operator does, and a certificate that nobody trusts."""
        script = ["sh", str(BASE_DIR / "deploy" / "secrets.sh"), f"smtp://{HOST}:{self.ports['mail']}"]
        subprocess.run(script, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        (self.folder / "secrets" / "database_url").write_text(self.cluster.url)
        certificates = self.folder / "secrets" / "certificates"
        request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        names = ["-days", "2", "-subj", "/CN=clinic", "-addext", f"subjectAltName=IP:{HOST}"]
        files = ["-keyout", str(certificates / "privkey.pem"), "-out", str(certificates / "fullchain.pem")]
        subprocess.run([*request, *names, *files], check=True, stderr=subprocess.DEVNULL)

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables of a service: those of compose.yaml, and a port of its own for its metrics."""
        own = {"METRICS_PORT": str(self.ports.get(f"{service} metrics", 0)), "PORT": str(self.ports["web"])}
        return self.plan.environment(service) | own

    def start_cache(self) -> None:
        """Start the cache server, and wait until it answers."""
        command = self.plan.command("valkey", "valkey-server", self.programs["valkey"])
        self.step("cache", [*command, "--port", str(self.ports["6379"])], self.ports["6379"])

    def start_web(self) -> None:
        """Start the web server, and wait until its health check passes."""
        self.start("web", self.plan.command("web", "sh", "sh"))
        if not wait_until(self.is_well, 60):
            sys.exit(f"The web server's health check never passed.\n{self.log('web')}")

    def is_well(self) -> bool:
        """Run the web server's health check."""
        _, *arguments = self.plan.health_check("web")
        return not subprocess.run([sys.executable, *arguments], check=False, stderr=subprocess.DEVNULL).returncode

    def start_proxy(self) -> None:
        """Let nginx read the files as containers have them, then start it with those of this machine."""
        user = "user root;" if os.geteuid() == 0 else ""
        with_names, _ = self.plan.write_proxy("nginx-with-names", user)
        main, changed = self.plan.write_proxy("nginx", user, f"set $site http://{HOST}:{self.ports['web']};")
        for each in (with_names, main):
            if subprocess.run([self.programs["nginx"], "-t", "-q", "-c", str(each)], check=False).returncode:
                sys.exit("nginx refuses deploy/nginx.")
        print("Lines of deploy/nginx that are others on this machine:", *changed, sep="\n  ", flush=True)
        (self.folder / "nginx" / "file").mkdir()
        self.step("proxy", [self.programs["nginx"], "-c", str(main)], self.ports["8443"])

    def once(self, command: list[str]) -> None:
        """Run a command of the site to its end."""
        environment = os.environ | self.environment("migrate")
        done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command[1:])} failed:\n{done.stdout}{done.stderr}")

    def back_up(self) -> None:
        """Make a backup and restore it into an empty database, as the operator does."""
        file = self.folder / "clinic.backup"
        environment = os.environ | self.plan.environment("backup")
        with file.open("wb") as out:
            command = self.plan.command("backup", "python", sys.executable)
            done = subprocess.run(
                command, cwd=BASE_DIR, env=environment, stdout=out, stderr=subprocess.PIPE, check=False
            )
        address = self.folder / "secrets" / "try_url"
        address.write_text(PostgreSQL.empty(self.cluster, "clinic_try").url)
        restoring = [sys.executable, "manage.py", "restore", str(file), "--nobody-erased"]
        environment["DATABASE_URL_FILE"] = str(address)
        if done.returncode or subprocess.run(restoring, cwd=BASE_DIR, env=environment, check=False).returncode:
            sys.exit(f"No backup was made, or it could not be restored.\n{done.stderr.decode()}")

    def write_manage(self) -> Path:
        """Write what stands for `docker compose run --rm web python manage.py`, and can make backups, and return where it is."""
        variables = self.plan.environment("web") | self.plan.environment("backup")
        exports = [f"export {name}={shlex.quote(value)}" for name, value in sorted(variables.items())]
        command = f'exec {shlex.quote(sys.executable)} manage.py "$@"'
        script = self.folder / "manage"
        script.write_text("\n".join(["#!/bin/sh", *exports, f"cd {shlex.quote(str(BASE_DIR))}", command, ""]))
        script.chmod(0o700)
        return script

    def step(self, name: str, command: list[str], port: int) -> None:
        """Start a server, and wait until it listens."""
        self.start(name, command)
        if not wait_until(lambda: listens(port), 20):
            sys.exit(f"{name} did not come up.\n{self.log(name)}")

    def start(self, name: str, command: list[str]) -> None:
        """Start a process, with a log of its own."""
        environment = os.environ | (self.environment(name) if name in {"web", "worker"} else {})
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment.get('PATH', '')}"
        with self.log_file(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self, name: str) -> None:
        """End a process and what it has started."""
        process = self.processes.pop(name)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        self.signal_all(process, signal.SIGKILL)
        process.wait()

    def signal_all(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal to a process and what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)

    def log_file(self, name: str) -> Path:
        """Return where a process writes what it says."""
        return self.folder / f"{name}.log"

    def log(self, name: str) -> str:
        """Return what a process has said."""
        return self.log_file(name).read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    began = time.monotonic()
    code = main(sys.argv[1:])
    print(f"{time.monotonic() - began:.0f} s.")
    sys.exit(code)
