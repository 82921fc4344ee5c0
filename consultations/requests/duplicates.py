"""Who else may be this person: requests of other people that share a number, an address or a name, and which of these.

It is for staff to look at. Nothing is merged, told or refused because of it, so addresses that nobody confirmed count too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from consultations.models import ConsultationRequest, Person
from consultations.models.fields import WORDS
from consultations.models.place import Viewer
from consultations.requests.people import normal_email
from content.folded import Folded, folded

LOOKED_AT = 50
SHOWN = 10


@dataclass
class Likely:
    """Another person who may be the same, with those of their requests that share something, and what."""

    person: Person
    requests: list[ConsultationRequest] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def are_confirmed(self) -> bool:
        """Whether each of these requests has a confirmed address or number: without, nobody can merge them."""
        return all(one.is_confirmed for one in self.requests)


def likely(own: Iterable[ConsultationRequest], person: Person, *, seen_by: Viewer) -> list[Likely]:
    """Return whom a person may be as well, those with most in common first.

    Args:
        own: the person's requests that `seen_by` may see.
        person: who.
        seen_by: whose places count: requests of other centers are not looked at.
    """
    own = [one for one in own if one.erased_at is None]
    phones = {one.phone_e164 for one in own} - {""}
    emails = {one.email.lower() for one in own} - {""}
    names = {folded(one.name) for one in own}
    others = ConsultationRequest.objects.visible_to(seen_by).alias(low_email=Lower("email"), folded_name=Folded("name"))
    shared = Q(phone_e164__in=phones) | Q(low_email__in=emails) | Q(folded_name__in=names)
    others = others.filter(shared, erased_at=None, person__isnull=False).exclude(person=person)
    found: dict[int, Likely] = {}
    for one in others.select_related("person", "center").defer(*WORDS).order_by("-pk")[:LOOKED_AT]:
        assert one.person is not None  # noqa: S101  narrows the type
        candidate = found.setdefault(one.person.pk, Likely(one.person))
        candidate.requests.append(one)
        for why in _shared(one, own):
            if why not in candidate.why:
                candidate.why.append(why)
    return sorted(found.values(), key=lambda one: -len(one.why))[:SHOWN]


def _shared(one: ConsultationRequest, own: list[ConsultationRequest]) -> list[str]:
    """Return what a request shares with any of `own`, in words."""
    reasons = []
    if one.phone_e164 and any(one.phone_e164 == mine.phone_e164 for mine in own):
        reasons.append(f"the same number {one.phone_e164}")
    if one.email and any(mine.email and normal_email(one.email) == normal_email(mine.email) for mine in own):
        reasons.append(f"the same address {one.email}")
    if any(folded(one.name) == folded(mine.name) for mine in own):
        reasons.append(f"the same name {one.name}")
    return reasons
