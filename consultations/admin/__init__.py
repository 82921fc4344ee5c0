"""The triage desk."""

from consultations.admin import history, messages, requests

__all__ = ["history", "messages", "requests"]
