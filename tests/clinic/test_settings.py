"""A bad setting stops the start with one sentence that says which and why, and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from clinic import env

GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "www.clinic.example",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
}
BAD = {
    "SECRET_KEY": ("", "SECRET_KEY is missing"),
    "FIELD_KEYS": ("", "FIELD_KEYS is missing"),
    "BACKUP_KEY": ("short", "Key 1 in BACKUP_KEY is not a Fernet key."),
    "ALLOWED_HOSTS": (" , ", "ALLOWED_HOSTS is missing"),
    "PORT": ("abc", "PORT:"),
    "DEBUG": ("perhaps", "DEBUG:"),
    "DATABASE_URL": ("nonsense", "DATABASE_URL must be"),
    "REPLICA_URL": ("postgresql://localhost/clinic", "REPLICA_URL must be"),
    "CDN_PURGE_URL": ("cdn.example", "CDN_PURGE_URL must be"),
    "SITE_URL": ("www.clinic.example", "SITE_URL must be"),
    "EMAIL_URL": ("pigeon://loft", "EMAIL_URL must be"),
    "CACHE_URL": ("memory", "CACHE_URL must be"),
    "TRUSTED_PROXIES": ("10.0.0.0/8, the other one", "TRUSTED_PROXIES holds something"),
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment that holds nothing of ours but what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", BAD)
def test_bad_value_stops_the_start_with_a_sentence(name: str) -> None:
    value, words = BAD[name]

    done = run("manage.py", "check", **GOOD | {name: value})

    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.startswith("Cannot start: ")
    assert "Traceback" not in done.stderr


def test_password_is_not_repeated_in_the_sentence() -> None:
    done = run("manage.py", "check", **GOOD | {"DATABASE_URL": "oracle://clinic:s3cret@host/name"})

    assert "DATABASE_URL must be" in done.stderr
    assert "s3cret" not in done.stderr


def test_port_out_of_range_is_told() -> None:
    done = run("manage.py", "check", **GOOD | {"PORT": "70000"})

    assert (done.returncode, done.stderr) == (1, "Cannot start: PORT is 70000; it must be between 1 and 65535.\n")


def test_field_key_that_is_no_key_is_an_error() -> None:
    done = run("manage.py", "check", **GOOD | {"FIELD_KEYS": "short"})

    assert done.returncode == 1
    assert "Key 1 in FIELD_KEYS is not a Fernet key." in done.stderr


def test_backup_key_that_is_also_a_field_key_is_an_error() -> None:
    done = run("manage.py", "check", **GOOD | {"BACKUP_KEY": GOOD["FIELD_KEYS"]})

    assert (done.returncode, done.stderr) == (
        1,
        "Cannot start: BACKUP_KEY is also in FIELD_KEYS: a backup needs a key of its own.\n",
    )


def test_secret_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.write_text("f0123456789" * 5 + "abcdef" + "\n", encoding="utf-8")
    environment = {name: value for name, value in GOOD.items() if name != "SECRET_KEY"}

    done = run("manage.py", "shell", "--no-imports", "-c", SHOW_KEY, **environment, SECRET_KEY_FILE=str(file))

    assert done.stdout.strip() == "f0123456789" * 5 + "abcdef"


SHOW_KEY = "from django.conf import settings; print(settings.SECRET_KEY)"


def test_gunicorn_ends_with_the_sentence() -> None:
    options = ["--config", "clinic/gunicorn.conf.py", "--bind", "127.0.0.1:0", "clinic.wsgi"]

    done = run("-m", "gunicorn", *options, **GOOD | {"SECRET_KEY": ""})

    assert done.returncode == 1
    assert "Cannot start: SECRET_KEY is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_environment_passes_every_deploy_check() -> None:
    production = GOOD | {
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "SITE_URL": "https://www.clinic.example",
        "EMAIL_URL": "smtp://mail.clinic.example",
    }

    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **production)

    assert (done.returncode, done.stderr) == (0, "")


def test_public_site_that_keeps_its_mail_is_warned() -> None:
    public = GOOD | {"SITE_URL": "https://www.clinic.example", "EMAIL_URL": "console:"}

    done = run("manage.py", "check", "--deploy", **public)

    assert "Mail does not leave this machine." in done.stderr


def test_sqlite_takes_the_write_lock_at_begin_and_waits_for_others() -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"

    options = run("manage.py", "shell", "--no-imports", "-c", code, **GOOD).stdout

    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "'timeout': 20" in options
    assert "journal_mode=WAL" in options


def test_postgresql_is_pooled() -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default'])"
    url = "postgresql://clinic@db.example/clinic"

    database = run("manage.py", "shell", "--no-imports", "-c", code, **GOOD | {"DATABASE_URL": url}).stdout

    assert "'CONN_MAX_AGE': 0" in database
    assert "'pool': {'min_size': 1, 'max_size': 8, 'timeout': 10}" in database


def test_postgresql_compiles_no_plans_unless_the_url_says_so() -> None:
    own = env.database("postgresql://clinic@db.example/clinic?options=-c%20jit%3Don", pool_size=8)

    # Of two, the later one counts.
    assert own["OPTIONS"]["options"] == "-c jit=off -c random_page_cost=1.1 -c jit=on"


def test_postgresql_is_reached_by_the_folder_of_its_socket() -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"
    url = "postgresql://clinic@%2Fvar%2Frun%2FPostgres/clinic"

    host = run("manage.py", "shell", "--no-imports", "-c", code, **GOOD | {"DATABASE_URL": url}).stdout

    assert host.strip() == "/var/run/Postgres"


SECRET = "s3cr"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CACHE_URL", "redis://:s3cr#et@host"),
        ("CACHE_URL", "redis://u:12#s3cr@host"),
        ("DATABASE_URL", "postgresql://u:[s3cr@host/name"),
        ("DATABASE_URL", "postgresql://u:12/s3cr@host/name"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "postgresql://u:s3cr@host/name?nope=1"),
        ("EMAIL_URL", "smtp://u:12?s3cr@host"),
        ("EMAIL_URL", "smtp://mail.example?timeout=0"),
        ("EMAIL_URL", "smtp://mail.example:99999"),
        ("SITE_URL", "https://u:s3cr@clinic.example"),
        ("SITE_URL", "https://clinic.example:99999"),
        ("SITE_URL", "https://clinic.example/path?s3cr"),
        ("STAFF_INBOX", "nope"),
        ("DEFAULT_FROM_EMAIL", "a@b.example, c@d.example"),
        ("SITE_URL", "https://my_clinic.example"),
        ("ALLOWED_HOSTS", "https://clinic.example/path"),
        ("ALLOWED_HOSTS", "www.clinic.example,my_clinic.example"),
        ("SECRET_KEY_FILE", "/nowhere/s3cr"),
        ("EMAIL_URL_FILE", sys.executable),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("DATABASE_POOL", "0"),
        ("METRICS_PORT", "70000"),
        ("LOG_FORMAT", "s3cr"),
        ("SECRET_KEY", "abc"),
        ("SECRET_KEY", "k" * 60),
        ("SECRET_KEY", "abcdefghijkl" * 5),
        ("SECRET_KEY", "django-insecure-0123456789abcdefghijklmnopqrstuvwxyzABCDEF"),
        ("SECRET_KEY_FALLBACKS", "short"),
    ],
)
def test_setting_that_cannot_work_is_refused_without_its_value(name: str, value: str) -> None:
    done = run("-c", "import clinic.wsgi", **GOOD | {name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot start: {name} ")
    assert (SECRET in done.stderr, "Traceback" in done.stderr) == (False, False)
