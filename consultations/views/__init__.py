"""The request form and the visitor's private page. Both are `no-store`: what they show is for one person."""

from consultations.views.form import request_form
from consultations.views.private import private_page

__all__ = ["private_page", "request_form"]
