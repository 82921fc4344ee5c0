"""What an attack found, as a line to read and as a row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What came of one attack on one site.

    Attributes:
        worked: whether the attacker got what they wanted.
        got: what the site answered, in a few words with the numbers.
        wanted: what a safe site answers.
    """

    worked: bool
    got: str
    wanted: str


def table(rows: list[tuple[str, str, Verdict]]) -> list[str]:
    """Return (attack, database, verdict) as the lines of a Markdown table."""
    head = ["| attack | database | what the site answered | safe is | worked |", "| --- | --- | --- | --- | --- |"]
    return head + [
        f"| {name} | {database} | {verdict.got} | {verdict.wanted} | {'YES' if verdict.worked else 'no'} |"
        for name, database, verdict in rows
    ]
