"""Mails of the editorial desk: what happened and a link, nothing of an article's words.

They are rows of content/models/desk.py, written by content/publishing/telling.py in the transaction of what they tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from consultations.mail import account_mails
from content.models import DeskMail
from content.publishing.rights import works_here


def deliver_due(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at `now`, oldest first, and return how many mails were handed over."""
    return account_mails.deliver_due(DeskMail.objects.select_related("event"), build, now=now, stop=stop)


def build(mail: DeskMail, *, now: dt.datetime) -> EmailMultiAlternatives | None:
    """Return the mail as it will leave, or None where its reader does not work there any more; raises as `draw`."""
    if not works_here(mail.account):
        return None
    page = (
        reverse("admin:content_revision_change", args=[mail.event.revision_id])
        if mail.event
        else reverse("admin:content_article_change", args=[mail.article_id])
    )
    context = {"sentence": mail.get_kind_display(), "desk_url": settings.SITE_URL + page}
    return account_mails.draw(mail, "desk", "desk", context)
