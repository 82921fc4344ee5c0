"""`make run`: sets up the sample site and serves it, web and worker together, until told to stop.

For looking at the site on one machine. Whatever is set in the environment wins over the defaults chosen here; what
production needs is in docs/settings.md and compose.yaml.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]
STOP_SECONDS = 20


def main() -> int:
    """Set up, serve, and return the exit code: 0 when told to stop, 1 when something could not start or died."""
    # People write an IPv6 address with brackets as well.
    host = (os.environ.get("HOST") or "127.0.0.1").removeprefix("[").removesuffix("]")
    port = chosen_port(os.environ.get("PORT") or "8000")
    refuse_taken(host, port)
    choose_defaults(host, port)
    return Site(host, port).run()


def chosen_port(value: str) -> int:
    """Return PORT as a number, or stop with a sentence."""
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        sys.exit(f"Cannot start: PORT is {value!r}; it must be a number between 1 and 65535.")
    return int(value)


def refuse_taken(host: str, port: int) -> None:
    """Stop with a sentence where the address cannot be listened on; before the set-up, which takes a while."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        reason = error.strerror or error
        sys.exit(
            f"Cannot start: {host} port {port} cannot be listened on ({reason}). Choose another one: make run PORT=8001"
        )


def choose_defaults(host: str, port: int) -> None:
    """Put what a first look needs into the environment where nobody has set it: own secrets, and this address."""
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    keys: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(64),
        "FIELD_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BACKUP_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    for name, make in keys.items():
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            os.environ.pop(name, None)
            os.environ[f"{name}_FILE"] = str(kept_secret(VAR_DIR / name.lower(), make))
    # Bound to the IPv6 loopback alone, the site does not answer where `localhost` is the IPv4 one.
    own = "[::1]" if host == "::1" else "localhost"
    for name, value in {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": f"http://{own}:{port}",
        "STAFF_SECOND_FACTOR": "off",
        # Compressing static files takes longer than all the rest; it pays on a public host, not where they lie on this machine.
        "COMPRESS_STATIC": "false",
    }.items():
        if not os.environ.get(name):
            os.environ[name] = value
    os.environ["PORT"] = str(port)


def kept_secret(path: Path, make: Callable[[], str]) -> Path:
    """Write a secret once, readable by its owner only."""
    if not path.exists() or not path.stat().st_size:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make() + "\n")
    return path


class StoppedError(Exception):
    """Somebody asked us to stop, or a server ended."""


class Site:
    """The web server, which sets up the site first, and the worker: both run, or neither.

    Every process is known by its name from its start to its end, so that a second signal can kill them all.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        # Plain, not an Event: its lock may be held by the very code that a second signal interrupts.
        self.asked = False
        self.up = False
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.ended = threading.Event()

    def run(self) -> int:
        """Serve and wait; when a server ends, or on Ctrl-C or TERM, stop everything. Return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            self.serve()
        except StoppedError:
            pass
        finally:
            died = [name for name, process in self.processes.items() if process.poll() is not None]
            for process in self.processes.values():
                end(process)
        if self.asked:
            print("Stopped." if self.up else "Stopped before the site was set up; the next start goes on.", flush=True)
            return 0
        # What was not set up has said why.
        if self.up:
            print(f"The {' and the '.join(died)} ended by itself; everything was stopped.", file=sys.stderr, flush=True)
        return 1

    def serve(self) -> None:
        """Start the web server, fill the desk while it answers, then start the worker and wait until something ends."""
        self.watch("web server", [sys.executable, "-m", "scripts.set_up", *server_options(self.host, self.port)])
        self.wait_until_up()
        self.up = True
        print(f"The site is up: {os.environ['SITE_URL']}/\nInventing requests for the desk.", flush=True)
        login = self.output_of([*MANAGE, "load_demo", "--password-file", str(VAR_DIR / "staff_password")])
        # Only now: the mails of invented requests are deleted before anybody delivers them.
        self.watch("worker", [*MANAGE, "worker"])
        line = "-" * 72
        print(f"\n{line}\nThe site is up: {os.environ['SITE_URL']}/\n{login}", flush=True)
        print(f"Ctrl-C stops web server and worker.\n{line}\n", flush=True)
        self.wait()

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Remember that somebody asked us to stop; whoever asks again does not want to wait."""
        if not self.asked:
            self.asked = True
            return
        for process in self.processes.values():
            # Each leads a group of its own, with its workers in it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        os._exit(1)

    def start(self, name: str, command: list[str], **options: Any) -> subprocess.Popen[str]:
        """Start a process in a session of its own, so that Ctrl-C reaches it through us only; options as of `subprocess.Popen`."""
        process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True, text=True, **options)
        self.processes[name] = process
        return process

    def watch(self, name: str, command: list[str]) -> None:
        """Start a server, and note when it ends."""
        process = self.start(name, command)

        def note() -> None:
            process.wait()
            self.ended.set()

        threading.Thread(target=note, daemon=True).start()

    def output_of(self, command: list[str]) -> str:
        """Run a command to its end and return its output, stripped; stop everything where it failed, which it has told."""
        process = self.start("command", command, stdout=subprocess.PIPE)
        while True:
            # The wait has a limit because a signal handler runs only between steps of the main thread.
            with contextlib.suppress(subprocess.TimeoutExpired):
                output, _ = process.communicate(timeout=0.2)
                break
            self.refuse_to_go_on()
        self.refuse_to_go_on()
        del self.processes["command"]
        if process.returncode:
            sys.exit(1)
        return output.strip()

    def wait_until_up(self) -> None:
        """Return once the web server takes connections."""
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
                return
            self.ended.wait(timeout=0.1)
            self.refuse_to_go_on()

    def wait(self) -> NoReturn:
        """Wait until there is nothing to wait for: see refuse_to_go_on."""
        while True:
            self.ended.wait(timeout=1)
            self.refuse_to_go_on()

    def refuse_to_go_on(self) -> None:
        """Raise StoppedError where there is nothing to go on for."""
        if self.asked or self.ended.is_set():
            raise StoppedError


def server_options(host: str, port: int) -> list[str]:
    """Return what the web server is started with; an IPv6 address is bound in brackets."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return ["--config", "clinic/gunicorn.conf.py", "--bind", address, "clinic.wsgi"]


def end(process: subprocess.Popen[str]) -> None:
    """Ask a process to end, and insist after a while."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
