"""Turns at the hash."""

from __future__ import annotations

import pytest

from clinic.login.limits import TooManyTries, Turns


def test_stranger_gets_no_second_turn_and_a_known_network_does() -> None:
    turns = Turns()

    with turns.take(known=False):
        assert turns.are_taken()
        with pytest.raises(TooManyTries), turns.take(known=False):
            raise AssertionError("a second stranger has a turn")
        with turns.take(known=True):
            pass
