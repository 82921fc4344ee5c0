"""What the database holds after a race, counted from outside the site and without any help of its keys."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings
from scripts.racing.crowd import Answer, under_way

OCCUPYING = "status IN ('held', 'pending', 'confirmed', 'attended', 'no_show')"
BOOKED = f"SELECT count(*) FROM consultations_appointment WHERE {OCCUPYING}"  # noqa: S608  no value from outside
OVERLAPS = f"""
WITH taken AS (SELECT * FROM consultations_appointment WHERE {OCCUPYING})
SELECT count(*) FROM taken AS one JOIN taken AS other
ON one.id < other.id AND one.consultant_id = other.consultant_id
AND one.busy_from < other.busy_until AND other.busy_from < one.busy_until
"""  # noqa: S608  see above
DOUBLE_CELLS = """
SELECT count(*) FROM (
    SELECT 1 FROM consultations_timecell GROUP BY consultant_id, cell HAVING count(*) > 1
) AS doubled
"""
WITHOUT_BOOKING = """
SELECT count(*) FROM consultations_timecell AS cell JOIN consultations_appointment AS booked
ON booked.id = cell.appointment_id WHERE booked.status IN ('cancelled', 'moved')
"""


def number_of(database: Database, question: str, *values: object) -> int:
    """Return the one number that a question asks for."""
    return int(database.ask(question, *values)[0][0])


def judge(
    findings: Findings, database: Database, rounds: Sequence[Sequence[Answer]], *, posts: int, booked: int
) -> None:
    """Note what was answered to `posts` forms and what is in the database: `booked` appointments and no overlap."""
    answers = [answer for each in rounds for answer in each]
    done = sum(answer.done for answer in answers)
    clear = sum(answer.clear for answer in answers)
    trouble = sum(answer.status >= 500 for answer in answers)
    cut = posts - sum(answer.status > 0 for answer in answers)
    rows, overlaps = number_of(database, BOOKED), number_of(database, OVERLAPS)
    findings.count("forms sent; of these under way when the first answer came", (posts, sum(map(under_way, rounds))))
    findings.must("answers that say it is booked", done, booked)
    findings.must("clear refusals: taken, with three or more other times to press", clear, posts - booked)
    findings.must("answers 5xx", trouble, 0)
    findings.must("forms without an answer", cut, 0)
    findings.must("bookings in the database", rows, booked)
    findings.must("pairs of bookings that overlap", overlaps, 0)
    findings.must("cells that are taken twice", number_of(database, DOUBLE_CELLS), 0)
    findings.must("cells of what is cancelled or moved", number_of(database, WITHOUT_BOOKING), 0)
    for answer in [each for each in answers if not (each.done or each.clear)][:3]:
        findings.count(f"  unclear: {answer.status} {answer.said}"[:90], len(answer.others))
    slowest = max((answer.came - answer.sent for answer in answers), default=0)
    findings.count("slowest answer, seconds", f"{slowest:.1f}")
    findings.totals |= {"forms": posts, "booked": done, "refused": clear, "5xx": trouble, "rows": rows}
    findings.totals["overlaps"] = overlaps
