"""The triage desk: requests and their history, appointments, and who can be booked when.

Imports the wings that visitors' pages import, but no forms of theirs.
"""

from consultations.admin import access, appointments, history, messages, requests, schedule

__all__ = ["access", "appointments", "history", "messages", "requests", "schedule"]
