"""docs/rights.md says what is so."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.change_factories import make_override
from tests.consultations.access.matrix import matrix
from tests.consultations.access.world import make_world

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"
HOW = "docs/rights.md differs. Is each line as it should be? Then run this test with REWRITE=1 in its environment."


def write_texts() -> None:
    """Write a row of each kind that editors work on, so that its page can be asked for."""
    factories.make_article()
    factories.make_reference()
    factories.make_finding()
    factories.make_comparison(therapies=[], criteria=[])
    factories.make_claim_rule()
    make_override()
    factories.make_decision_question("yes", "no")
    for make in (factories.make_notice, factories.make_question, factories.make_policy):
        make()


@pytest.mark.django_db
@pytest.mark.alike
def test_rights_are_as_written(time_machine: Any) -> None:
    time_machine.move_to(factories.NOW, tick=False)

    world = make_world()
    write_texts()

    found = matrix(world)

    if os.environ.get("REWRITE"):
        PAGE.write_text(found, encoding="utf-8")
    written = PAGE.read_text(encoding="utf-8")
    assert "\n".join(difflib.unified_diff(written.splitlines(), found.splitlines(), "written", "found", n=0)) == "", HOW
