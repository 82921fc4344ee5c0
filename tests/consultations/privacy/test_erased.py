"""The list of the erased: who is erased is on it, and nobody is who is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from consultations.exceptions import NotNoted
from consultations.models import ConsultationRequest
from consultations.privacy import erased, retention
from tests.factories import NOW, make_clinic, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASED_FILE = str(tmp_path / "new" / "erased")
    return Path(settings.ERASED_FILE)


def test_erasing_adds_a_line_that_names_nobody_and_is_for_its_owner_alone(listed: Path) -> None:
    make_clinic()
    for key in ("one", "two"):
        retention.erase(make_request(key=key, email=f"{key}@visitor.example"), by=None, now=NOW)

    digests = [hashlib.sha256(key).hexdigest() for key in (b"one", b"two")]
    assert listed.read_text(encoding="ascii") == "".join(f"{NOW:%Y-%m-%dT%H:%M:%SZ} {digest}\n" for digest in digests)
    assert erased.read([listed]) == set(digests)
    assert listed.stat().st_mode & 0o777 == 0o600


def test_erasing_twice_adds_one_line(listed: Path) -> None:
    make_clinic()
    request = make_request()
    retention.erase(request, by=None, now=NOW)
    retention.erase(request, by=None, now=NOW)

    assert len(listed.read_text(encoding="ascii").splitlines()) == 1


def test_nobody_is_erased_while_the_list_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    make_clinic()
    request = make_request(name="Ada Visitor")
    settings.ERASED_FILE = str(tmp_path)

    with pytest.raises(NotNoted) as refused:
        retention.erase(request, by=None, now=NOW)

    assert str(refused.value) == (
        "Nothing was erased, because the list of the erased (ERASED_FILE) cannot be written: Is a directory."
    )
    assert ConsultationRequest.objects.get(erased_at=None).name == "Ada Visitor"


def test_line_that_is_none_of_ours_is_named(listed: Path) -> None:
    erased.note("one", now=NOW)
    with listed.open("a", encoding="ascii") as file:
        file.write("R-7K2M-9QXD\n")

    with pytest.raises(ValueError, match=f"^Line 2 of {listed} is no line of a list of the erased.$"):
        erased.read([listed])
