"""Gates before the log-in pages, and turns at the hash."""

from __future__ import annotations

import threading

import pytest

from clinic.login import turns
from clinic.login.turns import Gate, Hash


def test_gate_lets_one_through_at_a_time() -> None:
    gate = Gate(pause=0, patience=0.01)

    assert gate.try_to_enter()
    assert not gate.try_to_enter()
    assert not gate.wait_to_enter()
    gate.leave(seconds=0.1)
    assert gate.wait_to_enter()


def test_gate_stays_closed_for_a_multiple_of_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_PAUSE", 60)
    moments = iter([100.0, 100.5, 102.4, 102.5])
    gate = Gate(pause=4, patience=1, clock=lambda: next(moments))

    gate.try_to_enter()
    gate.leave(seconds=0.5)

    assert [gate.try_to_enter(), gate.try_to_enter()] == [False, True]


def test_gate_is_never_closed_longer_than_the_longest_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_PAUSE", 0.5)
    moments = iter([100.0, 130.0, 130.4, 130.5])
    gate = Gate(pause=4, patience=1, clock=lambda: next(moments))

    gate.try_to_enter()
    gate.leave(seconds=30)

    assert [gate.try_to_enter(), gate.try_to_enter()] == [False, True]


def test_who_waits_enters_when_the_one_before_leaves() -> None:
    gate = Gate(pause=0, patience=30)
    gate.try_to_enter()
    entered: list[bool] = []
    thread = threading.Thread(target=lambda: entered.append(gate.wait_to_enter()))
    thread.start()

    gate.leave(seconds=1)
    thread.join(20)

    assert entered == [True]
    assert gate.waiting == 0


def test_nobody_waits_where_twelve_do() -> None:
    gate = Gate(pause=0, patience=30)
    gate.waiting = turns.MOST_WAITING

    assert not gate.wait_to_enter()
    assert gate.waiting == turns.MOST_WAITING


def test_second_password_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "HASH_PATIENCE", 0.01)
    hashing = Hash()

    with hashing.turn() as first, hashing.turn() as second:
        assert (first, second) == (True, False)
    with hashing.turn() as third:
        assert third
