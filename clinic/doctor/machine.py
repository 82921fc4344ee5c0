"""Looks at what the site stands on: settings, database, clock, disk, certificates."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.core import checks
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from clinic.doctor.findings import Finding, counted, in_words
from content import replica, versions

GIGABYTE = 10**9
# A second factor's code is good for half a minute.
DRIFT, FAR = dt.timedelta(seconds=2), dt.timedelta(seconds=30)
ENDS_SOON, ENDS_NOW = dt.timedelta(days=30), dt.timedelta(days=7)
AT_HOME = {"localhost", "127.0.0.1", "::1"}


def configuration(now: dt.datetime) -> Iterator[Finding]:
    """Say what `manage.py check` says, with its deploy checks where the site is public."""
    if not settings.HTTPS and urlsplit(settings.SITE_URL).hostname not in AT_HOME:
        yield Finding("SITE_URL is not https: whatever visitors write can be read on its way.", serious=True)
    for message in checks.run_checks(include_deployment_checks=settings.HTTPS):
        if message.level >= checks.WARNING and not message.is_silenced():
            yield Finding(" ".join(f"{message.msg} {message.hint or ''}".split()), serious=message.is_serious())


def migrations(now: dt.datetime) -> Iterator[Finding]:
    """Say whether the database is as this version needs it."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(f"The database lacks {counted(len(plan), 'migration')}: run `manage.py migrate`.", serious=True)


def clock(now: dt.datetime) -> Iterator[Finding]:
    """Compare this machine's clock with that of the database; SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        there: dt.datetime = cursor.fetchone()[0]
    yield from drift(there - before, timezone.now() - before)


def drift(ahead: dt.timedelta, asking: dt.timedelta) -> Iterator[Finding]:
    """Judge how far the database's clock is ahead, as it was read within the time that asking took."""
    off = max(ahead - asking, -ahead, dt.timedelta())
    if off >= DRIFT:
        seconds = round(off.total_seconds())
        yield Finding(
            f"The clocks of this machine and of the database are {counted(seconds, 'second')} apart: let both follow a time server.",
            serious=off >= FAR,
        )


def copy(now: dt.datetime) -> Iterator[Finding]:
    """Look at the copy that REPLICA_URL names: whether it can be used, and has come as far as the database."""
    if replica.ALIAS not in connections.settings:
        return
    try:
        with replica.from_replica():
            behind = versions.current() - versions.current(replica.ALIAS)
    except replica.TROUBLE:
        yield Finding("The replica (REPLICA_URL) cannot be used; the database draws all pages.")
        return
    if behind > 0:
        yield Finding(f"The replica (REPLICA_URL) is {counted(behind, 'edit')} behind; the database draws all pages.")


def disk(now: dt.datetime) -> Iterator[Finding]:
    """Look at the disks of var/, of SQLite's file, and of the list of the erased, which has to be writable."""
    folders = [settings.VAR_DIR, Path(settings.ERASED_FILE).parent]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    there = [_there(folder) for folder in folders]
    for folder in {folder.stat().st_dev: folder for folder in there}.values():
        usage = shutil.disk_usage(folder)
        yield from space(folder, usage.free, usage.total)
    noted = Path(settings.ERASED_FILE)
    if noted.is_dir() or not os.access(noted if noted.exists() else _there(noted.parent), os.W_OK):
        yield Finding(f"The list of the erased, {noted}, cannot be written: nobody can be erased.", serious=True)


def space(folder: Path, free: int, total: int) -> Iterator[Finding]:
    """Judge the free bytes of the disk that a folder is on."""
    if free < GIGABYTE or free < total / 10:
        yield Finding(
            f"The disk of {folder} has {free / GIGABYTE:.1f} GB left, {free * 100 // total} % of it.",
            serious=free < GIGABYTE / 5 or free < total / 50,
        )


def certificates(paths: Iterable[Path], now: dt.datetime) -> Iterator[Finding]:
    """Look at the first certificate in each PEM file."""
    for path in paths:
        try:
            ends = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
        except (OSError, ValueError):
            yield Finding(f"{path} is no certificate that can be read (PEM).", serious=True)
            continue
        if ends <= now:
            yield Finding(f"The certificate in {path} ended {in_words(now - ends)} ago.", serious=True)
        elif ends - now < ENDS_SOON:
            yield Finding(f"The certificate in {path} ends in {in_words(ends - now)}.", serious=ends - now < ENDS_NOW)


def _there(folder: Path) -> Path:
    """Return the folder, or what will hold it once it is made."""
    return next(one for one in (folder, *folder.parents) if one.exists())
