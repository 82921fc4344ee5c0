"""`manage.py doctor`."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from consultations.models import Chore
from content.choices import PolicyKind
from tests import factories

pytestmark = pytest.mark.django_db
NO_BACKUP = "backups (serious): No backup was ever made: run `manage.py backup` every day."
NO_WORKER = "worker (serious): No worker has ever run here: start `manage.py worker`."


def doctor(*options: str) -> tuple[str, int]:
    """Return what it says and its exit code."""
    out = StringIO()
    code = 0
    try:
        call_command("doctor", *options, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return out.getvalue(), code


@pytest.fixture
def texts() -> None:
    """A site with the texts that every site needs."""
    factories.make_clinic()
    for kind in PolicyKind:
        factories.make_policy(kind=kind)


@pytest.fixture
def healthy(texts: None) -> None:
    """A site with a worker and a backup."""
    tomorrow = timezone.now() + dt.timedelta(hours=23)
    Chore.objects.bulk_create(Chore(name=name, due_at=tomorrow) for name in ("purge", "answer times", "backup"))


def test_doctor_names_a_place_without_a_wording(healthy: None) -> None:
    center = factories.make_center(region="US-WA")
    factories.make_therapy(short_name="Cells", regulatory_status="unapproved")

    assert doctor() == (
        "notices: United States (US-WA): no notice names this place for Cells; there is no default notice either. "
        f"Centers: {center}.\n",
        0,
    )


def test_doctor_has_nothing_to_say_where_nothing_is_missing(healthy: None) -> None:
    assert doctor() == ("Nothing to mend.\n", 0)


def test_what_is_serious_comes_first_and_is_an_error(texts: None) -> None:
    factories.make_center(region="US-WA")
    factories.make_therapy(short_name="Cells", regulatory_status="unapproved")
    lines, code = doctor()

    assert (lines.splitlines()[:2], len(lines.splitlines()), code) == ([NO_WORKER, NO_BACKUP], 3, 1)


def test_programs_get_json(healthy: None) -> None:
    Chore.objects.filter(name="backup").delete()
    text, code = doctor("--format", "json")

    assert json.loads(text) == [{"part": "backups", "says": NO_BACKUP.partition(": ")[2], "serious": True}]
    assert code == 1


def test_database_of_another_version_is_named_and_not_asked_further() -> None:
    last = MigrationRecorder.Migration.objects.filter(app="consultations").latest("name")
    last.delete()

    assert doctor() == ("database (serious): The database lacks 1 migration: run `manage.py migrate`.\n", 1)
