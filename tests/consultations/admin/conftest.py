"""What the tests of the desk's pages on appointments begin with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk import Place, make_place
from tests.factories import NOW, make_clinic


@pytest.fixture
def present(db: None, time_machine: Any) -> None:
    """Let it be NOW at a clinic, as pages read the clock."""
    time_machine.move_to(NOW)
    make_clinic()


@pytest.fixture
def place(db: None) -> Place:
    """A center with one consultant and a kind of visit, in place of the one with a single time a day."""
    return make_place()
