"""The races. Each begins with a fresh copy of a database and ends with what was answered against what is written there."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings
from scripts.faulting.site import BASE_DIR, MANAGE, Site, running
from scripts.racing.crowd import Answer, Member, Post, at_once, send, staff_post, visitor_post
from scripts.racing.verdicts import judge, number_of

PROCESSES, THREADS = 4, 8
STAFF = 10
# In later rounds of a race, and where a page of the desk is drawn for each: one visitor in so many.
FEWER = 4
# Rounds of staff against visitors, and of two staff confirming.
ROUNDS = 3
CONFIRMING = 6
CONFIRMATIONS = "SELECT count(*) FROM consultations_activity WHERE kind = 'confirmed'"
CONFIRMED = "SELECT count(*) FROM consultations_appointment WHERE status = 'confirmed'"
CONFIRMED_MAILS = "SELECT count(*) FROM consultations_message WHERE kind = 'visitor_booked'"
PENDING_OF = "SELECT id FROM consultations_appointment WHERE request_id = %s AND status = 'pending'"

type Stage = dict[str, Any]
type Contest = Callable[[Database, Path, Stage], Findings]


class RacingSite(Site):
    """A site with several processes that answer, each with several threads."""

    def environment(self, mail_port: int = 9) -> dict[str, str]:
        """Return the environment of its processes."""
        return super().environment(mail_port) | {"GUNICORN_CMD_ARGS": f"--workers {PROCESSES} --threads {THREADS}"}


class BlindSite(RacingSite):
    """The same, with rules that see no bookings."""

    application = "scripts.racing.blind"


@dataclass(frozen=True)
class Ground:
    """Where a race is run."""

    site: Site
    stage: Stage

    def starts(self, kind: str) -> list[str]:
        """Return the times that are offered."""
        return list(self.stage["kinds"][kind]["starts"])

    def visitors(self, kind: str, start: str, numbers: range) -> list[Post]:
        """Return the forms of visitors who all want one time."""
        return [visitor_post(self.stage, number, kind, start) for number in numbers]

    def staff(self) -> list[Member]:
        """Let all staff open the desk."""
        page = self.stage["visitors"][0]["page"]
        return [Member.at_desk(self.site.port, cookie, page) for cookie in self.stage["staff"]]

    def race(self, posts: list[Post]) -> list[Answer]:
        """Send forms at once."""
        return at_once(self.site.port, posts)


def tell(database: Database, folder: Path, call: str) -> str:
    """Call a function of stage.py in a process of the site and return what it printed."""
    code = f"from scripts.racing import stage; stage.{call}"
    done = subprocess.run(
        [*MANAGE, "shell", "--no-imports", "--command", code],
        cwd=BASE_DIR,
        env=Site(database, folder).environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The race could not be prepared:\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare(database: Database, folder: Path, people: int) -> Stage:
    """Write what races need and return how to reach it."""
    # Staff book for others than those who race them.
    stage: Stage = json.loads(tell(database, folder, f"write({people + STAFF}, {STAFF})"))
    return stage | {"people": people}


@contextlib.contextmanager
def ground(database: Database, folder: Path, stage: Stage, *, blind: bool = False) -> Iterator[Ground]:
    """Serve a database for one race."""
    with running((BlindSite if blind else RacingSite)(database, folder)) as site:
        yield Ground(site, stage)


def one_time(database: Database, folder: Path, stage: Stage, *, blind: bool = False) -> Findings:
    """Let everybody want one time, and then one of the losers press one of the other times."""
    words = "the rules see no bookings" if blind else "one time"
    findings = Findings(f"{'6' if blind else '1'}  Visitors at once, {words}", database.name)
    people = stage["people"]
    with ground(database, folder, stage, blind=blind) as place:
        answers = place.race(place.visitors("race", place.starts("race")[0], range(people)))
        judge(findings, database, [answers], posts=people, booked=1)
        loser = next((number for number, answer in enumerate(answers) if answer.clear), None)
        if loser is not None and not blind:
            again = send(place.site.port, visitor_post(stage, loser, "race", answers[loser].others[0]))
            findings.must("losers who pressed one of the other times and have it, of 1", int(again.done), 1)
    return findings


def unequal_times(database: Database, folder: Path, stage: Stage) -> Findings:
    """Let everybody want an hour within the same hour: twelve starts, of which no two fit beside each other."""
    findings = Findings("2  Visitors at once, twelve unequal starts that overlap", database.name)
    people = stage["people"]
    with ground(database, folder, stage) as place:
        starts = place.starts("race-unequal")[:12]
        answers = place.race([visitor_post(stage, n, "race-unequal", starts[n % 12]) for n in range(people)])
        judge(findings, database, [answers], posts=people, booked=1)
    return findings


def staff_and_visitors(database: Database, folder: Path, stage: Stage) -> Findings:
    """Let staff, with a reason that sets the rules aside, and visitors want one time; some rounds."""
    findings = Findings("3  Staff against visitors at once, one time in each round", database.name)
    people = stage["people"]
    with ground(database, folder, stage) as place:
        staff, starts = place.staff(), place.starts("race")[2 : 2 + ROUNDS]
        rounds: list[list[Answer]] = []
        # Who has a time races no more.
        visiting, asked_for = list(range(people - STAFF)), list(range(people, people + STAFF))
        for start in starts:
            by_staff = [staff_post(stage, *pair, "race", start) for pair in zip(staff, asked_for, strict=False)]
            by_visitors = [visitor_post(stage, number, "race", start) for number in visiting]
            answers = place.race([*by_visitors, *by_staff])
            rounds.append(answers)
            done = {answer.post.path for answer in answers if answer.done}
            visiting = [n for n, post in zip(visiting, by_visitors, strict=True) if post.path not in done]
            visiting = visiting[: people // FEWER]
            asked_for = [n for n, post in zip(asked_for, by_staff, strict=False) if post.path not in done]
        judge(findings, database, rounds, posts=sum(map(len, rounds)), booked=ROUNDS)
        findings.count("of these, times that staff got", STAFF - len(asked_for))
    return findings


def staff_alone(database: Database, folder: Path, stage: Stage) -> Findings:
    """Let staff set the rules aside for one time, each for another visitor: nothing but the database says no."""
    findings = Findings("4  Staff at once, rules set aside, one time", database.name)
    people = stage["people"] // FEWER
    with ground(database, folder, stage) as place:
        staff, start = place.staff(), place.starts("race")[0]
        posts = [staff_post(stage, staff[number % STAFF], number, "race", start) for number in range(people)]
        answers = place.race(posts)
        judge(findings, database, [answers], posts=people, booked=1)
    return findings


def confirming(database: Database, folder: Path, stage: Stage) -> Findings:
    """Let everybody ask for one time that must be confirmed; then two staff confirm two requests each, at once.

    A third member of staff wants one of these times for somebody else, with the rules set aside.
    """
    findings = Findings("5  Two staff confirm two requests each at once", database.name)
    people = stage["people"]
    with ground(database, folder, stage) as place:
        starts, staff = place.starts("race-asked"), place.staff()
        asking = people // FEWER
        answers = place.race(place.visitors("race-asked", starts[0], range(asking)))
        judge(findings, database, [answers], posts=asking, booked=1)
        losers = (number for number, answer in enumerate(answers) if answer.clear)
        sent: list[Answer] = []
        for number in range(CONFIRMING):
            pair = [(next(losers), start) for start in starts[1 + 2 * number : 3 + 2 * number]]
            for visitor, start in pair:
                send(place.site.port, visitor_post(stage, visitor, "race-asked", start))
            buttons = [_confirm_post(database, stage, member, visitor) for member in staff[:2] for visitor, _ in pair]
            third = staff_post(stage, staff[2], people, "race-asked", pair[0][1])
            sent += place.race([*buttons, third])
        confirms = [answer for answer in sent if not answer.post.wanted]
        thirds = [answer for answer in sent if answer.post.wanted]
        expected = 2 * CONFIRMING
        findings.must("confirm buttons that were answered as done", sum(a.done for a in confirms), 2 * expected)
        findings.must("the third one refused clearly", sum(a.clear for a in thirds), CONFIRMING)
        findings.must("confirmed in the database", number_of(database, CONFIRMED), expected)
        findings.must("lines of history about it", number_of(database, CONFIRMATIONS), expected)
        findings.must("mails about it", number_of(database, CONFIRMED_MAILS), expected)
    return findings


def _confirm_post(database: Database, stage: Stage, member: Member, visitor: int) -> Post:
    request = stage["visitors"][visitor]
    pending = number_of(database, PENDING_OF, request["id"])
    return member.post(request["page"], "confirm", appointment=pending)


def control(contest: Contest, title: str, database: Database, folder: Path, stage: Stage) -> Findings:
    """Run a race on a database whose guards were taken away: it must double-book, and the race must say so."""
    findings = Findings(title, database.name)
    tell(database, folder, "drop_guards()")
    found = contest(database, folder, stage)
    findings.must("the race says", "FAILED" if found.failed else "ok", "FAILED")
    overlaps = found.totals["overlaps"]
    findings.must("bookings that overlap", "some" if overlaps else "none", "some")
    findings.must("answers 5xx", found.totals["5xx"], 0)
    findings.count("answers that say it is booked", found.totals["booked"])
    findings.count("pairs of bookings that overlap", overlaps)
    findings.totals |= found.totals
    return findings


def races() -> dict[str, Contest]:
    """Return what can be run, by its digit."""
    blind = partial(one_time, blind=True)
    return {
        "1": one_time,
        "2": unequal_times,
        "3": staff_and_visitors,
        "4": staff_alone,
        "5": confirming,
        "6": blind,
        "8": partial(control, staff_alone, "8  Control: 4 without the database's guards"),
        "9": partial(control, blind, "9  Control: 6 without the database's guards"),
    }
