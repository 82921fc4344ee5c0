"""How long answers took, counted in tenths of an hour: a year of answers is as many numbers as there are different ones.

An hour and two minutes are ten tenths, an hour and three are eleven: halves are rounded up. The 90th percentile of what was rounded is
that of the times themselves, rounded. The median of an even number is taken between two tenths, and rounded up too.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Iterable
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


def total(took: Took) -> int:
    """Return how many answers there are."""
    return sum(each % MOST for each in took)


def compact(took: Took) -> Took:
    """Return the same with each tenth once, in their order."""
    ordered = groupby(sorted(took), key=lambda each: each // MOST)
    return [tenths * MOST + sum(each % MOST for each in group) for tenths, group in ordered]


def median(took: Took) -> float:
    """Return the median in hours, in tenths."""
    answers = total(took)
    lower, upper = _at(took, [(answers + 1) // 2, answers // 2 + 1])
    return (lower + upper + 1) // 2 / TENTHS


def p90(took: Took) -> float:
    """Return the 90th percentile in hours, in tenths, by nearest rank: nine of ten took at most so long."""
    return _at(took, [math.ceil(total(took) * 9 / 10)])[0] / TENTHS


def _at(took: Took, ranks: Iterable[int]) -> list[int]:
    """Return how many tenths those at these ranks took; the quickest has rank 1."""
    ordered = sorted(took)
    up_to = list(accumulate(each % MOST for each in ordered))
    return [ordered[bisect_left(up_to, rank)] // MOST for rank in ranks]
