"""The request form and the visitor's private page. Both are `no-store`: what they show is for one person."""

from consultations.views.form import expired_form, request_form
from consultations.views.private import private_page
from consultations.views.private_posts import add_note, ask_for_erasure, correct_contact, withdraw_consent
from consultations.views.unsubscribe import unsubscribe

__all__ = [
    "add_note",
    "ask_for_erasure",
    "correct_contact",
    "expired_form",
    "private_page",
    "request_form",
    "unsubscribe",
    "withdraw_consent",
]
