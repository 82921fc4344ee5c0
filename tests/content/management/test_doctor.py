"""`manage.py doctor`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tests import factories

pytestmark = pytest.mark.django_db


def doctor() -> str:
    out = StringIO()
    call_command("doctor", stdout=out)
    return out.getvalue()


def test_doctor_names_a_place_without_a_wording() -> None:
    center = factories.make_center(region="US-WA")
    factories.make_therapy(short_name="Cells", regulatory_status="unapproved")

    assert doctor() == (
        "notices: United States (US-WA): no notice names this place for Cells; there is no default notice either. "
        f"Centers: {center}.\n"
    )


def test_doctor_has_nothing_to_say_where_nothing_is_missing() -> None:
    assert doctor() == "Nothing to mend.\n"
