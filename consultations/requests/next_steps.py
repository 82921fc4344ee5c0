"""The one next step of each live request, and when it is due: after each outcome of a call, after a move, or as staff plan it.

It follows the status: an answer is due when it was promised, an appointment when it begins, a call or another word as the
rules for calls say, yet in time for an answer that is promised. What staff planned stands until the request moves or is called about.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from consultations.clocks import wording
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Activity, Appointment, CallRule, ConsultationRequest
from consultations.models.fields import WORDS
from consultations.requests import deadlines, promise
from consultations.requests.locks import lock_unerased
from consultations.statuses import LIVE, PLANNED, ActivityKind, CallOutcome, NextStep, Status

# Nobody plans further ahead than this; a year that was mistyped is refused.
FURTHEST = dt.timedelta(days=400)
AFTER_CALL: dict[CallOutcome, NextStep] = {
    CallOutcome.NO_ANSWER: NextStep.CALL,
    CallOutcome.VOICEMAIL: NextStep.CALL,
    CallOutcome.REACHED: NextStep.FOLLOW_UP,
    CallOutcome.WRONG_NUMBER: NextStep.WRITE,
}


def after_call(request: ConsultationRequest, outcome: CallOutcome) -> NextStep:
    """Return what comes next after a call; nobody writes to a visitor who left no address."""
    step = AFTER_CALL[outcome]
    return NextStep.FOLLOW_UP if step == NextStep.WRITE and not request.email else step


def renew(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """Set the step that the status asks for; none is left on what is closed. Call it with the row locked."""
    row = ConsultationRequest.objects.only("status", "respond_by", "center").get(pk=request.pk)
    step, at = _of(row, now)
    put(request, step, at, now=now)
    if step != NextStep.ANSWER:
        keep_promise(request, now=now)


def keep_promise(request: ConsultationRequest, *, now: dt.datetime) -> dt.datetime | None:
    """Bring a step forward that comes too late for the answer that is promised; return when that is due, None where none was moved.

    What was missed already brings nothing forward: then the next step is as good as any. Call it with the row locked.
    """
    to_come = ConsultationRequest.objects.to_answer().filter(pk=request.pk, respond_by__gt=now, next_at__isnull=False)
    row = to_come.select_related("center").defer(*WORDS).first()
    if row is None or row.next_at is None:
        return None
    latest = promise.in_time(row.center, now, row.respond_by)
    if row.next_at <= latest:
        return None
    ConsultationRequest.objects.filter(pk=row.pk).update(next_at=latest)
    return row.respond_by


def put(request: ConsultationRequest, step: str, at: dt.datetime | None, *, now: dt.datetime) -> None:
    """Write a step, and let the promised time follow it. Call it with the row locked."""
    ConsultationRequest.objects.filter(pk=request.pk).update(next_step=step, next_at=at)
    deadlines.follow_step(request, now=now)


def visitor_wrote(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """End the wait for the visitor, where we waited: what they wrote is to be read now. Call it with the row locked."""
    if request.status in LIVE and request.next_step == NextStep.VISITOR:
        put(request, NextStep.FOLLOW_UP, now, now=now)


def follow_appointment(request: ConsultationRequest, *, now: dt.datetime) -> None:
    """Let the step of a booked request follow its appointment, which was moved or has an outcome; others keep theirs."""
    if request.status == Status.BOOKED:
        renew(request, now=now)


def rule_for(outcome: CallOutcome, attempt: int) -> CallRule:
    """Return what follows the call with this number, as managers set it; without a rule the next morning is next."""
    rules = CallRule.objects.filter(outcome=outcome, attempt__lte=attempt)
    fallback = CallRule(outcome=outcome, is_answer=outcome == CallOutcome.REACHED)
    return rules.order_by("-attempt").first() or fallback


def plan(
    request: ConsultationRequest,
    *,
    step: NextStep,
    at: dt.datetime,
    seen: tuple[str, dt.datetime | None],
    by: User,
    now: dt.datetime,
) -> None:
    """Put down by hand what comes next, and when; `seen` is the step and the time that the page showed.

    Raises:
        NotAllowed: the step follows from something else, the time is past or too far away, or the request is closed.
        ChangedMeanwhile: another step was set meanwhile.
        Erased: the request was erased.
    """
    if step not in PLANNED:
        raise NotAllowed(f"“{step.label}” is not planned by hand.")
    if not now < at < now + FURTHEST:
        raise NotAllowed("Choose a time to come, within a year.")
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        if locked.status not in LIVE:
            raise NotAllowed("This request is closed: there is no next step.")
        if not ConsultationRequest.objects.filter(pk=request.pk, next_step=seen[0], next_at=seen[1]).update(
            next_step=step, next_at=at
        ):
            stands = f", {wording.utc(locked.next_at)}" if locked.next_at else ""
            words = f"{NextStep(locked.next_step).label}{stands}"
            raise ChangedMeanwhile(f"The next step was changed meanwhile: {words}. Nothing was saved.")
        text = f"{step.label}, {wording.utc(at)}"
        Activity.objects.create(request=locked, kind=ActivityKind.NEXT, at=now, by=by, text=text)
        # After it: the timeline tells what followed from what.
        deadlines.follow_step(request, now=now)
    request.refresh_from_db(fields=["next_step", "next_at"])


def _of(row: ConsultationRequest, now: dt.datetime) -> tuple[str, dt.datetime | None]:
    match Status(row.status):
        case Status.NEW:
            return NextStep.ANSWER, row.respond_by
        case Status.ATTEMPTED:
            return NextStep.CALL, _later(row, rule_for(CallOutcome.NO_ANSWER, 1), now)
        case Status.REACHED:
            return NextStep.FOLLOW_UP, _later(row, rule_for(CallOutcome.REACHED, 1), now)
        case Status.BOOKED:
            to_come = Appointment.objects.active().filter(request=row).order_by("starts_at")
            at = to_come.values_list("starts_at", flat=True).first()
            if at is not None:
                return NextStep.APPOINTMENT, at
            return NextStep.FOLLOW_UP, _later(row, rule_for(CallOutcome.REACHED, 1), now)
    return "", None


def _later(row: ConsultationRequest, rule: CallRule, now: dt.datetime) -> dt.datetime:
    return promise.later(row.center, now, hours=rule.wait_hours)
