"""Requests, what happened to them, what visitors agreed to, and the mails that left."""

from consultations.models.consent import Consent, ConsentText
from consultations.models.history import Activity
from consultations.models.message import Message
from consultations.models.request import ConsultationRequest

__all__ = ["Activity", "Consent", "ConsentText", "ConsultationRequest", "Message"]
