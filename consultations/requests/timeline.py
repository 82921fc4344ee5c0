"""Everything that happened to a request, in order, from all the tables that keep it: one timeline.

Activities of every kind are shown as they are, so that a new kind appears by itself. Mails, consents and openings have tables
of their own and are lines of the same list.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from consultations.clocks import leading, wording
from consultations.models import AccessEntry, Activity, Consent, ConsultationRequest, Message
from consultations.models.place import Viewer
from consultations.requests import merging, people
from consultations.requests.moving import name_of
from consultations.statuses import ActivityKind, MessageState
from content.models import ClinicProfile

SITE, VISITOR, OWNER = "The site", "The visitor", "The owner of the mailbox"
DISOWNED = f"{OWNER} says that they did not ask; the address was taken off."
MAIL_WRITTEN = "Mail by staff"
# The rest is in the list of access entries.
OPENINGS_SHOWN = 50
# A mail that left so soon is one line.
AT_ONCE = dt.timedelta(minutes=5)
BY_VISITOR = frozenset({ActivityKind.RECEIVED, ActivityKind.AGAIN, ActivityKind.VISITOR})
# Where nobody of ours did them, the visitor did; once the words are gone, they may have come of the erasure.
BY_VISITOR_IN_WORDS = frozenset(
    {
        ActivityKind.BOOKED,
        ActivityKind.MOVED,
        ActivityKind.CANCELLED,
        ActivityKind.PROVED,
        ActivityKind.CONTACT,
        ActivityKind.CONSENT,
    }
)


@dataclass(frozen=True)
class Event:
    """One line.

    Attributes:
        at: when (UTC).
        kind: a word for the style sheet.
        what: what happened, in words of ours.
        words: what somebody wrote, or ""; empty once the request was erased.
        by: who did it, in words.
    """

    at: dt.datetime
    kind: str
    what: str
    words: str
    by: str

    @property
    def utc(self) -> str:
        """When, in UTC."""
        return wording.utc(self.at)


def of(request: ConsultationRequest, *, openings: bool, seen_by: Viewer) -> list[Event]:
    """Return the events of a request, the first one first.

    Args:
        request: whose.
        openings: whether who opened it may be told; then the latest of them are among the events.
        seen_by: who reads it; of the person's later requests, those that they may see are among the events.
    """
    told: Iterable[AccessEntry] = request.access_entries.select_related("by")[:OPENINGS_SHOWN] if openings else ()
    mails = list(request.messages.all())
    sent = {one.sent_at for one in mails}
    done = [one for one in request.activities.select_related("by") if not _is_of_mail(one, sent)]
    merged = any(one.kind == ActivityKind.MERGED for one in done)
    why = merging.reasons(request, seen_by=seen_by) if merged else {}
    events = chain(
        (_activity(one, why) for one in done),
        chain.from_iterable(map(_mail, mails)),
        map(_consent, request.consents.select_related("text")),
        map(_opening, told),
        map(_again, people.later_requests(request, seen_by=seen_by)),
    )
    # Sorting keeps what happened at one instant in the order above.
    return sorted(events, key=lambda event: event.at)


def clock_of(request: ConsultationRequest) -> zoneinfo.ZoneInfo:
    """Return the clock that stands beside UTC: that of the request's center, or else the clinic's."""
    return leading.usual_clock(request.center, ClinicProfile.objects.values_list("time_zone", flat=True).first())


def _activity(one: Activity, why: Mapping[dt.datetime, str]) -> Event:
    what = MAIL_WRITTEN if one.kind == ActivityKind.MESSAGE and one.by_id else one.get_kind_display()
    if one.outcome:
        what = f"{what}: {one.get_outcome_display()}"
    if one.to_status:
        what = f"{what}: {one.get_from_status_display()} → {one.get_to_status_display()}"
    words = why.get(one.at, "") if one.kind == ActivityKind.MERGED else one.text
    return Event(one.at, one.kind, what, words, name_of(one.by) if one.by else _nobody_of_ours(one))


def _nobody_of_ours(one: Activity) -> str:
    """Return who did what no member of staff did."""
    if one.text.endswith(DISOWNED):
        return OWNER
    return VISITOR if one.kind in BY_VISITOR or (one.kind in BY_VISITOR_IN_WORDS and one.text) else SITE


def _is_of_mail(one: Activity, sent: set[dt.datetime | None]) -> bool:
    """Return whether it says what the line of a mail says already: that it was sent, at that moment."""
    return one.kind == ActivityKind.MESSAGE and one.by_id is None and one.at in sent


def _mail(one: Message) -> Iterator[Event]:
    """Yield that a mail was sent; where it waited before, or has not left, that it was queued, with what became of it."""
    to = f" to {one.recipient}" if one.recipient else ""
    sent = one.sent_at if one.state == MessageState.SENT else None
    stands = "" if sent else f": {leaves(one) or one.get_state_display().lower()}"
    tries = f"; tried {one.attempts} time{'' if one.attempts == 1 else 's'}" if one.attempts and not sent else ""
    trouble = f" ({one.last_error})" if one.last_error and not sent else ""
    if sent and sent - one.created_at < AT_ONCE:
        yield Event(sent, "mail", f"Mail sent: {one.get_kind_display()}{to}", "", SITE)
        return
    yield Event(one.created_at, "mail", f"Mail queued: {one.get_kind_display()}{to}{stands}{tries}{trouble}", "", SITE)
    if sent:
        yield Event(sent, "mail", f"Mail sent: {one.get_kind_display()}{to}", "", SITE)


def leaves(mail: Message) -> str:
    """Return when a mail that is not due yet leaves, such as a reminder; "" for any other."""
    later = mail.state == MessageState.QUEUED and not mail.attempts and mail.due_at - mail.created_at > AT_ONCE
    return f"leaves {wording.utc(mail.due_at)}" if later else ""


def _consent(one: Consent) -> Event:
    what = f"Consent given: {one.text.get_purpose_display()}, version {one.text.version}"
    return Event(one.given_at, "consent", what, "", VISITOR)


def _opening(one: AccessEntry) -> Event:
    return Event(one.at, "opened", f"Opened: {one.get_what_display()}", "", name_of(one.by))


def _again(one: ConsultationRequest) -> Event:
    return Event(one.received_at, ActivityKind.AGAIN, f"{ActivityKind.AGAIN.label}: {one.reference}", "", VISITOR)
