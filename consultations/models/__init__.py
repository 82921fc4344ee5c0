"""Requests, the people behind them, what happened, what was agreed to and shown, and the mails that left."""

from consultations.models.consent import Consent, ConsentText
from consultations.models.history import Activity
from consultations.models.message import Message
from consultations.models.person import Identity, Person
from consultations.models.proof import ShownText
from consultations.models.rate import RateCount
from consultations.models.request import ConsultationRequest

__all__ = [
    "Activity",
    "Consent",
    "ConsentText",
    "ConsultationRequest",
    "Identity",
    "Message",
    "Person",
    "RateCount",
    "ShownText",
]
