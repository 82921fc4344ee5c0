"""docs/rights.md says what is so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.consultations.access.matrix import matrix
from tests.consultations.access.world import make_world
from tests.factories import NOW

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"


@pytest.mark.django_db
def test_rights_are_as_written(time_machine: Any) -> None:
    time_machine.move_to(NOW)

    found = matrix(make_world())

    if os.environ.get("REWRITE"):
        PAGE.write_text(found, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == found
