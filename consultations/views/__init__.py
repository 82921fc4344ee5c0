"""The request form and the visitor's private page. Both are `no-store`: what they show is for one person.

They import forms and the verbs below.
"""

from consultations.views.appointment import cancel
from consultations.views.calendar import calendar_file
from consultations.views.confirm import confirm
from consultations.views.form import form_with_answers, request_form
from consultations.views.fresh import ask_to_confirm, send_fresh_link
from consultations.views.private import private_page
from consultations.views.private_posts import add_note, ask_for_erasure, correct_contact, type_code, withdraw_consent
from consultations.views.soonest import soonest
from consultations.views.times import hold_time, release_time, times
from consultations.views.unsubscribe import unsubscribe
from consultations.views.waiting import join_waiting, leave_waiting, take_offer

__all__ = [
    "add_note",
    "ask_for_erasure",
    "ask_to_confirm",
    "calendar_file",
    "cancel",
    "confirm",
    "correct_contact",
    "form_with_answers",
    "hold_time",
    "join_waiting",
    "leave_waiting",
    "private_page",
    "release_time",
    "request_form",
    "send_fresh_link",
    "soonest",
    "take_offer",
    "times",
    "type_code",
    "unsubscribe",
    "withdraw_consent",
]
