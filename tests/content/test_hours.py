"""Weekly hours as people write them, and as people read them."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from content import hours

NINE, NOON, ONE, FIVE = dt.time(9), dt.time(12), dt.time(13), dt.time(17)


def test_a_range_of_days_has_a_period_each() -> None:
    assert hours.parse("Mo-We 09:00-17:00") == [(0, NINE, FIVE), (1, NINE, FIVE), (2, NINE, FIVE)]


def test_several_periods_a_day_leave_a_break() -> None:
    assert hours.parse("Tu 09:00-12:00 13:00-17:00") == [(1, NINE, NOON), (1, ONE, FIVE)]


def test_parts_are_put_in_the_order_of_the_week() -> None:
    assert hours.parse("Sa 09:00-12:00; Mo 09:00-17:00") == [(0, NINE, FIVE), (5, NINE, NOON)]


def test_single_days_stand_between_commas() -> None:
    assert hours.parse("Mo,Th 09:00-17:00") == [(0, NINE, FIVE), (3, NINE, FIVE)]


def test_a_range_may_go_over_the_end_of_the_week() -> None:
    assert [period.weekday for period in hours.parse("Sa-Mo 09:00-12:00")] == [0, 5, 6]


def test_periods_that_touch_do_not_overlap() -> None:
    assert hours.parse("Mo 09:00-12:00 12:00-17:00") == [(0, NINE, NOON), (0, NOON, FIVE)]


def test_no_text_means_no_periods() -> None:
    assert hours.parse("") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Mo", "cannot read the times in 'Mo'; write them like 09:00-17:00"),
        ("Mo 9-17", "cannot read the times in 'Mo 9-17'; write them like 09:00-17:00"),
        ("Monday 09:00-17:00", "'Monday' is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su"),
        ("Mo-Tu-We 09:00-17:00", "'Mo-Tu-We' is no day or range of days; write Mo, Tu, We, Th, Fr, Sa, Su"),
        ("Mo 17:00-09:00", "'17:00-09:00' closes before it opens"),
        ("Mo 09:00-09:00", "'09:00-09:00' closes before it opens"),
        ("Mo 09:00-12:00 11:00-17:00", "periods overlap on Mo in 'Mo 09:00-12:00 11:00-17:00'"),
        ("Mo 09:00-12:00; Mo-Fr 09:00-10:00", "periods overlap on Mo in 'Mo 09:00-12:00; Mo-Fr 09:00-10:00'"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        hours.parse(text)


@pytest.mark.parametrize("text", ["Mo 25:00-26:00", "Mo 09:60-10:00"])
def test_times_that_no_clock_shows_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be in"):
        hours.parse(text)


def test_equal_neighboring_days_share_a_line() -> None:
    periods = hours.parse("Mo-We 09:00-17:00; Th 09:00-12:00 13:00-17:00; Sa 09:00-12:00")

    assert hours.format_periods(periods) == [
        ("Mo–We", "09:00–17:00"),
        ("Th", "09:00–12:00, 13:00–17:00"),
        ("Sa", "09:00–12:00"),
    ]


def test_equal_days_with_a_closed_day_between_them_do_not_share_a_line() -> None:
    periods = hours.parse("Mo,We 09:00-17:00")

    assert hours.format_periods(periods) == [("Mo", "09:00–17:00"), ("We", "09:00–17:00")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mo-Fr 22:00-24:00", [("Mo–Fr", "22:00–24:00")]),
        ("Mo-Fr 22:00-01:30", [("Mo–Fr", "22:00–01:30")]),
        ("Mo 00:00-24:00", [("Mo", "00:00–24:00")]),
    ],
)
def test_hours_reach_midnight_and_go_on_past_it(text: str, shown: list[tuple[str, str]]) -> None:
    assert hours.format_periods(hours.parse(text)) == shown


def test_hours_past_midnight_that_meet_those_of_the_next_day_overlap() -> None:
    with pytest.raises(ValueError, match=r"^periods overlap on Mo in"):
        hours.parse("Su 22:00-01:30; Mo 01:00-02:00")
