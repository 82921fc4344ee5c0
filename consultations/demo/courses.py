"""What became of each invented request: most are answered, some are due today, two are overdue. Plays it back with the desk's verbs."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User

from consultations.models import ConsultationRequest
from consultations.requests import calls, moving, next_steps, promise
from consultations.statuses import CallOutcome, ClosedFor, ContactBy, NextStep, Status
from content.models import Center


class Course(StrEnum):
    """How a request went."""

    PATIENT = "patient"
    TALKING = "talking"
    CLOSED = "closed"
    BOOKED = "booked"
    SPAM = "spam"
    OVERDUE = "overdue"
    DUE = "due"


_MIXED = (Course.PATIENT, Course.TALKING, Course.CLOSED, Course.BOOKED, Course.PATIENT, Course.BOOKED, Course.CLOSED,
          Course.TALKING, Course.BOOKED)  # fmt: skip
# By the number in the key, the oldest first.
COURSES = (*_MIXED, Course.SPAM, *_MIXED, Course.SPAM, *_MIXED, *[Course.OVERDUE] * 2, *[Course.DUE] * 5)
NEWEST_ANSWERED, OLDEST = 1.5, 21.0
LOOKED_BACK = dt.timedelta(days=5)
STEP = dt.timedelta(minutes=20)
DUE_EACH = dt.timedelta(minutes=50)
REASONS = (
    (ClosedFor.MIND, "Decided to stay with physiotherapy for now."),
    (ClosedFor.PRICE, "The price is more than they can pay this year."),
    (ClosedFor.DISTANCE, "The nearest center is five hours away by car."),
    (ClosedFor.UNSUITABLE, "Was advised to see an orthopedic surgeon first."),
    (ClosedFor.ELSEWHERE, "Found a clinic closer to home."),
    (ClosedFor.UNREACHABLE, "Three calls and a mail without an answer."),
)
NOTES = (
    "Would like to read about the evidence first; sent the article.",
    "Wants to talk it over with her own doctor and then decide.",
    "Asked about the price twice: have the list at hand when you call.",
)


@dataclass(frozen=True)
class Played:
    """One request that is played back: its number in the demo, by whom, and the moment of loading."""

    request: ConsultationRequest
    number: int
    by: User
    now: dt.datetime

    @property
    def course(self) -> Course:
        """How it goes."""
        return COURSES[self.number]

    def at(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment, but none that is to come."""
        return min(moment, self.now)

    def business(self, minutes: int) -> dt.datetime:
        """Return so many business minutes of its center after it was received."""
        hours = promise.of(self.request.center, self.request.received_at)
        return self.at(hours.due(self.request.received_at, dt.timedelta(minutes=minutes)))


def received(chance: random.Random, centers: list[Center | None], now: dt.datetime) -> list[dt.datetime]:
    """Return when each request arrived; what is due is found from the hours of its center."""
    answered = [course for course in COURSES if course not in {Course.OVERDUE, Course.DUE}]
    ages = iter(sorted((chance.uniform(NEWEST_ANSWERED, OLDEST) for _ in answered), reverse=True))
    promises, due = promise.of_all((now - LOOKED_BACK).date()), itertools.count(1)
    found = []
    for course, center in zip(COURSES, centers, strict=True):
        hours = promises[center.pk if center else None]
        if course is Course.OVERDUE:
            found.append(_latest(hours, now, due_from=now - LOOKED_BACK, due_until=now - 2 * STEP))
        elif course is Course.DUE:
            until = now + next(due) * DUE_EACH
            found.append(_latest(hours, now, due_from=now + STEP, due_until=until))
        else:
            found.append(now - dt.timedelta(days=next(ages)))
    return found


def _latest(hours: promise.Promise, now: dt.datetime, *, due_from: dt.datetime, due_until: dt.datetime) -> dt.datetime:
    """Return the latest moment whose answer is due between two others; where there is none, some minutes ago."""
    for back in range(1, LOOKED_BACK // STEP):
        at = now - back * STEP
        if due_from < (due := hours.due(at)) <= due_until:
            return at
        if due < due_from:
            break
    return now - STEP


def play(one: Played) -> None:
    """Work on a request as staff would have; appointments come in booking.py."""
    match one.course:
        case Course.SPAM:
            _move(one, Status.SPAM, one.business(30), reason="Advertising for search rankings.")
        case Course.OVERDUE if one.number % 2:
            _call(one, CallOutcome.NO_ANSWER, one.business(60))
        case Course.DUE if one.number % 4 == 0:
            _call(one, CallOutcome.VOICEMAIL, one.at(one.request.received_at + STEP / 2))
        case Course.OVERDUE | Course.DUE:
            pass
        case _:
            _answer(one)
            _go_on(one)


def _answer(one: Played) -> None:
    """Reach the visitor within the promised time, at the second attempt for some; by mail where there is no number."""
    minutes = 20 + 37 * one.number % 330
    if not one.request.phone_e164:
        moving.assign(one.request, to=one.by, by=one.by, seen=None, now=one.business(minutes))
        _move(one, Status.REACHED, one.business(minutes + 5))
        return
    if one.number % 3 == 1:
        _call(one, CallOutcome.NO_ANSWER, one.business(minutes // 2))
    _call(one, CallOutcome.REACHED, one.business(minutes))


def _go_on(one: Played) -> None:
    """Close what came to nothing; note what the others said, and plan what comes next."""
    if one.course is Course.CLOSED:
        closed_for, reason = REASONS[one.number % len(REASONS)]
        _move(one, Status.LOST, one.at(one.business(700)), reason=reason, closed_for=closed_for)
    if one.course in {Course.TALKING, Course.BOOKED}:
        _plan(one)


def _plan(one: Played) -> None:
    """Write a note, and plan a next step for today or one of the days to come."""
    at = one.at(one.business(380))
    moving.note(one.request, text=NOTES[one.number % len(NOTES)], by=one.by, now=at)
    soonest = (one.now + dt.timedelta(hours=2)).replace(minute=30, second=0, microsecond=0)
    to_call = one.request.phone_e164 and one.request.contact_by != ContactBy.EMAIL
    steps = (NextStep.CALL if to_call else NextStep.WRITE, NextStep.VISITOR, NextStep.FOLLOW_UP)
    kind = one.number // len(_MIXED) % len(steps)
    seen = (one.request.next_step, one.request.next_at)
    next_steps.plan(
        one.request, step=steps[kind], at=soonest + kind * dt.timedelta(days=1), seen=seen, by=one.by, now=at
    )


def _call(one: Played, outcome: CallOutcome, at: dt.datetime) -> None:
    calls.log(one.request, outcome=outcome, seen=calls.count(one.request), by=one.by, now=at)


def _move(
    one: Played, to: Status, at: dt.datetime, *, reason: str = "", closed_for: ClosedFor = ClosedFor.OTHER
) -> None:
    seen = Status(one.request.status)
    moving.move(one.request, to=to, by=one.by, seen=seen, now=at, reason=reason, closed_for=closed_for)
