"""The triage desk: requests and their history, appointments, and who can be booked when.

Imports the wings that visitors' pages import, but no forms of theirs.
"""

from consultations.admin import appointments, centers, history, messages, requests, rights, schedule

__all__ = ["appointments", "centers", "history", "messages", "requests", "rights", "schedule"]
