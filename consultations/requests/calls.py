"""Keeping what came of a call: one verb writes the call, puts down what next_steps.py says comes next, and ends the promised time.

The rules are rows that managers edit (`CallRule`); see next_steps.py for what comes next after each outcome.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from consultations.clocks import wording
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Activity, CallRule, ConsultationRequest
from consultations.requests import moving, next_steps, promise
from consultations.requests.locks import lock_unerased
from consultations.requests.moving import name_of
from consultations.statuses import LIVE, WAITING, ActivityKind, CallOutcome, NextStep, Status


def count(request: ConsultationRequest) -> int:
    """Return how many calls about a request were kept: what a page shows, and `log` compares."""
    return request.activities.filter(kind=ActivityKind.CALL).count()


def latest(request: ConsultationRequest) -> str:
    """Return what came of the last call and who made it, or "none"."""
    last = request.activities.filter(kind=ActivityKind.CALL).select_related("by").last()
    return f"{CallOutcome(last.outcome).label}, {name_of(last.by)}" if last is not None and last.by else "none"


def wrong_number(request: ConsultationRequest) -> str:
    """Return who found the number wrong and when; "" where they did not, or it was called or corrected since."""
    since = request.activities.filter(kind__in=[ActivityKind.CALL, ActivityKind.CONTACT]).select_related("by").last()
    if since is None or since.outcome != CallOutcome.WRONG_NUMBER:
        return ""
    return f"wrong number: {name_of(since.by) if since.by else 'nobody'}, {wording.utc(since.at)}"


def attempts(request: ConsultationRequest) -> int:
    """Return how many calls in a row reached nobody."""
    outcomes = (
        request.activities.filter(kind=ActivityKind.CALL).order_by("-at", "-pk").values_list("outcome", flat=True)
    )
    found = list(outcomes[:50])
    return found.index(CallOutcome.REACHED) if CallOutcome.REACHED in found else len(found)


def log(
    request: ConsultationRequest, *, outcome: CallOutcome, seen: int, by: User, now: dt.datetime
) -> tuple[NextStep, dt.datetime]:
    """Keep a call and return what is next and when; `seen` is how many calls the page showed.

    Reaching somebody is a contact: the promised time stops, and a waiting request is in conversation. Any other outcome
    leaves the time running, unless the rule calls it our answer; where it runs, the next attempt is in time for it. A new request has been tried. Nobody's becomes the
    caller's. The appointment of a booked one stays its next step.

    Raises:
        ChangedMeanwhile: another call was kept meanwhile, perhaps this very one.
        NotAllowed: the request is closed.
        Erased: the request was erased.
    """
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        if locked.status not in LIVE:
            raise NotAllowed("This request is closed. Open it again before you log a call.")
        if count(locked) != seen:
            raise ChangedMeanwhile(_last_call(locked))
        rule = next_steps.rule_for(outcome, attempts(locked) + 1)
        if locked.assignee is None:
            moving.assign(locked, to=by, by=by, seen=None, now=now)
        Activity.objects.create(
            request=locked, kind=ActivityKind.CALL, outcome=outcome, at=now, by=by, text=_in_words(rule)
        )
        _move(locked, outcome, by, now)
        fresh = ConsultationRequest.objects.filter(pk=locked.pk)
        fresh.update(claim_until=None)
        if rule.is_answer:
            fresh.filter(first_contact_at=None).update(first_contact_at=now)
        if locked.status != Status.BOOKED:
            at = promise.later(locked.center, now, hours=rule.wait_hours)
            next_steps.put(locked, next_steps.after_call(locked, outcome), at, now=now)
            _keep_promise(locked, at, now)
    request.refresh_from_db()
    assert request.next_at is not None  # noqa: S101  a live request has one: the database says so
    return NextStep(request.next_step), request.next_at


def _move(locked: ConsultationRequest, outcome: CallOutcome, by: User, now: dt.datetime) -> None:
    seen = Status(locked.status)
    if outcome == CallOutcome.REACHED and seen in WAITING:
        moving.move(locked, to=Status.REACHED, by=by, seen=seen, now=now)
    elif outcome != CallOutcome.REACHED and seen == Status.NEW:
        moving.move(locked, to=Status.ATTEMPTED, by=by, seen=seen, now=now)


def _keep_promise(locked: ConsultationRequest, by_rule: dt.datetime, now: dt.datetime) -> None:
    """Let the next attempt come before the answer that is promised, and say so where the rule would have been later."""
    due = next_steps.keep_promise(locked, now=now)
    if due is None:
        return
    locked.refresh_from_db(fields=["next_step", "next_at"])
    assert locked.next_at is not None  # noqa: S101  it was brought forward
    text = (
        f"{NextStep(locked.next_step).label}, {wording.utc(locked.next_at)}; by the rule, {wording.utc(by_rule)}. "
        f"The answer is promised for {wording.utc(due)}."
    )
    Activity.objects.create(request=locked, kind=ActivityKind.NEXT, at=now, text=text)


def _in_words(rule: CallRule) -> str:
    """Return what the rule says of the promised time, for the history, where it is not what one expects."""
    return "Counts as our answer." if rule.is_answer and rule.outcome != CallOutcome.REACHED else ""


def _last_call(request: ConsultationRequest) -> str:
    last = request.activities.filter(kind=ActivityKind.CALL).select_related("by").last()
    if last is None or last.by is None:
        return "The calls were changed meanwhile. Nothing was saved."
    words = CallOutcome(last.outcome).label
    return f"{name_of(last.by)} logged a call at {last.at:%H:%M} UTC: {words}. Nothing was saved a second time."
