"""How long answers took, counted in tenths of an hour: a year of answers is as many numbers as there are different ones.

An hour and two minutes are ten tenths, an hour and three are eleven: halves are rounded up. The 90th percentile of what was rounded is
that of the times themselves, rounded. The median of an even number is taken between two tenths, and rounded up too.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, groupby

TENTH = dt.timedelta(minutes=6)
TENTHS = 10
# More answers than any one day or month has in one tenth.
MOST = 10**9

# For each so many tenths, how many answers took as long: tenths * MOST + answers, in one number, as a hundred thousand of them are
# read for one page. The same tenths may be there more than once, so that two lists are added by putting one behind the other.
type Took = list[int]


def one(came: dt.datetime, reached: dt.datetime) -> int:
    """Return one answer as it stands in the list."""
    return (reached - came + TENTH / 2) // TENTH * MOST + 1


def compact(took: Took) -> Took:
    """Return the same with each tenth once, in their order."""
    ordered = groupby(sorted(took), key=lambda each: each // MOST)
    return [tenths * MOST + sum(each % MOST for each in group) for tenths, group in ordered]


@dataclass(frozen=True)
class Summary:
    """So many answers, and their median and 90th percentile in hours, in tenths."""

    answers: int
    median: float
    p90: float


def summary(took: Took) -> Summary:
    """Return what the answers come to; there must be one.

    The 90th percentile is that by nearest rank: nine of ten took at most so long.
    """
    ordered = sorted(took)
    up_to = list(accumulate(each % MOST for each in ordered))
    answers = up_to[-1]
    ranks = (answers + 1) // 2, answers // 2 + 1, math.ceil(answers * 9 / 10)
    lower, upper, ninth = (ordered[bisect_left(up_to, rank)] // MOST for rank in ranks)
    return Summary(answers, (lower + upper + 1) // 2 / TENTHS, ninth / TENTHS)
