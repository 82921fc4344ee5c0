"""Who has a request: claiming, releasing, taking over, handing over, and the end of a claim on which nobody acted.

Each is `moving.assign` with what the caller saw: of twenty who claim at once one wins, and the others are told who. Whoever
has a request whose visitor waits for our answer has `ClinicProfile.claim_minutes` for a first attempt; after that it is
everybody's again.
"""

from __future__ import annotations

import contextlib
import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from consultations.exceptions import ChangedMeanwhile, Erased
from consultations.models import Activity, ConsultationRequest
from consultations.requests import moving
from consultations.requests.locks import lock_unerased
from consultations.requests.moving import name_of
from consultations.statuses import ActivityKind

# Let go in one go; the rest follows at the worker's next look.
MOST = 200


def claim(request: ConsultationRequest, *, by: User, now: dt.datetime) -> None:
    """Take a request that nobody has; one that is the caller's already stays so, and nothing is written.

    Raises:
        ChangedMeanwhile: somebody else has it; the sentence says who, and since when.
        Erased: the request was erased.
        NotAllowed: the caller may not see the request.
    """
    try:
        moving.assign(request, to=by, by=by, seen=None, now=now)
    except ChangedMeanwhile:
        request.refresh_from_db(fields=["assignee"])
        if request.assignee_id == by.pk:
            return
        if request.assignee is None:
            raise
        raise ChangedMeanwhile(has_it(request, request.assignee)) from None


def take_over(request: ConsultationRequest, *, seen: User, by: User, now: dt.datetime) -> None:
    """Take a request from a colleague, who is told by mail.

    Raises:
        ChangedMeanwhile: it is not that colleague's any more.
        Erased, NotAllowed: as `claim`.
    """
    why = f"Taken over from {name_of(seen)} by {name_of(by)}"
    moving.assign(request, to=by, by=by, seen=seen, now=now, why=why)


def hand_over(
    request: ConsultationRequest, *, to: User | None, seen: User | None, note: str, by: User, now: dt.datetime
) -> None:
    """Give a request to a colleague, or back to everybody, with a note for whoever has it next, where there is one.

    Raises:
        ChangedMeanwhile: somebody else has it by now; the note is not written either.
        Erased: the request was erased.
        NotAllowed: the colleague may not see the request.
    """
    with transaction.atomic():
        moving.assign(request, to=to, by=by, seen=seen, now=now)
        if note.strip():
            moving.note(request, text=note, by=by, now=now)


def release_lapsed(*, now: dt.datetime) -> int:
    """Give requests back to everybody whose holder has not tried to reach the visitor in time; return how many."""
    released = 0
    lapsed = ConsultationRequest.objects.lapsed(now).exclude(assignee=None).select_related("assignee")
    for request in lapsed.order_by("claim_until")[:MOST]:
        # Whoever acts at this very moment keeps it; one that is erased at it is nobody's.
        with contextlib.suppress(ChangedMeanwhile, Erased), transaction.atomic():
            _let_go(request, now)
            released += 1
    return released


def give_back_unseen(user: User, *, by: User, now: dt.datetime) -> int:
    """Give back the open requests of somebody who cannot work on them any more, and return how many.

    They may not see them, or their account is closed: such a request would be nobody's next and in nobody's list.
    """
    theirs = ConsultationRequest.objects.live().filter(assignee=user)
    why = f"Given back: the account of {name_of(user)} is closed"
    if user.is_active and user.is_staff:
        seen = ConsultationRequest.objects.visible_to(user).filter(assignee=user)
        theirs = theirs.exclude(pk__in=list(seen.values_list("pk", flat=True)))
        why = f"Given back: {name_of(user)} may not see the requests of this center any more"
    given = 0
    for request in theirs.order_by("pk"):
        # Whoever takes it over at this very moment has it.
        with contextlib.suppress(ChangedMeanwhile), transaction.atomic():
            moving.assign(request, to=None, by=by, seen=user, now=now, why=why)
            given += 1
    return given


def has_it(request: ConsultationRequest, who: User) -> str:
    """Return a sentence on who has a request, and since when."""
    given = Activity.objects.filter(request=request, kind=ActivityKind.ASSIGNED)
    at = given.order_by("-at", "-pk").values_list("at", flat=True).first()
    since = f" since {at:%H:%M} UTC" if at else ""
    return f"{name_of(who)} has it{since}. Nothing was saved; here is how it stands now."


def _let_go(request: ConsultationRequest, now: dt.datetime) -> None:
    holder = request.assignee
    # What was done about it meanwhile is waited for: a call that is being logged ends the time.
    lock_unerased(request.pk)
    if holder is None or not ConsultationRequest.objects.lapsed(now).filter(pk=request.pk).exists():
        raise ChangedMeanwhile("It is somebody's again.")
    why = f"Given back: {name_of(holder)} had it and nobody tried to reach the visitor"
    moving.assign(request, to=None, by=None, seen=holder, now=now, why=why)
