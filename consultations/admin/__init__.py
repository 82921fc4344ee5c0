"""The desk in the Django admin: requests, their history, appointments, mails, and consultants' hours.

Imports the wings that visitors' pages import, but no forms of theirs.
"""

from consultations.admin import appointments, history, messages, requests, schedule

__all__ = ["appointments", "history", "messages", "requests", "schedule"]
