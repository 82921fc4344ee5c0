"""Fixtures of the tests of logging in."""

from __future__ import annotations

import pytest

from clinic.login import limits


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests try one password right after the other, as if time had passed."""
    monkeypatch.setattr(limits, "PACE", 0.0)
    monkeypatch.setattr(limits, "turns", limits.Turns())
