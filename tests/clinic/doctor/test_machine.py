"""What the doctor says of settings, clock, disk and certificates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from clinic.doctor import machine
from clinic.doctor.findings import Finding
from tests.factories import NOW

GB = 10**9
SECOND = dt.timedelta(seconds=1)
MAYBE = dt.timedelta(milliseconds=900)


def write_certificate(path: Path, ends: dt.datetime) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.clinic.example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, ends - dt.timedelta(days=90), ends)
    path.write_bytes(made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (dt.timedelta(days=31), None),
        (dt.timedelta(days=29, hours=1), Finding("The certificate in {} ends in 29 days.")),
        (dt.timedelta(days=6), Finding("The certificate in {} ends in 6 days.", serious=True)),
        (-dt.timedelta(hours=3), Finding("The certificate in {} ended 3 hours ago.", serious=True)),
    ],
)
def test_certificate_is_named_before_it_ends(ends: dt.timedelta, said: Finding | None, tmp_path: Path) -> None:
    path = write_certificate(tmp_path / "site.pem", NOW + ends)
    wanted = [Finding(said.says.format(path), serious=said.serious)] if said else []

    assert list(machine.certificates([path], NOW)) == wanted


def test_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    said = f"{tmp_path / 'none.pem'} is no certificate that can be read (PEM)."

    assert list(machine.certificates([tmp_path / "none.pem"], NOW)) == [Finding(said, serious=True)]


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (20 * GB, None),
        (9 * GB, Finding("The disk of /srv has 9.0 GB left, 9 % of it.")),
        (GB, Finding("The disk of /srv has 1.0 GB left, 1 % of it.", serious=True)),
    ],
)
def test_disk_is_named_before_it_is_full(free: int, said: Finding | None) -> None:
    assert list(machine.space(Path("/srv"), free, 100 * GB)) == ([said] if said else [])


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (2 * SECOND, []),
        (-SECOND, []),
        (3 * SECOND, [(2, False)]),
        (-5 * SECOND, [(5, False)]),
        (-40 * SECOND, [(40, True)]),
        (40 * SECOND, [(39, True)]),
    ],
)
def test_clocks_that_differ_by_more_than_asking_took_are_named(
    ahead: dt.timedelta, said: list[tuple[int, bool]]
) -> None:
    wanted = [
        Finding(
            f"The clocks of this machine and of the database are {seconds} seconds apart: let both follow a time server.",
            serious=serious,
        )
        for seconds, serious in said
    ]

    assert list(machine.drift(ahead, MAYBE)) == wanted


@pytest.mark.django_db
def test_clock_of_this_machine_is_that_of_a_database_on_it() -> None:
    assert list(machine.clock(NOW)) == []


def test_public_site_without_https_is_serious(settings: Settings) -> None:
    settings.SITE_URL = "http://www.clinic.example"
    said = "SITE_URL is not https: whatever visitors write can be read on its way."

    assert list(machine.configuration(NOW)) == [Finding(said, serious=True)]


def test_what_a_deploy_check_says_is_said_of_a_public_site(settings: Settings) -> None:
    settings.HTTPS = True
    settings.SITE_URL = "https://www.clinic.example"
    said = [finding.says for finding in machine.configuration(NOW)]

    assert "Mail does not leave this machine. Set EMAIL_URL to your mail server." in said


@pytest.mark.django_db
def test_list_of_the_erased_that_cannot_be_written_is_serious(settings: Settings, tmp_path: Path) -> None:
    settings.ERASED_FILE = str(tmp_path)
    said = f"The list of the erased, {tmp_path}, cannot be written: nobody can be erased."

    assert Finding(said, serious=True) in list(machine.disk(NOW))
