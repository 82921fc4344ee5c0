"""The verbs that change a request: move its status, assign it to somebody and for how long, add a note. Calls are in calls.py, claims in claims.py.

Nothing else changes status or assignee. Every verb is compare-and-set: it says what the caller saw (`seen`), and the database changes the
row only while that still holds; otherwise `ChangedMeanwhile` tells what the other person did and nothing is written.
The change and its history row are one transaction. What has to happen with every move elsewhere (giving a held time back,
sending withheld mails) is registered in `ON_MOVE` by consultations/apps.py and runs in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction

from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.models import Activity, ConsultationRequest
from consultations.requests import next_steps
from consultations.requests.locks import lock_unerased
from consultations.statuses import CONTACTED, LIVE, NEEDS_REASON, TRANSITIONS, ActivityKind, ClosedFor, NextStep, Status
from content.models import ClinicProfile

CLAIM_LASTS = dt.timedelta(hours=1)
# Called as follower(request, to=…, now=…) with the request's row locked and its status changed; raising undoes the move.
type Follower = Callable[..., None]
ON_MOVE: list[Follower] = []
# Called as follower(request, former=…, to=…, by=…, now=…) where a request went to another person, or to nobody.
ON_ASSIGN: list[Follower] = []


def move(
    request: ConsultationRequest,
    *,
    to: Status,
    by: User | None,
    seen: Status,
    now: dt.datetime,
    reason: str = "",
    closed_for: ClosedFor = ClosedFor.OTHER,
) -> None:
    """Move a request from the status the caller saw to `to`; one that was no spam after all gets its withheld mails.

    `by` is None where the visitor did it, by booking or cancelling: then `reason` says what they did, and the move is no
    contact by us. `closed_for` is counted where it is closed. No appointment to come is left on a request that is closed: see booking/closing.py. A time that is only held
    is given back.

    Raises:
        NotAllowed: that move is not in `TRANSITIONS`.
        ReasonMissing: closing and spam need a reason, and so does what nobody of ours did.
        ChangedMeanwhile: the request no longer has the status `seen`.
        AppointmentStands: it would be closed while an appointment is to come.
        Erased: the request was erased.
    """
    refuse_senseless(to=to, by=by, seen=seen, reason=reason)
    with transaction.atomic():
        lock_unerased(request.pk)
        # What is live has a next step at any time; which one it is, the followers may change still.
        live = {"next_step": NextStep.ANSWER, "next_at": now} if to in LIVE else {}
        stands = {"status": to, "closed_for": closed_for if to == Status.LOST else "", **live}
        if not ConsultationRequest.objects.filter(pk=request.pk, status=seen).update(**stands):
            raise ChangedMeanwhile(what_happened(request))
        # Before what follows from it, as the timeline tells it.
        Activity.objects.create(
            request=request,
            kind=ActivityKind.STATUS,
            at=now,
            by=by,
            from_status=seen,
            to_status=to,
            text=reason.strip(),
        )
        for follower in ON_MOVE:
            follower(request, to=to, now=now)
        if to in CONTACTED and by is not None:
            ConsultationRequest.objects.filter(pk=request.pk, first_contact_at=None).update(first_contact_at=now)
        if by is not None:
            # Whoever works on it keeps it.
            ConsultationRequest.objects.filter(pk=request.pk).update(claim_until=None)
        next_steps.renew(request, now=now)
    request.refresh_from_db()


def refuse_senseless(*, to: Status, by: User | None, seen: Status, reason: str) -> None:
    """Refuse a move that makes no sense whatever the database holds.

    Raises:
        NotAllowed, ReasonMissing: as `move` says.
    """
    if to not in TRANSITIONS[seen]:
        raise NotAllowed(f"A request cannot go from “{seen.label}” to “{to.label}”.")
    if (to in NEEDS_REASON or by is None) and not reason.strip():
        raise ReasonMissing(f"Say why, so that “{to.label}” can be understood later.")


def assign(
    request: ConsultationRequest,
    *,
    to: User | None,
    by: User | None,
    seen: User | None,
    now: dt.datetime,
    why: str = "",
) -> None:
    """Give a request to a member of staff, or to nobody; `seen` is who the caller believes has it.

    Who gets one whose visitor waits for our answer has some time to try to reach them: see claims.py. `by` is None where
    the site's rules did it; `why` is a sentence for the history.

    Raises:
        ChangedMeanwhile: somebody else has it by now.
        Erased: the request was erased.
        NotAllowed: `to` may not see the request.
    """
    if to == seen:
        return
    with transaction.atomic():
        lock_unerased(request.pk)
        if to and not ConsultationRequest.objects.visible_to(to).filter(pk=request.pk).exists():
            raise NotAllowed(f"{name_of(to)} may not see the requests of this center. Nothing was saved.")
        if not ConsultationRequest.objects.filter(pk=request.pk, assignee=seen).update(assignee=to, claim_until=None):
            raise ChangedMeanwhile(what_happened(request))
        if to is not None:
            ConsultationRequest.objects.to_answer().filter(pk=request.pk).update(claim_until=now + claim_lasts())
        text = f"{'Claimed by' if to == by else 'Given to'} {name_of(to)}" if to else "Given back: nobody has it"
        Activity.objects.create(request=request, kind=ActivityKind.ASSIGNED, at=now, by=by, text=why or text)
        for follower in ON_ASSIGN:
            follower(request, former=seen, to=to, by=by, now=now)
    request.refresh_from_db()


def note(request: ConsultationRequest, *, text: str, by: User, now: dt.datetime) -> None:
    """Add an internal note; it is encrypted and never leaves the desk.

    Raises:
        ReasonMissing: the note is empty.
        Erased: the request was erased, and a note on it would never be taken away again.
    """
    if not text.strip():
        raise ReasonMissing("Write something into the note first.")
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        Activity.objects.create(request=locked, kind=ActivityKind.NOTE, at=now, by=by, text=text.strip())


def claim_lasts() -> dt.timedelta:
    """Return how long somebody may have a request without trying to reach the visitor, as managers set it."""
    minutes = ClinicProfile.objects.values_list("claim_minutes", flat=True).first()
    return CLAIM_LASTS if minutes is None else dt.timedelta(minutes=minutes)


def name_of(user: User) -> str:
    """Return how colleagues know somebody."""
    return user.get_full_name() or user.get_username()


def what_happened(request: ConsultationRequest) -> str:
    """Return what a colleague did last, for whoever comes second."""
    last = (
        Activity.objects.filter(request=request, kind__in=[ActivityKind.STATUS, ActivityKind.ASSIGNED])
        .select_related("by")
        .last()
    )
    if last is None or last.by is None:
        return "This request was changed meanwhile. Nothing was saved; here is how it stands now."
    did = f"moved it to “{Status(last.to_status).label}”" if last.kind == ActivityKind.STATUS else "changed who has it"
    return f"{name_of(last.by)} {did} at {last.at:%H:%M} UTC. Nothing was saved; here is how it stands now."
