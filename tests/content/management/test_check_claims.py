"""`manage.py check_claims` tells findings by line and fails when something is blocked."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from content.models import Therapy

pytestmark = pytest.mark.django_db
SENTENCES = "PRP is made of blood.\n\nExosomes cure arthritis.\nExosomes may cure arthritis.\n"


def check(*args: str) -> tuple[str, str]:
    """Return what the command printed, and what it said when it failed."""
    out, failed = io.StringIO(), ""
    try:
        call_command("check_claims", *args, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        failed = f"{error.returncode}: {error}"
    return out.getvalue(), failed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a sentence that is blocked and one that is warned of."""
    path = tmp_path / "sentences.txt"
    path.write_text(SENTENCES, encoding="utf-8")
    return path


@pytest.mark.usefixtures("sample_site")
def test_findings_are_told_with_line_severity_and_rule(file: Path) -> None:
    out, failed = check(str(file))

    assert [line.split(": ")[:3] for line in out.splitlines()] == [
        ["3", "block", "cures-a-disease"],
        ["4", "warn", "cures-a-disease"],
    ]
    assert failed == "1: 1 finding blocks."


@pytest.mark.usefixtures("sample_site")
def test_json_has_every_detail(file: Path) -> None:
    out, _ = check(str(file), "--format", "json")

    found: list[dict[str, Any]] = json.loads(out)
    assert [(each["line"], each["rule"], each["severity"], each["words"]) for each in found] == [
        (3, "cures-a-disease", "block", "cure arthritis"),
        (4, "cures-a-disease", "warn", "cure arthritis"),
    ]


@pytest.mark.usefixtures("sample_site")
def test_a_warning_alone_does_not_fail(file: Path) -> None:
    file.write_text("Exosomes may cure arthritis.", encoding="utf-8")

    assert check(str(file))[1] == ""


@pytest.mark.usefixtures("sample_site")
def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SENTENCES.encode())))

    assert check("-")[1] == "1: 1 finding blocks."


@pytest.mark.usefixtures("sample_site")
def test_a_therapy_can_be_spoken_of(file: Path) -> None:
    file.write_text("It is FDA-approved.", encoding="utf-8")

    assert [check(str(file), "--therapy", slug)[1] for slug in ("exosomes", "hyaluronic-acid")] == [
        "1: 1 finding blocks.",
        "",
    ]


@pytest.mark.usefixtures("sample_site")
def test_an_unknown_therapy_is_refused_with_those_that_there_are(file: Path) -> None:
    known = ", ".join(sorted(Therapy.objects.values_list("slug", flat=True)))

    assert check(str(file), "--therapy", "magic")[1] == f"1: There is no therapy “magic”; there are {known}."


@pytest.mark.usefixtures("sample_site")
def test_without_a_file_everything_public_is_checked() -> None:
    assert check() == ("Nothing that is public is blocked.\n", "")


@pytest.mark.usefixtures("sample_site")
def test_a_public_claim_fails_and_says_where_it_stands() -> None:
    Therapy.objects.filter(slug="exosomes").update(summary="Exosomes cure arthritis.")

    out, failed = check()

    assert [line.split(": ")[:3] for line in out.splitlines()] == [
        ["therapy Exosomes, summary", "block", "cures-a-disease"]
    ]
    assert failed == "1: 1 finding blocks."


def test_without_rules_in_the_database_a_file_is_checked_with_the_sample(file: Path) -> None:
    assert check(str(file))[1] == "1: 1 finding blocks."


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"fine\ncaf\xe9")

    assert check(str(tmp_path / "none.txt"))[1] == f"1: {tmp_path}/none.txt cannot be read: No such file or directory."
    assert check(str(tmp_path / "latin.txt"))[1] == "1: Line 2 is not UTF-8 text; save the file in that encoding."
