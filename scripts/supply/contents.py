"""The contents of the image without an image: the files that the Dockerfile copies, the locked packages, collected static files.

The same commit, lock, Python and kind of machine give the same bytes: times are the commit's, the order is that of the names,
owners are nobody in particular, and nothing holds the path it was built at.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from scripts.supply.lock import BASE_DIR

COPIED = re.compile(r"^COPY (?!--from)(\S+) \S+$", re.MULTILINE)
PACKAGES = "packages"
# Collecting needs settings that pass, and no secret; as in the Dockerfile.
SETTINGS = {
    "SECRET_KEY": "only-while-the-image-is-built-0123456789-abcdefghijklmnop",
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "localhost",
}


def platform_name() -> str:
    """Return which Python and machine the packages are for, as wheels say it: cp313-linux_x86_64."""
    machine = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"cp{sys.version_info.major}{sys.version_info.minor}-{machine}"


def copied(dockerfile: str) -> list[str]:
    """Return what the last stage of a Dockerfile copies from the project."""
    return COPIED.findall(dockerfile[dockerfile.rindex("\nFROM ") :])


def build(tree: Path, commit: str) -> None:
    """Fill an empty folder with what the image of a commit would hold in /srv/clinic and in its virtual environment."""
    paths = copied((BASE_DIR / "Dockerfile").read_text(encoding="utf-8"))
    archive = subprocess.Popen(["git", "archive", commit, "--", *paths], cwd=BASE_DIR, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(tree)], stdin=archive.stdout, check=True)
    if archive.wait():
        sys.exit(f"git archive could not give {', '.join(paths)} of {commit}.")
    install(tree / PACKAGES)
    collect_static(tree)
    if (var := tree / "var").exists():
        # The settings make it; the site it runs on makes its own, for itself alone.
        var.rmdir()
    for folder in sorted(tree.rglob("__pycache__")):
        shutil.rmtree(folder)


def install(packages: Path) -> None:
    """Install the locked packages, each file of them by its hash, none built here."""
    how = ["--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *how, "--target", str(packages), "-r", "requirements.txt"]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
    # They name the Python that installed them; `python -m gunicorn` does without.
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for record in packages.glob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        record.write_text("".join(line for line in lines if "../bin/" not in line), encoding="utf-8")


def collect_static(tree: Path) -> None:
    """Collect the static files with the installed packages alone: -S keeps those of this environment away."""
    command = [sys.executable, "-S", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    environment = SETTINGS | {"PYTHONPATH": str(tree / PACKAGES), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=tree, env=environment, check=True)


def pack(tree: Path, file: Path, *, name: str, at: int) -> None:
    """Write a folder as .tar.gz.

    Args:
        name: the one folder in it.
        at: the time of all files, in seconds since 1970.
    """

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = at, 0, 0, "", ""
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        file.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=at) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        # `add` goes down in the order of the names.
        tar.add(tree, arcname=name, filter=plain)
