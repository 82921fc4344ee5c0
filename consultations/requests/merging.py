"""The verbs that merge two people into one, and undo it. Nothing merges by itself.

Merging moves every request of one person to the other, and what the one is known by; which those were is kept, so that it
can be undone until one of the requests is erased. Every request has to be confirmed: bookings and consents follow the
person, and nobody gets to know of another's for an address that nobody confirmed (decision 8). Whoever merges may see
every request of both. Locks: both people by id, then the requests by id.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.links import digests
from consultations.models import Activity, ConsultationRequest, Identity, Person, PersonMerge
from consultations.models.place import Viewer
from consultations.requests import people
from consultations.statuses import ActivityKind

PURPOSE = "consultations.merging"
MARK_LENGTH = 16
NOT_ALL_SEEN = "Only somebody who may see every request of both people can do this. Nothing was saved."
UNCONFIRMED = (
    "One of these requests has neither a confirmed address nor a confirmed number, so nobody knows whose it is. Confirm the number "
    "with the visitor on the phone first. Nothing was saved."
)
FINAL = "This cannot be undone any more: one of the requests was erased."


def current(person: int) -> int:
    """Return the key of the person whom this one was merged into, their own where they were not."""
    while kept := PersonMerge.objects.filter(merged=person, undone_at=None).values_list("kept", flat=True).first():
        person = kept
    return person


def mark_of(kept: Person, merged: Person, *, seen_by: Viewer) -> str:
    """Return a mark of what a page shows of both: it changes with the direction and with their requests."""
    seen = ConsultationRequest.objects.visible_to(seen_by)
    sides = [list(seen.filter(person=one).order_by("pk").values_list("pk", flat=True)) for one in (kept, merged)]
    return digests.keyed(PURPOSE, f"{kept.pk} {sides[0]} {merged.pk} {sides[1]}")[:MARK_LENGTH]


def merges_into(person: Person, *, seen_by: Viewer) -> QuerySet[PersonMerge]:
    """Return the merges into a person, for who may see every request of theirs and every one that changed hands; else none."""
    merges = PersonMerge.objects.filter(kept=person)
    moved = PersonMerge.requests.through.objects.filter(personmerge__kept=person).values_list("consultationrequest")
    about = {pk for (pk,) in [*person.requests.values_list("pk"), *moved]}
    seen = ConsultationRequest.objects.visible_to(seen_by).filter(pk__in=about).count()
    return merges if seen == len(about) else merges.none()


def reasons(request: ConsultationRequest, *, seen_by: Viewer) -> dict[dt.datetime, str]:
    """Return why a request's person was merged, by when; nothing of a merge with requests that `seen_by` may not see."""
    about = Q(kept=request.person_id) | Q(merged=request.person_id) | Q(requests=request)
    told = {}
    for entry in PersonMerge.objects.filter(about).distinct():
        of_both = Q(person__in=[entry.kept_id, entry.merged_id]) | Q(
            pk__in=list(entry.requests.values_list("pk", flat=True))
        )
        everything = ConsultationRequest.objects.filter(of_both)
        if everything.visible_to(seen_by).count() == everything.count():
            told[entry.at] = entry.reason
    return told


def merge(kept: Person, merged: Person, *, reason: str, seen: str, by: User, now: dt.datetime) -> bool:
    """Move everything of `merged` to `kept` and return whether this call did; doing it again writes nothing.

    `seen` is the mark of what the page showed.

    Raises:
        NotAllowed: they are one, a request of theirs is not confirmed, or `by` may not see one.
        ReasonMissing: nobody would know later why.
        ChangedMeanwhile: requests came or went since the page was drawn, or one of them was merged with somebody else.
    """
    if kept.pk == merged.pk:
        raise NotAllowed("This is one person already.")
    with transaction.atomic():
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, merged.pk]).order_by("pk"))
        if PersonMerge.objects.filter(kept=kept, merged=merged, undone_at=None).exists():
            return False
        _refuse_merged_already(kept, merged)
        if not reason.strip():
            raise ReasonMissing("Say how you know that they are one person.")
        requests = _lock_all(Q(person__in=[kept, merged]), by)
        if any(not one.is_confirmed for one in requests):
            raise NotAllowed(UNCONFIRMED)
        if seen != mark_of(kept, merged, seen_by=by):
            raise ChangedMeanwhile("Requests of these people came or went meanwhile. Nothing was saved.")
        entry = PersonMerge.objects.create(kept=kept, merged=merged, reason=reason.strip(), by=by, at=now)
        entry.requests.set([one for one in requests if one.person_id == merged.pk])
        entry.identities.set(merged.identities.all())
        merged.requests.update(person=kept)
        merged.identities.update(person=kept)
        _tell(requests, ActivityKind.MERGED, by, now)
    return True


def undo(entry: PersonMerge, *, by: User, now: dt.datetime) -> bool:
    """Give the merged person their requests back and return whether this call did; doing it again writes nothing.

    What came since and is known by something of theirs is theirs too.

    Raises:
        NotAllowed: one of the requests was erased, who was kept was merged since, or `by` may not see one of the requests.
    """
    with transaction.atomic():
        list(
            Person.objects.select_for_update(no_key=True).filter(pk__in=[entry.kept_id, entry.merged_id]).order_by("pk")
        )
        rows = PersonMerge.objects.filter(pk=entry.pk, undone_at=None)
        if not rows.exists():
            return False
        if rows.exclude(final_at=None).exists():
            raise NotAllowed(FINAL)
        if PersonMerge.objects.filter(merged=entry.kept_id, undone_at=None).exists():
            raise NotAllowed("Who was kept was merged with somebody else since: undo that first.")
        requests = _lock_all(Q(person=entry.kept_id), by)
        rows.update(undone_at=now, undone_by=by)
        theirs = set(entry.requests.values_list("pk", flat=True))
        known_by = set(entry.identities.values_list("digest", flat=True))
        back = [one.pk for one in requests if one.pk in theirs or people.digests_of(one) & known_by]
        ConsultationRequest.objects.filter(pk__in=back).update(person=entry.merged_id)
        Identity.objects.filter(pk__in=entry.identities.values("pk")).update(person=entry.merged_id)
        _tell(requests, ActivityKind.SPLIT, by, now)
    return True


def finish(request: ConsultationRequest, person: Person | None, *, now: dt.datetime) -> None:
    """Make the merges that a request was part of final, as it is erased: without words, and without a way back to it."""
    about = PersonMerge.objects.filter(Q(requests=request) | Q(kept=person) | Q(merged=person), final_at=None)
    PersonMerge.objects.filter(pk__in=list(about.values_list("pk", flat=True))).update(final_at=now, reason="")
    PersonMerge.requests.through.objects.filter(consultationrequest=request).delete()


def _refuse_merged_already(kept: Person, merged: Person) -> None:
    found = PersonMerge.objects.filter(merged__in=[kept, merged], undone_at=None).select_related("by").first()
    if found is not None:
        raise ChangedMeanwhile("One of these two was merged with somebody else meanwhile. Nothing was saved.")


def _lock_all(condition: Q, by: User) -> list[ConsultationRequest]:
    """Lock the requests and return them, if `by` may see each of them."""
    requests = list(ConsultationRequest.objects.filter(condition).select_for_update(no_key=True).order_by("pk"))
    seen = ConsultationRequest.objects.visible_to(by).filter(pk__in=[one.pk for one in requests]).count()
    if seen != len(requests):
        raise NotAllowed(NOT_ALL_SEEN)
    return requests


def _tell(requests: list[ConsultationRequest], kind: ActivityKind, by: User, now: dt.datetime) -> None:
    """Write a line into the history of each; why stands with the merge, as not everybody who sees one may see them all."""
    for one in requests:
        Activity.objects.create(request=one, kind=kind, at=now, by=by)
