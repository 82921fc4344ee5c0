"""Looks at what readers see: the clinic's own words, notices, reviews, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from clinic.doctor.findings import Finding, counted
from content import notices
from content.choices import PolicyKind
from content.media import keeping, moving
from content.models import ClinicProfile, ImageFile, Policy, Revision
from content.search import indexing

MOST_TROUBLES = 5
# From where readers are led to each policy, also to one that is not there.
LED_FROM = {
    PolicyKind.PRIVACY: "the request form",
    PolicyKind.CONSUMER_HEALTH_DATA: "the request form",
    PolicyKind.ACCESSIBILITY: "the foot of every page",
}


def own_words(now: dt.datetime) -> Iterator[Finding]:
    """Say which texts are missing that every site needs before it is open."""
    if not ClinicProfile.objects.exists():
        yield Finding("Pages have no name and mails no sender: write the clinic profile in the admin.", serious=True)
    written = set(Policy.objects.values_list("kind", flat=True))
    for kind in PolicyKind:
        if kind not in written:
            yield Finding(
                f"The {kind.label.lower()}, to which {LED_FROM[kind]} leads, is not there: write it in the admin, under Policies.",
                serious=kind != PolicyKind.ACCESSIBILITY,
            )


def places(now: dt.datetime) -> Iterator[Finding]:
    """Say where a therapy has no wording."""
    yield from map(Finding, notices.warnings(now))


def reviews(now: dt.datetime) -> Iterator[Finding]:
    """Say which public articles should have been reviewed again by today (UTC)."""
    overdue = Revision.objects.public(now).overdue(now.date()).order_by("next_review_on")
    if days := list(overdue.values_list("next_review_on", flat=True)):
        yield Finding(f"The review of {counted(len(days), 'article')} is overdue, the longest since {days[0]}.")


def pictures(now: dt.datetime) -> Iterator[Finding]:
    """Say which files of pictures the storage beside the database does not give as they are, and which are not there yet."""
    away = list(ImageFile.objects.exclude(digest="").values_list("digest", "kind"))
    troubles: list[str] = []
    for digest, kind in away:
        try:
            keeping.fetch(digest, kind)
        except keeping.Missing as error:
            troubles.append(str(error))
        # One that is silent would take as long for each of the others.
        if len(troubles) == MOST_TROUBLES:
            break
    if troubles:
        more = " at least" if len(troubles) == MOST_TROUBLES else ""
        yield Finding(
            f"Readers do not see{more} {counted(len(troubles), 'file')} of pictures: {troubles[0]}.", serious=True
        )
    if keeping.storage() is not None and (here := moving.waiting(to_storage=True)):
        yield Finding(
            f"{counted(here, 'file')} of pictures are in the database: run `manage.py move_pictures --to storage`."
        )


def search(now: dt.datetime) -> Iterator[Finding]:
    """Say whether search would find something else than pages say."""
    if stale := indexing.outdated(now=now):
        yield Finding(
            f"Search does not know {counted(stale, 'thing')} as readers see them: run `manage.py rebuild_search`."
        )
