"""Everything stored about one request, as data for the person it is about (GDPR article 15).

Each row is handed out with all of its columns but those that are named here, so a new column is handed out unless somebody
decides otherwise; a test wants that decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import models

from consultations.evidence.shown import of as proof_of
from consultations.models import (
    Activity,
    Appointment,
    ConsultationRequest,
    ContactCode,
    Message,
    WaitingEntry,
    WaitingOffer,
)
from consultations.statuses import ActivityKind, MessageKind, ShownKind

# What opens the private page or belongs to the machinery tells people nothing about themselves, and whose hands a row went
# through tells them about somebody else.
KEPT_BACK: dict[type[models.Model], frozenset[str]] = {
    ConsultationRequest: frozenset(
        {"id", "key", "link_id", "former_link_id", "contact_version", "person", "body_digest", "claim_until"}
        | {"clock_from", "clock_left", "answer_took", "language_digest", "source_digest", "visits_elsewhere"}
    ),
    Activity: frozenset({"id", "request", "by"}),
    ContactCode: frozenset({"id", "request", "mark"}),
    Appointment: frozenset(
        {
            "id",
            "request",
            "busy_from",
            "busy_until",
            "cutoff_minutes",
            "sequence",
            "moved_from",
            "booked_by",
            "assignment_reason",
            "elsewhere",
        }
    ),
    WaitingEntry: frozenset({"id", "request"}),
    WaitingOffer: frozenset({"id", "entry", "freed"}),
    Message: frozenset({"id", "request", "appointment", "sequence", "leased_until"}),
}
# Written by the site: who was given a request, and who was told of it, by their full names or the names of their accounts.
NAMES_COLLEAGUES = frozenset({ActivityKind.ASSIGNED, ActivityKind.OVERDUE})
# A colleague is known to visitors by the first name, a consultant by the name on the public pages.
INSTEAD: dict[str, Callable[[Any], str]] = {
    "assignee": lambda user: user.first_name,
    "consultant": lambda consultant: consultant.public_name,
}


def everything(request: ConsultationRequest, *, in_words: bool = False) -> dict[str, Any]:
    """Return the request with its words in the clear, its history, appointments, mails, consents and what was shown.

    A machine reads columns and values as they are stored; `in_words` is for people: what columns are called, and labels.
    """
    row, rows = partial(_row, in_words=in_words), partial(_rows, in_words=in_words)
    places = ("appointment_type", "center")
    # Those among staff name colleagues only.
    messages = request.messages.exclude(kind=MessageKind.STAFF_ASSIGNED)
    return {
        **row(request),
        "therapies": [therapy.name for therapy in request.therapies.all()],
        "history": [_line(one, in_words=in_words) for one in request.activities.all()],
        "appointments": rows(request.appointments.select_related("consultant", *places)),
        "waiting_list": [
            {**row(entry), "offers": rows(entry.offers.all())}
            for entry in request.waiting_entries.select_related(*places).prefetch_related("offers")
        ],
        "codes": [_code(one, in_words=in_words) for one in request.codes.all()],
        "mails": [_mail(one, in_words=in_words) for one in messages.select_related("reply")],
        "proof": _proof(request, in_words=in_words),
    }


def _line(activity: Activity, *, in_words: bool) -> dict[str, Any]:
    """Return a line of the history; of those whose words name colleagues, that it happened."""
    return _row(activity, in_words=in_words) | ({"text": ""} if activity.kind in NAMES_COLLEAGUES else {})


def _mail(message: Message, *, in_words: bool) -> dict[str, Any]:
    """Return a mail, with its words where a person wrote them."""
    words = {"subject": message.reply.subject, "body": message.reply.body} if hasattr(message, "reply") else {}
    return _row(message, in_words=in_words) | words


def _code(code: ContactCode, *, in_words: bool) -> dict[str, Any]:
    """Return a code that was mailed; the change that waited for it is kept as JSON."""
    wanted = {"wanted": json.loads(code.wanted)} if in_words and code.wanted else {}
    return _row(code, in_words=in_words) | wanted


def _proof(request: ConsultationRequest, *, in_words: bool) -> dict[str, Any]:
    """Return what was shown and agreed to."""
    data = proof_of(request).as_data()
    if in_words:
        for text in data["shown"]:
            text["kind"] = ShownKind(text["kind"]).label
    return data


def _rows(found: Iterable[models.Model], *, in_words: bool) -> list[dict[str, Any]]:
    """Return each row as `_row` does."""
    return [_row(one, in_words=in_words) for one in found]


def _row(one: models.Model, *, in_words: bool) -> dict[str, Any]:
    """Return the columns of a row that are handed out, by name."""
    if not in_words:
        return {name: _value(one, name) for name in columns(type(one))}
    called = {column.name: str(column.verbose_name) for column in one._meta.concrete_fields}  # noqa: SLF001  documented
    # Django gives columns with choices a method that says the label.
    return {
        called[name]: getattr(one, f"get_{name}_display", partial(_value, one, name))() for name in columns(type(one))
    }


def columns(model: type[models.Model]) -> list[str]:
    """Return the names of a model's columns that are handed out."""
    return [column.name for column in model._meta.concrete_fields if column.name not in KEPT_BACK[model]]  # noqa: SLF001


def _value(one: models.Model, name: str) -> Any:
    value = getattr(one, name)
    if not isinstance(value, models.Model):
        return value
    return INSTEAD.get(name, str)(value)
