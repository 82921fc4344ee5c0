"""The desk in the Django admin: requests, their history, appointments, mails, and consultants' hours.

Imports the wings that visitors' pages import, but no forms of theirs.
"""

from consultations.admin import (
    access,
    appointments,
    centers,
    escalations,
    history,
    messages,
    people,
    requests,
    retention,
    rights,
    saved_views,
    schedule,
)

__all__ = [
    "access",
    "appointments",
    "centers",
    "escalations",
    "history",
    "messages",
    "people",
    "requests",
    "retention",
    "rights",
    "saved_views",
    "schedule",
]
