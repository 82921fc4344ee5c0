"""The request form and the visitor's private page. Both are `no-store`: what they show is for one person."""

from consultations.views.form import expired_form, request_form
from consultations.views.private import private_page
from consultations.views.unsubscribe import unsubscribe

__all__ = ["expired_form", "private_page", "request_form", "unsubscribe"]
