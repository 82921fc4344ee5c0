"""How long answers took, counted in tenths of an hour: a year of answers is as many numbers as there are different ones.

An hour and two minutes are ten tenths, an hour and three are eleven: halves are rounded up. The 90th percentile of what was rounded is
that of the times themselves, rounded. The median of an even number is taken between two tenths, and rounded up too.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator

TENTH = dt.timedelta(minutes=6)
TENTHS = 10

# How many answers took so many tenths, which are written as text: what is kept of them is JSON.
type Took = Counter[str]


def tenths(came: dt.datetime, reached: dt.datetime) -> str:
    """Return in how many tenths of an hour somebody was answered."""
    return str((reached - came + TENTH / 2) // TENTH)


def median(took: Took) -> float:
    """Return the median in hours, in tenths."""
    answers = took.total()
    lower, upper = _at(took, [(answers + 1) // 2, answers // 2 + 1])
    return (lower + upper + 1) // 2 / TENTHS


def p90(took: Took) -> float:
    """Return the 90th percentile in hours, in tenths, by nearest rank: nine of ten took at most so long."""
    return next(_at(took, [math.ceil(took.total() * 9 / 10)])) / TENTHS


def _at(took: Took, ranks: list[int]) -> Iterator[int]:
    """Yield how long those at ascending ranks took; the quickest has rank 1."""
    quicker, number = 0, 0
    ordered = iter(sorted((int(tenth), answers) for tenth, answers in took.items()))
    for rank in ranks:
        while quicker < rank:
            number, answers = next(ordered)
            quicker += answers
        yield number
