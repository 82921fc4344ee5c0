"""Sends queued mails to accounts of staff, whatever they tell of.

Taking one is compare-and-set with a lease, as for visitors' mails; the same server is spoken to in the same way.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable
from typing import Any

from django import db
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string

from consultations.mail import refusals
from consultations.mail.delivery import BACKOFF_MINUTES, BATCH, LEASE, Watch, hand_over
from consultations.mail.messages import BY_MACHINE, FOLDER, TRIO, sender_address
from consultations.mail.threads import domain
from content import addresses
from content.models import ClinicProfile
from content.models.desk import AccountMail, AccountMailQuerySet
from content.text import printable

logger = logging.getLogger(__name__)

# Called as build(mail, now=…); returns None for a mail that may not leave any more.
type Build = Callable[..., EmailMultiAlternatives | None]


def deliver_due(
    rows: AccountMailQuerySet[Any], build: Build, *, now: dt.datetime, stop: Callable[[], bool] = lambda: False
) -> int:
    """Send what of `rows` is due at `now`, oldest first, and return how many mails were handed over."""
    watch = Watch(now)
    due = rows.due(now).order_by("due_at", "id").values_list("pk", flat=True)[:BATCH]
    return sum(deliver(rows, pk, build, now=watch.now()) for pk in list(due) if not stop())


def deliver(rows: AccountMailQuerySet[Any], pk: int, build: Build, *, now: dt.datetime) -> bool:
    """Take one mail and send it; return whether this call handed it over. Who left the desk gets none."""
    if not rows.due(now).filter(pk=pk).update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return False
    mail = rows.select_related("account").get(pk=pk)
    watch = Watch(now)
    account = mail.account
    try:
        built = build(mail, now=now) if account.is_active and account.is_staff and account.email else None
        if built is not None:
            hand_over(built)
    except db.Error:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with this mail, the others must go on
        _put_back(mail, error, now=watch.now())
        return False
    if built is None:
        _settle(mail, given_up_at=now)
        return False
    _settle(mail, sent_at=watch.now())
    return True


def draw(mail: AccountMail, template: str, key: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Return the mail as it will leave; its Message-ID, which begins with `key`, is the same at every attempt.

    Raises:
        ValidationError: the account has no mail address that can be used.
        ValueError: the clinic has no sender's address.
    """
    clinic = ClinicProfile.objects.first() or ClinicProfile(name="Clinic", short_name="Clinic")
    given = {"clinic": clinic, "sender": clinic.name, "to_staff": True, **context}
    subject, text, html = (printable(render_to_string(f"{FOLDER}/{template}-{name}", given)) for name in TRIO)
    built = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=sender_address(clinic.name, clinic),
        to=[addresses.mail_address(mail.account.email)],
        headers={"Message-ID": f"<{key}-{mail.pk}@{domain()}>", **BY_MACHINE},
    )
    built.attach_alternative(html.strip() + "\n", "text/html")
    return built


def _put_back(mail: AccountMail, error: Exception, *, now: dt.datetime) -> None:
    """Queue it again for later, or give it up: after the last attempt, or where the server refused it for good."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = refusals.described(error)
    logger.warning("Mail %s to staff could not be sent: %s in %s:%s", mail.pk, words, place.name, place.lineno)
    if mail.attempts > len(BACKOFF_MINUTES) or refusals.is_final(error):
        _settle(mail, given_up_at=now)
    else:
        _settle(mail, due_at=now + dt.timedelta(minutes=BACKOFF_MINUTES[mail.attempts - 1]))


def _settle(mail: AccountMail, **changes: object) -> None:
    """Write the outcome, unless another worker has taken the mail since."""
    rows: Any = type(mail)._default_manager  # noqa: SLF001  what Django calls the manager of any model
    rows.filter(pk=mail.pk, attempts=mail.attempts, sent_at=None, given_up_at=None).update(**changes)
