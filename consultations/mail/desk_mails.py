"""Sends the mails of the editorial desk: what happened and a link, nothing of an article's words.

They are rows of content/models/desk.py, written by content/publishing/telling.py in the transaction of what they tell. Taking
one is compare-and-set with a lease, as for visitors' mails; the same server is spoken to in the same way.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable

from django import db
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from consultations.mail import refusals
from consultations.mail.delivery import BACKOFF_MINUTES, BATCH, LEASE, Watch, hand_over
from consultations.mail.messages import BY_MACHINE, FOLDER, TRIO, sender_address
from consultations.mail.threads import domain
from content import addresses
from content.models import ClinicProfile, DeskMail
from content.publishing.rights import works_here
from content.text import printable

logger = logging.getLogger(__name__)


def deliver_due(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at `now`, oldest first, and return how many mails were handed over."""
    watch = Watch(now)
    due = DeskMail.objects.due(now).order_by("due_at", "id").values_list("pk", flat=True)[:BATCH]
    return sum(deliver(pk, now=watch.now()) for pk in list(due) if not stop())


def deliver(pk: int, *, now: dt.datetime) -> bool:
    """Take one mail and send it; return whether this call handed it over. Who left the desk gets none."""
    if not DeskMail.objects.due(now).filter(pk=pk).update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return False
    mail = DeskMail.objects.select_related("account", "event__revision", "article").get(pk=pk)
    watch = Watch(now)
    account = mail.account
    if not (account.is_active and account.is_staff and account.email and works_here(account)):
        _settle(mail, given_up_at=now)
        return False
    try:
        hand_over(build(mail))
    except db.Error:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with this mail, the others must go on
        _put_back(mail, error, now=watch.now())
        return False
    _settle(mail, sent_at=watch.now())
    return True


def build(mail: DeskMail) -> EmailMultiAlternatives:
    """Return the mail as it will leave; its Message-ID is the same at every attempt.

    Raises:
        ValidationError: the account has no mail address that can be used.
        ValueError: the clinic has no sender's address.
    """
    clinic = ClinicProfile.objects.first() or ClinicProfile(name="Clinic", short_name="Clinic")
    page = (
        reverse("admin:content_revision_change", args=[mail.event.revision_id])
        if mail.event
        else reverse("admin:content_article_change", args=[mail.article_id])
    )
    context = {
        "clinic": clinic,
        "sender": clinic.name,
        "to_staff": True,
        "sentence": mail.get_kind_display(),
        "desk_url": settings.SITE_URL + page,
    }
    subject, text, html = (printable(render_to_string(f"{FOLDER}/desk-{name}", context)) for name in TRIO)
    built = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=sender_address(clinic.name, clinic),
        to=[addresses.mail_address(mail.account.email)],
        headers={"Message-ID": f"<desk-{mail.pk}@{domain()}>", **BY_MACHINE},
    )
    built.attach_alternative(html.strip() + "\n", "text/html")
    return built


def _put_back(mail: DeskMail, error: Exception, *, now: dt.datetime) -> None:
    """Queue it again for later, or give it up: after the last attempt, or where the server refused it for good."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = refusals.described(error)
    logger.warning("Desk mail %s could not be sent: %s in %s:%s", mail.pk, words, place.name, place.lineno)
    if mail.attempts > len(BACKOFF_MINUTES) or refusals.is_final(error):
        _settle(mail, given_up_at=now)
    else:
        _settle(mail, due_at=now + dt.timedelta(minutes=BACKOFF_MINUTES[mail.attempts - 1]))


def _settle(mail: DeskMail, **changes: object) -> None:
    """Write the outcome, unless another worker has taken the mail since."""
    DeskMail.objects.filter(pk=mail.pk, attempts=mail.attempts, sent_at=None, given_up_at=None).update(**changes)
