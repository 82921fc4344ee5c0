"""What a scenario counted, and which of the numbers must be what."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

TOTALS = ("visitors", "told", "requests", "mails", "delivered", "again", "lost")


@dataclass
class Findings:
    """The numbers of one scenario on one database, in the order they were found.

    Attributes:
        totals: the numbers that every scenario has, for the table at the end.
    """

    title: str
    database: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    failed: bool = False
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0

    def count(self, what: str, number: object) -> None:
        """Note a number that may be anything."""
        self.rows.append((what, written(number), ""))

    def must(self, what: str, number: object, expected: object) -> None:
        """Note a number that must be `expected`."""
        good = number == expected
        self.failed |= not good
        self.rows.append((what, written(number), "ok" if good else f"FAILED: must be {written(expected)}"))

    def end(self) -> None:
        """Stop the clock."""
        self.seconds = time.monotonic() - self.begun

    def lines(self) -> Iterator[str]:
        """Yield them for people."""
        yield f"\n{self.title}, {self.database} ({self.seconds:.0f} s)"
        for what, number, verdict in self.rows:
            yield f"  {what:<92} {number:>13}  {verdict}".rstrip()


def table(found: list[Findings], names: Sequence[str] = TOTALS) -> Iterator[str]:
    """Yield the table of all scenarios, with these of their totals."""
    yield f"{'scenario':<68} {'database':<10}" + "".join(f" {name:>9}" for name in (*names, "seconds"))
    for findings in found:
        numbers = "".join(f" {findings.totals.get(name, '-'):>9}" for name in names)
        verdict = "FAILED" if findings.failed else "ok"
        yield f"{findings.title:<68} {findings.database:<10}{numbers} {findings.seconds:>9.0f}  {verdict}"


def written(number: object) -> str:
    """Return a number, or several, as they stand in the table."""
    return ", ".join(map(str, number)) if isinstance(number, tuple) else str(number)


def wait_until(true: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Wait until something is so, but not for ever; return whether it became so."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True
