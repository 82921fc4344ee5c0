"""A day is cut into pieces without a break and without overlap."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.admin.agenda.pieces import Busy, Piece, Span, cut

MIDNIGHT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def at(clock: str) -> dt.datetime:
    hours, minutes = map(int, clock.split(":"))
    return MIDNIGHT + dt.timedelta(hours=hours, minutes=minutes)


def span(words: str) -> Span:
    first, last = map(at, words.split("-"))
    return first, last


def visit(words: str, *, around: str = "", what: str | None = "Ada") -> Busy[str]:
    return Busy(*span(around or words), *span(words), what)


def told(pieces: list[Piece[str]]) -> list[str]:
    return [
        " ".join(
            [
                f"{one.begins:%H:%M}-{one.ends:%H:%M}",
                one.kind,
                *filter(None, [one.what]),
                *(f"{at:%H:%M}" for at in one.starts),
            ]
        )
        for one in pieces
    ]


@pytest.mark.parametrize(
    ("busy", "hours", "starts", "pieces"),
    [
        ([], [], "", ["09:00-12:00 off"]),
        ([], ["09:00-12:00"], "", ["09:00-12:00 gap"]),
        ([], ["08:00-13:00"], "10:00", ["09:00-10:00 gap", "10:00-12:00 free 10:00"]),
        # Lunch
        (
            [],
            ["09:00-10:00", "11:00-12:00"],
            "09:00 09:30 11:00",
            ["09:00-09:30 free 09:00", "09:30-10:00 free 09:30", "10:00-11:00 off", "11:00-12:00 free 11:00"],
        ),
        # What is kept free around a visit
        (
            [visit("10:00-10:30", around="09:45-10:40")],
            ["09:00-12:00"],
            "09:00 11:00",
            ["09:00-09:45 free 09:00", "09:45-10:00 kept", "10:00-10:30 visit Ada", "10:30-10:40 kept", "10:40-11:00 gap",
             "11:00-12:00 free 11:00"],
        ),
        # Outside hours, and one after the other
        (
            [visit("09:00-09:30"), visit("09:30-10:00", what="Bo")],
            ["11:00-11:30"],
            "",
            ["09:00-09:30 visit Ada", "09:30-10:00 visit Bo", "10:00-11:00 off", "11:00-11:30 gap", "11:30-12:00 off"],
        ),
        # Taken elsewhere, from before the first hour and past the last
        ([visit("08:30-09:30", what=None)], [], "", ["09:00-09:30 busy", "09:30-12:00 off"]),
        ([visit("11:30-12:30", what=None)], ["09:00-12:00"], "", ["09:00-11:30 gap", "11:30-12:30 busy"]),
        # Links that would be too low to hit share a piece
        ([], ["09:00-12:00"], "09:00 09:05 09:10 09:15", ["09:00-09:15 free 09:00 09:05 09:10", "09:15-12:00 free 09:15"]),
    ],
)  # fmt: skip
def test_day_is_cut(busy: list[Busy[str]], hours: list[str], starts: str, pieces: list[str]) -> None:
    found = cut(at("09:00"), at("12:00"), busy=busy, hours=[*map(span, hours)], starts=[*map(at, starts.split())])

    assert told(found) == pieces


def test_pieces_are_as_high_as_they_are_long() -> None:
    found = cut(at("09:00"), at("12:00"), busy=[visit("10:15-10:30")], hours=[], starts=[])

    assert [(one.hours, one.rest) for one in found] == [(1, 3), (0, 3), (1, 6)]
