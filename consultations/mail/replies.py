"""Mails that staff write to a visitor, by hand or from a canned reply: filled in, checked, previewed, queued, kept encrypted.

What stands in double braces is filled in from `VARIABLES`; anything else in braces is refused, so that no visitor reads a
placeholder. Words that the claim rules block are not sent. The visitor's private link stands below every mail, and in no text
that is stored or shown at the desk.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.mail import messages
from consultations.models import Activity, CannedReply, ConsultationRequest, Message, Reply
from consultations.requests import moving, next_steps, promise
from consultations.requests.locks import lock_unerased
from consultations.requests.moving import name_of
from consultations.statuses import LIVE, ActivityKind, MessageKind, NextStep, Status
from content.claims.rules import Context, Severity
from content.models import ClinicProfile
from content.proofreading import book, texts

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BRACES = re.compile(r"\{\{|\}\}")
# Business hours until we look again whether the visitor has answered.
WAIT_HOURS = 16


@dataclass(frozen=True)
class Writing:
    """Who writes about what; variables are filled in from it."""

    request: ConsultationRequest
    by: User
    clinic: ClinicProfile


VARIABLES: dict[str, Callable[[Writing], str]] = {
    "name": lambda writing: messages.greeting_name(writing.request),
    "reference": lambda writing: writing.request.reference,
    "clinic": lambda writing: writing.clinic.name,
    "center": lambda writing: str(writing.request.center or writing.clinic.name),
    "phone": lambda writing: writing.clinic.phone.as_international if writing.clinic.phone else "",
    "staff": lambda writing: writing.by.first_name or name_of(writing.by),
}


def unknown(text: str) -> list[str]:
    """Return what stands in braces and is no variable, in order."""
    named = [name for name in PLACEHOLDER.findall(text) if name not in VARIABLES]
    return named + BRACES.findall(PLACEHOLDER.sub("", text))


def forbidden(text: str) -> list[str]:
    """Return a sentence for each claim that may not be made: what it is, why, and what to write instead."""
    return [finding.in_words for finding in book.current().check(text) if finding.severity == Severity.BLOCK]


def passages(reply: CannedReply) -> Iterator[texts.Passage]:
    """Yield the words of a canned reply, so that they are checked again when claim rules or therapies change."""
    where = f"canned reply {reply.name}"
    yield texts.Passage(where, f"{reply.subject}\n{reply.body}", Context(), reply, ("subject", "body"))


def refuse_unfit(subject: str, body: str) -> None:
    """Refuse words that may not leave.

    Raises:
        NotAllowed: there are none, a variable is unknown, or a claim is made that may not be.
    """
    if not subject.strip() or not body.strip():
        raise NotAllowed("Write a subject and a text.")
    if names := unknown(f"{subject} {body}"):
        known = ", ".join(VARIABLES)
        raise NotAllowed(f"Unknown: {', '.join(names)}. What can be filled in: {known}.")
    # A variable may be filled in with nothing: "w{{ phone }}ord" is a word then.
    without = [PLACEHOLDER.sub("", text) for text in (subject, body)]
    if said := dict.fromkeys(sentence for text in (subject, body, *without) for sentence in forbidden(text)):
        raise NotAllowed(" ".join(said))


def fill(text: str, *, request: ConsultationRequest, by: User) -> str:
    """Return a text with its variables filled in; unknown ones stay, to be refused."""
    clinic = ClinicProfile.objects.first() or ClinicProfile(name="Clinic", short_name="Clinic")
    writing = Writing(request, by, clinic)
    return PLACEHOLDER.sub(lambda found: VARIABLES[found[1]](writing) if found[1] in VARIABLES else found[0], text)


def preview(
    request: ConsultationRequest, *, subject: str, body: str, by: User, now: dt.datetime
) -> EmailMultiAlternatives:
    """Return the mail as the visitor would get it, without writing anything.

    Raises:
        NotAllowed: as `refuse_unfit`, or the visitor left no address.
    """
    refuse_unfit(subject, body)
    _refuse_no_address(request)
    return messages.build(_unsaved(request, subject, body, by, now))


def count(request: ConsultationRequest) -> int:
    """Return how many mails staff wrote about a request: what a page shows, and `send` compares."""
    return Reply.objects.filter(message__request=request).count()


def send(request: ConsultationRequest, *, subject: str, body: str, seen: int, by: User, now: dt.datetime) -> Message:
    """Queue a mail to the visitor; `seen` is how many of them the page showed.

    A person wrote it, so that the promised time stops. A new request has been tried; next we wait for the visitor, unless
    an appointment stands.

    Raises:
        NotAllowed: as `preview`, or the request is closed.
        ChangedMeanwhile: another mail was written meanwhile, perhaps this very one.
        Erased: the request was erased.
    """
    refuse_unfit(subject, body)
    with transaction.atomic():
        locked = lock_unerased(request.pk)
        _refuse_no_address(locked)
        if locked.status not in LIVE:
            raise NotAllowed("This request is closed. Open it again before you write.")
        if count(locked) != seen:
            raise ChangedMeanwhile("A mail was written to this visitor meanwhile. Nothing was sent a second time.")
        draft = _unsaved(locked, subject, body, by, now)
        reply = draft.reply
        draft.save()
        Reply.objects.create(message=draft, by=by, subject=reply.subject, body=reply.body)
        text = f"{reply.subject}\n\n{reply.body}"
        Activity.objects.create(request=locked, kind=ActivityKind.MESSAGE, at=now, by=by, text=text)
        _follow(locked, by, now)
    request.refresh_from_db()
    return draft


def _follow(locked: ConsultationRequest, by: User, now: dt.datetime) -> None:
    if locked.status == Status.NEW:
        moving.move(locked, to=Status.ATTEMPTED, by=by, seen=Status.NEW, now=now)
    row = ConsultationRequest.objects.filter(pk=locked.pk)
    row.filter(first_contact_at=None).update(first_contact_at=now)
    row.update(claim_until=None)
    if locked.status != Status.BOOKED:
        next_steps.put(locked, NextStep.VISITOR, promise.later(locked.center, now, hours=WAIT_HOURS), now=now)


def _unsaved(request: ConsultationRequest, subject: str, body: str, by: User, now: dt.datetime) -> Message:
    message = Message(
        request=request, kind=MessageKind.VISITOR_REPLY, recipient=request.email, created_at=now, due_at=now
    )
    message.reply = Reply(
        by=by,
        subject=" ".join(fill(subject, request=request, by=by).split()),
        body=fill(body, request=request, by=by).strip(),
    )
    return message


def _refuse_no_address(request: ConsultationRequest) -> None:
    if not request.email:
        raise NotAllowed("The visitor left no mail address.")
