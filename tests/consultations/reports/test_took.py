"""Median and 90th percentile of how long answers took, from how many took how long."""

from __future__ import annotations

import datetime as dt
import random
import statistics

import pytest

from consultations.reports import answer_times, took
from tests.factories import NOW

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def of(*answers: dt.timedelta) -> took.Took:
    return [took.one(NOW, NOW + each) for each in answers]


@pytest.mark.parametrize(
    ("hours", "middle", "ninth"),
    [([1], 1.0, 1.0), ([1, 2, 3, 4], 2.5, 4), ([2, 2, 2, 5], 2, 5), (list(range(1, 21)), 10.5, 18)],
)
def test_median_and_p90(hours: list[int], middle: float, ninth: float) -> None:
    answers = of(*(one * HOUR for one in hours))

    assert took.summary(answers) == took.Summary(len(hours), middle, ninth)


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(0, 0.0), (2, 0.0), (3, 0.1), (62, 1.0), (63, 1.1), (68.9, 1.1), (69, 1.2), (-3, 0.0), (-4, -0.1)],
)
def test_tenth_is_the_nearest_and_a_half_is_rounded_up(minutes: float, hours: float) -> None:
    assert took.summary(of(minutes * MINUTE)).median == hours


def test_median_between_two_tenths_is_rounded_up() -> None:
    assert took.summary(of(60 * MINUTE, 66 * MINUTE)).median == 1.1


def test_each_tenth_is_there_once_when_it_is_written_down() -> None:
    answers = of(6 * MINUTE, HOUR, 7 * MINUTE, HOUR, 5 * MINUTE)

    found = took.compact(answers)

    assert found == [took.MOST + 3, 10 * took.MOST + 2]
    assert took.summary(found) == took.summary(answers) == took.Summary(5, 0.1, 1.0)


def test_numbers_are_those_of_every_answer_rounded() -> None:
    dice = random.Random(7)  # noqa: S311  no secret
    seconds = sorted(dice.choice((dice.randrange(7200), dice.randrange(400_000))) for _ in range(501))
    every = of(*(dt.timedelta(seconds=one) for one in seconds))

    def tenths(exact: float) -> float:
        return (exact + 180) // 360 / 10

    assert took.summary(every) == took.Summary(
        501, tenths(statistics.median(seconds)), tenths(answer_times.at_least(seconds, 9))
    )
