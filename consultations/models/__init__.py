"""Requests, the people behind them, what happened, what was agreed to and shown, and the mails that left.

Each model has its queryset beside it. Imports statuses, clocks, links.
"""

from consultations.models.access import AccessEntry
from consultations.models.appointment import Appointment
from consultations.models.chore import Chore
from consultations.models.closure import Closure
from consultations.models.code import ContactCode
from consultations.models.consent import Consent, ConsentText
from consultations.models.day_count import DayCount
from consultations.models.desk import CallRule, Presence, SavedView
from consultations.models.escalation import EscalationMail, EscalationRule
from consultations.models.export import ExportEntry
from consultations.models.history import Activity
from consultations.models.merge import PersonMerge
from consultations.models.message import Message
from consultations.models.person import Identity, Person
from consultations.models.place import PlaceRight
from consultations.models.proof import ShownText
from consultations.models.rate import RateCount
from consultations.models.reply import CannedReply, Reply
from consultations.models.request import ConsultationRequest
from consultations.models.retention import RetentionRule
from consultations.models.schedule import (
    AppointmentType,
    Consultant,
    DateException,
    Leave,
    WorkingPeriod,
)
from consultations.models.staff import KnownPlace, SecondFactorReset
from consultations.models.time_cell import TimeCell
from consultations.models.waiting import WaitingEntry, WaitingOffer

__all__ = [
    "AccessEntry",
    "Activity",
    "Appointment",
    "AppointmentType",
    "CallRule",
    "CannedReply",
    "Chore",
    "Closure",
    "Consent",
    "ConsentText",
    "Consultant",
    "ConsultationRequest",
    "ContactCode",
    "DateException",
    "DayCount",
    "EscalationMail",
    "EscalationRule",
    "ExportEntry",
    "Identity",
    "KnownPlace",
    "Leave",
    "Message",
    "Person",
    "PersonMerge",
    "PlaceRight",
    "Presence",
    "RateCount",
    "Reply",
    "RetentionRule",
    "SavedView",
    "SecondFactorReset",
    "ShownText",
    "TimeCell",
    "WaitingEntry",
    "WaitingOffer",
    "WorkingPeriod",
]
