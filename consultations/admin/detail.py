"""Context of the page of one request: facts, status, people, mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.utils.safestring import SafeString

from consultations.access import presence
from consultations.admin import status_words
from consultations.admin.booking_forms import zone_of
from consultations.admin.forms import AssignForm
from consultations.admin.step_form import StepForm
from consultations.clocks import wording
from consultations.links import private_link
from consultations.models import Appointment, ConsultationRequest, Message
from consultations.requests import calls, people, timeline
from consultations.requests.moving import name_of
from consultations.statuses import (
    FINAL,
    NEEDS_REASON,
    TRANSITIONS,
    ActivityKind,
    CallOutcome,
    ClosedFor,
    ConsentPurpose,
    MessageState,
    NextStep,
    Status,
)
from content.admin.marks import mark


def context(consultation: ConsultationRequest, *, user: User, now: dt.datetime, may_change: bool) -> dict[str, Any]:
    """Return the page's context, without its appointment and the moves: facts, and whether they may be worked on."""
    # Nobody can be called back about a request that was erased.
    may_work = may_change and consultation.erased_at is None
    given = list(consultation.consents.select_related("text"))
    agreed = {consent.text.purpose for consent in given}
    assign_form = AssignForm(auto_id="assign_%s").narrow(user, consultation) if may_work else None
    return {
        "title": f"{consultation.reference}: {consultation.name}",
        "consultation": consultation,
        "state": state(consultation),
        "answer": answer(consultation, now),
        "also": list(also(consultation)),
        "now": now,
        "zone": consultation.center.zone if consultation.center else None,
        "other_requests": people.other_requests(consultation, seen_by=user),
        "consents": given,
        "not_agreed": [purpose.label for purpose in ConsentPurpose if purpose not in agreed],
        "mails": [(mail, progress(mail), timeline.leaves(mail)) for mail in consultation.messages.all()],
        **story(consultation, user),
        "may_work": may_work,
        **_next_step(consultation, user, now),
        "link_mark": private_link.mark_of(consultation.link_id),
        "assign_form": assign_form,
        "colleagues": assign_form.few(but={user.pk, consultation.assignee_id}) if assign_form else None,
    }


def _next_step(consultation: ConsultationRequest, user: User, now: dt.datetime) -> dict[str, Any]:
    """Return what is next and who looks at it too; a step that is planned by hand is on the clock of the request's center."""
    zone = zone_of(consultation.center)
    words, kind = status_words.next_step(consultation, now)
    return {
        "next_step": mark(words, kind) if words else "",
        "next_words": when_next(consultation),
        "step_form": StepForm(
            auto_id="step_%s", initial={"local": consultation.next_at and consultation.next_at.astimezone(zone)}
        ),
        "step_zone": wording.place(zone),
        "calls": calls.count(consultation),
        "wrong_number": calls.wrong_number(consultation) if consultation.phone else "",
        "outcomes": list(CallOutcome),
        "looking": [name_of(other) for other in presence.others(consultation, than=user, now=now)],
    }


def when_next(consultation: ConsultationRequest) -> str:
    """Return when the next step is due: on the clock of the place of an appointment, or else of the request's center."""
    if consultation.next_at is None:
        return ""
    zone = zone_of(consultation.center)
    if consultation.next_step == NextStep.APPOINTMENT:
        booked = Appointment.objects.active().filter(request=consultation, starts_at=consultation.next_at)
        appointment = booked.select_related("center", "request__center").first()
        zone = appointment.zone if appointment else zone
    return wording.full(consultation.next_at, zone)


def story(consultation: ConsultationRequest, user: User) -> dict[str, Any]:
    """Return the timeline, with who opened the request for those who may know it."""
    openings = user.has_perm("consultations.view_accessentry")
    return {
        "events": timeline.of(consultation, openings=openings, seen_by=user),
        "events_clock": timeline.clock_of(consultation),
        "tells_openings": openings,
        "openings_shown": timeline.OPENINGS_SHOWN,
    }


def moves(consultation: ConsultationRequest, *, to_come: bool) -> dict[str, Any]:
    """Return the moves that are a press away, and the ones for which more is asked.

    Where an appointment is to come, every end is one of the latter: it is cancelled with the request or not at all.
    """
    after_a_question = NEEDS_REASON | FINAL if to_come else NEEDS_REASON
    allowed = [to for to in Status if to in TRANSITIONS[Status(consultation.status)]]
    return {
        "moves": [to for to in allowed if to not in after_a_question],
        "closing": [to for to in allowed if to in after_a_question],
        "closed_for": list(ClosedFor) if Status.LOST in allowed else [],
    }


def state(consultation: ConsultationRequest) -> SafeString:
    """Return the status as a mark; a request that was erased says so instead."""
    if consultation.erased_at is not None:
        return mark("Erased", "off")
    status = Status(consultation.status)
    return mark(str(status.label), status_words.STATUS_KINDS[status])


def answer(consultation: ConsultationRequest, now: dt.datetime) -> str | SafeString:
    """Return how long until the promised answer is due, or how late it is; nothing where nobody waits."""
    words, kind = status_words.due(consultation, now)
    return mark(words, kind) if words else ""


def also(consultation: ConsultationRequest) -> Iterator[SafeString]:
    """Yield what else to know before anything is done: that the visitor asked before, and that the law keeps the request."""
    if consultation.activities.filter(kind=ActivityKind.AGAIN).exists():
        yield mark(status_words.AGAIN, "calm")
    if consultation.legal_hold:
        yield mark("on legal hold", "off")


def progress(mail: Message) -> SafeString:
    """Return how far a mail has come, as a mark."""
    delivery = MessageState(mail.state)
    return mark(str(delivery.label), status_words.MESSAGE_KINDS[delivery])
