"""Decides whether two requests are from the same person: by mail address or phone number, normalised.

An address or number counts once it is confirmed (decision 8); until then each request has a person of its own. Only
keyed digests are kept for comparing. Nothing is ever dropped: a person has all their confirmed requests.
"""

from __future__ import annotations

import contextlib
import datetime as dt

from consultations.links import digests
from consultations.models import ConsultationRequest, Identity, Person, PersonMerge
from consultations.models.place import Viewer
from content import addresses, text

PURPOSE = "consultations.people"
GMAIL = frozenset({"gmail.com", "googlemail.com"})
NAMED_AT_MOST = 10


def match_or_create(*, email: str, phone_e164: str, now: dt.datetime, own: Person | None = None) -> Person:
    """Return the person these belong to, a new one where nobody is known by them; the row is locked on return.

    Call it inside a transaction, with what was confirmed only; `own` is the request's person so far. Two requests of one person at the same time meet at the unique digest: the second
    waits for the first and then finds its person. Where the address is one person's and the number another's, the
    address decides.
    """
    marks = _marks(email, phone_e164)
    person = _known_by(marks)
    ours = None
    if person is None:
        person = ours = own or Person.objects.create(created_at=now)
    _remember(person, marks)
    if ours is not None and (first := _known_by(marks, other_than=ours)):
        # Another transaction made this person before us; what only we knew of them is theirs now.
        ours.identities.update(person=first)
        if own is None:
            ours.delete()
        person = first
    return _kept(Person.objects.select_for_update(no_key=True).get(pk=person.pk))


def other_requests(request: ConsultationRequest, *, seen_by: Viewer) -> str:
    """Return the person's other requests that `seen_by` may see as a sentence, those before it and those after, or ""."""
    if request.person_id is None:
        return ""
    others = ConsultationRequest.objects.visible_to(seen_by).filter(person=request.person_id).exclude(pk=request.pk)
    found: dict[str, list[str]] = {"Asked before": [], "Asked again": []}
    for one in others.order_by("-pk")[:NAMED_AT_MOST]:
        words = "Asked before" if one.pk < request.pk else "Asked again"
        found[words].append(f"{one.reference} ({one.received_at:%d %b %Y})")
    return " ".join(f"{words}: {', '.join(named)}." for words, named in found.items() if named)


def later_requests(request: ConsultationRequest, *, seen_by: Viewer) -> list[ConsultationRequest]:
    """Return the person's requests that came after this one and that `seen_by` may see, the first ones first."""
    if request.person_id is None:
        return []
    later = ConsultationRequest.objects.visible_to(seen_by).filter(person=request.person_id, pk__gt=request.pk)
    return list(later.only("reference", "received_at").order_by("pk")[:NAMED_AT_MOST])


def asked_before(request: ConsultationRequest) -> bool:
    """Return whether the person has other requests, of whatever center."""
    others = ConsultationRequest.objects.filter(person=request.person_id).exclude(pk=request.pk)
    return request.person_id is not None and others.exists()


def normal_email(email: str) -> str:
    """Return the mailbox that an address leads to: without case, +tag, Gmail's dots, and signs that are not seen."""
    local, _, domain = text.mail_address(email).rpartition("@")
    local = local.casefold()
    with contextlib.suppress(ValueError):
        # Not casefold: it would make straße.example another person's domain.
        domain = addresses.ascii_host(domain)
    local = local.split("+", 1)[0] or local
    if domain in GMAIL:
        return f"{local.replace('.', '') or local}@gmail.com"
    return f"{local}@{domain}"


def known(*, email: str, phone_e164: str) -> Person | None:
    """Return the person who has confirmed one of these."""
    return _known_by(_marks(email, phone_e164))


def confirmed(request: ConsultationRequest) -> dict[str, str]:
    """Return the address and number of a request that are confirmed, as `match_or_create` takes them."""
    return {
        "email": request.email if request.email_confirmed_at else "",
        "phone_e164": request.phone_e164 if request.phone_confirmed_at else "",
    }


def forget(person: Person) -> None:
    """Drop what a person is known by only through requests that are gone; the row itself says nothing and may stay.

    Deleting it here could take it from under a request that is being received at this moment.
    """
    left = person.requests.all()
    known = {digest for one in left for digest in digests_of(one)}
    person.identities.exclude(digest__in=known).delete()


def digests_of(request: ConsultationRequest) -> set[str]:
    """Return by which digests whoever left a request is known, under every key."""
    return {digest for reading in _marks(**confirmed(request)) for digest in reading}


def _kept(person: Person) -> Person:
    """Return the person, locked, or the one that staff merged them into while we waited for the lock."""
    while merge := PersonMerge.objects.filter(merged=person, undone_at=None).first():
        person = Person.objects.select_for_update(no_key=True).get(pk=merge.kept_id)
    return person


def _marks(email: str, phone_e164: str) -> list[list[str]]:
    """Return, for each thing a person is known by, its digests: present key first, then the fallback keys."""
    known_by = [f"email {normal_email(email)}" if email else "", f"phone {phone_e164}" if phone_e164 else ""]
    return [digests.readings(PURPOSE, mark) for mark in known_by if mark]


def _remember(person: Person, marks: list[list[str]]) -> None:
    # In a fixed order, so that two transactions with the same marks never wait for each other.
    missing = sorted(reading[0] for reading in marks if not Identity.objects.filter(digest__in=reading).exists())
    Identity.objects.bulk_create([Identity(person=person, digest=digest) for digest in missing], ignore_conflicts=True)


def _known_by(marks: list[list[str]], *, other_than: Person | None = None) -> Person | None:
    for reading in marks:
        known = Identity.objects.filter(digest__in=reading).select_related("person")
        if identity := (known.exclude(person=other_than) if other_than else known).first():
            return identity.person
    return None
