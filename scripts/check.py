"""`make check`: lint, types, templates, migrations, deploy checks and the house's own rules; all, then the verdict."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.supply import images, licences

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = ("clinic", "content", "consultations")
MAX_LINES = 300
CODE = {".py", ".css", ".js", ".html"}
# What a production host sets; nothing listens at these names.
PRODUCTION = {
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "www.clinic.example",
    "SITE_URL": "https://www.clinic.example",
    "EMAIL_URL": "smtp+tls://mail.clinic.example",
    "DATABASE_URL": "sqlite:////nowhere/clinic.sqlite3",
}


def main() -> int:
    """Run every check, also after one has failed; return 0 when all are clean."""
    programs = commands()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = pool.map(passes, programs, programs.values())
    failed = [name for name, clean in zip(programs, passed, strict=True) if not clean]
    found = {
        "file length": list(long_files()),
        "requirements": list(registry_addresses()),
        "systemd": unit_complaints(),
        "licences": list(licences.complaints()),
        "images": list(images.complaints()),
    }
    for name, complaints in found.items():
        print(
            f"{name:12} {'failed' if complaints else 'ok'}", *complaints, sep="\n  " if complaints else "", flush=True
        )
        failed += [name] if complaints else []
    print(f"\nNot clean: {', '.join(failed)}." if failed else "\nAll clean.", flush=True)
    return 1 if failed else 0


def commands() -> dict[str, list[str]]:
    """Return the programs to run by the name they are shown under, those first that take long."""
    python = sys.executable
    templates = [str(path.relative_to(BASE_DIR)) for path in sorted((BASE_DIR / "templates").rglob("*.html"))]
    manage = [python, "manage.py"]
    return {
        "mypy": [python, "-m", "mypy"],
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "djlint": [python, "-m", "djlint", "--lint", "--quiet", "templates"],
        "djade": [str(Path(python).parent / "djade"), "--target-version", "6.1", "--check", *templates],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "old code": [python, "-m", "scripts.lint_migrations"],
        "deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def passes(name: str, command: list[str]) -> bool:
    """Run one program; show what it said where it complains, and its time where it does not."""
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=BASE_DIR,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    result = f"failed\n{done.stdout}" if done.returncode else f"ok ({time.monotonic() - began:.1f} s)"
    # One write: others may end at the same moment.
    sys.stdout.write(f"{name:12} {result}\n")
    sys.stdout.flush()
    return not done.returncode


def environment() -> dict[str, str]:
    """Return this environment as a production host's."""
    ours = {"DEBUG", "CACHE_URL", "TRUSTED_PROXIES", "PORT", *PRODUCTION}
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in ours}
    return kept | PRODUCTION


def long_files() -> Iterator[str]:
    """Yield the files that want splitting."""
    for folder in (*APPS, "templates", "static", "tests", "scripts"):
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.suffix in CODE and "migrations" not in path.parts:
                lines = len(path.read_text(encoding="utf-8").splitlines())
                if lines > MAX_LINES:
                    yield f"{path.relative_to(BASE_DIR)} has {lines} lines; {MAX_LINES} is the most."


def registry_addresses() -> Iterator[str]:
    """Yield lines of the requirements that name where to download from: that is each machine's own business."""
    for path in sorted(BASE_DIR.glob("requirements*")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if "://" in line or line.lstrip().startswith(
                ("-i ", "--index", "--extra-index", "--find-links", "--trusted-host")
            ):
                yield f"{path.name}:{number} names a download address."


def unit_complaints() -> list[str]:
    """Return what systemd, where this machine has it, says of the units, as if the site were installed here."""
    if not shutil.which("systemd-analyze"):
        return []
    with tempfile.TemporaryDirectory() as folder:
        for unit in sorted((BASE_DIR / "deploy" / "systemd").iterdir()):
            installed = re.sub(r"/srv/clinic/\.venv/bin/\w+", sys.executable, unit.read_text(encoding="utf-8"))
            Path(folder, unit.name).write_text(installed, encoding="utf-8")
        units = sorted(map(str, Path(folder).iterdir()))
        done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()


if __name__ == "__main__":
    sys.exit(main())
