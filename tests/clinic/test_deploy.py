"""The scripts that an operator runs before there is a site."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"
GIVEN = ("www.clinic.example", "desk@clinic.example", "smtp+tls://user:pass%23word@mail.example")


def run(script: str, *arguments: str, cwd: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script of deploy/ with these variables and no others, in a folder where one is given."""
    environment = {"PATH": os.environ["PATH"]} | variables
    command = ["/bin/sh", str(DEPLOY / script), *arguments]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)


def settings_in(file: Path) -> dict[str, str]:
    """Return the settings in a file, by name."""
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the settings that the script makes."""
    assert run("environment.sh", *GIVEN, FOLDER=str(tmp_path / "clinic")).returncode == 0
    return tmp_path / "clinic"


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """Return a PATH on which becoming another user prints the variables instead."""
    program = tmp_path / "bin" / "setpriv"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


def test_settings_are_made_with_secrets_of_their_own_and_for_their_owner_only(folder: Path) -> None:
    made, key = settings_in(folder / "environment"), settings_in(folder / "backup")

    secrets = {name: made.pop(name) for name in ("SECRET_KEY", "FIELD_KEYS")}
    assert made == {
        "ALLOWED_HOSTS": "www.clinic.example",
        "SITE_URL": "https://www.clinic.example",
        "DATABASE_URL": "postgresql://clinic@%2Fvar%2Frun%2Fpostgresql/clinic",
        "EMAIL_URL": "smtp+tls://user:pass%23word@mail.example",
        "STAFF_INBOX": "desk@clinic.example",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    assert (len(secrets["SECRET_KEY"]), list(key)) == (64, ["BACKUP_KEY"])
    Fernet(secrets["FIELD_KEYS"])
    Fernet(key["BACKUP_KEY"])
    assert key["BACKUP_KEY"] != secrets["FIELD_KEYS"]
    assert [oct(path.stat().st_mode & 0o777) for path in sorted(folder.iterdir())] == ["0o600", "0o600"]


def test_settings_that_are_there_stay_as_they_are(folder: Path) -> None:
    before = [(folder / name).read_text() for name in ("environment", "backup")]

    done = run("environment.sh", GIVEN[0], GIVEN[1], "smtp://other.example", FOLDER=str(folder))

    assert [(folder / name).read_text() for name in ("environment", "backup")] == before
    assert done.stderr == (
        f"{folder}/environment has another EMAIL_URL, and stays as it is: to change it, write the new one into that file.\n"
    )


def test_settings_asked_for_again_as_they_are_are_no_trouble(folder: Path) -> None:
    done = run("environment.sh", *GIVEN, FOLDER=str(folder))

    assert (done.returncode, done.stderr) == (0, "")


def test_another_mail_server_for_secrets_that_are_there_is_told_and_not_taken(tmp_path: Path) -> None:
    server = "smtp://mail.example"
    made, again, other = (run("secrets.sh", one, cwd=str(tmp_path)) for one in (server, server, "smtp://other.example"))

    assert (tmp_path / "secrets" / "email_url").read_text() == server
    assert [made.stderr, again.stderr, other.stderr] == [
        "",
        "",
        "secrets/email_url names another mail server, and stays as it is: to change it, write the new one into that file.\n",
    ]


def test_settings_are_not_made_without_name_mailbox_and_mail_server(tmp_path: Path) -> None:
    done = run("environment.sh", "www.clinic.example", FOLDER=str(tmp_path / "clinic"))

    assert (done.returncode, (tmp_path / "clinic").exists()) == (1, False)
    assert done.stderr.startswith("Name the site, the mailbox for new requests and the mail server:")


@pytest.mark.parametrize(("command", "has_key"), [("doctor", False), ("backup", True), ("restore", True)])
def test_commands_run_with_the_settings_and_those_for_backups_with_their_key(
    folder: Path, programs: str, command: str, *, has_key: bool
) -> None:
    shown = dict(
        line.split("=", 1) for line in run("manage.sh", command, PATH=programs, FOLDER=str(folder)).stdout.splitlines()
    )

    wanted = settings_in(folder / "environment")
    assert {name: shown.get(name) for name in wanted} == wanted
    assert ("BACKUP_KEY" in shown) == has_key


def test_what_is_set_for_one_command_counts_more(folder: Path, programs: str) -> None:
    done = run("manage.sh", "restore", PATH=programs, FOLDER=str(folder), DATABASE_URL="sqlite:////tmp/try")

    assert "DATABASE_URL=sqlite:////tmp/try" in done.stdout.splitlines()


def test_command_before_the_settings_says_what_comes_first(tmp_path: Path, programs: str) -> None:
    done = run("manage.sh", "migrate", PATH=programs, FOLDER=str(tmp_path / "none"))

    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == f"{tmp_path}/none/environment cannot be read: run this as root, after deploy/environment.sh.\n"
    )
