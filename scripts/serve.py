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
    login = set_up()
    return Site(host, port, login).serve()


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


def set_up() -> str:
    """Bring database, static files and sample site up to date; return what `load_demo` says of the staff login."""
    # First of all: a bad setting should be told once, in a sentence, and not by every step.
    step("check", "--fail-level", "ERROR", quiet=True)
    step("migrate", "--no-input", "--verbosity", "0", title="Bringing the database up to date.")
    step("collectstatic", "--no-input", "--verbosity", "0", title="Collecting static files.")
    # Once: what was edited in the admin since must not be undone by starting again.
    step("load_library", "--once", title="Loading the sample site.")
    password_file = str(VAR_DIR / "staff_password")
    return step("load_demo", "--password-file", password_file, title="Inventing requests for the desk.", quiet=True)


def step(*command: str, title: str = "", quiet: bool = False) -> str:
    """Run a management command; return its output where it is quiet, and stop with its complaint where it fails."""
    if title:
        print(title, flush=True)
    output = subprocess.PIPE if quiet else None
    done = subprocess.run([*MANAGE, *command], stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode and "Traceback" in done.stderr:
        reason = done.stderr.strip().rpartition("\n")[2]
        if "OperationalError" in reason:
            sys.exit(f"Cannot start: the database that DATABASE_URL names cannot be used: {reason}")
        sys.exit(f"Cannot start: manage.py {command[0]} failed: {reason}")
    sys.stderr.write(done.stderr)
    if done.returncode:
        sys.exit(done.returncode)
    return (done.stdout or "").strip()


class Site:
    """The web server and the worker: both run, or neither."""

    def __init__(self, host: str, port: int, login: str) -> None:
        self.host = host
        self.port = port
        self.login = login
        # Plain, not an Event: its lock may be held by the very code that a second signal interrupts.
        self.asked = False
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.ended = threading.Event()

    def serve(self) -> int:
        """Start both and wait; when one ends, or on Ctrl-C or TERM, stop the other."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        address = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "clinic/gunicorn.conf.py",
            "--bind",
            address,
            "clinic.wsgi",
        ]
        self.processes["web server"] = self.start(web)
        self.processes["worker"] = self.start([*MANAGE, "worker"])
        self.greet_when_up()
        while not self.ended.wait(timeout=1):
            # The wait has a limit because a signal handler runs only between steps of the main thread.
            if self.asked:
                break
        died = [name for name, process in self.processes.items() if process.poll() is not None]
        for process in self.processes.values():
            end(process)
        if self.asked:
            print("Stopped.", flush=True)
            return 0
        print(f"The {' and the '.join(died)} ended by itself; everything was stopped.", file=sys.stderr, flush=True)
        return 1

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

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own, so that Ctrl-C reaches it through us only, and watch for its end."""
        process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True)

        def watch() -> None:
            process.wait()
            self.ended.set()

        threading.Thread(target=watch, daemon=True).start()
        return process

    def greet_when_up(self) -> None:
        """Say where the site is and who may log in, once it answers; nothing where it does not come up."""
        while not (self.asked or self.ended.wait(timeout=0.1)):
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
                line = "-" * 72
                print(f"\n{line}\nThe site is up: {os.environ['SITE_URL']}/", flush=True)
                print(f"{self.login}\nCtrl-C stops web server and worker.\n{line}\n", flush=True)
                return


def end(process: subprocess.Popen[bytes]) -> None:
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
