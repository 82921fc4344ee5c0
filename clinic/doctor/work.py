"""Looks at what has to be done again and again: mails, the worker's chores, backups, counted answer times, keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from clinic.backup import making, tables
from clinic.doctor.findings import Finding, counted, in_words
from consultations.management import chores, telling_cdn
from consultations.models import Chore, EscalationMail, Message
from consultations.reports import answer_times
from consultations.statuses import MessageState
from content import caching
from content.models import AnswerTimes, DeskMail
from content.models.answer_times import FRESH_DAYS

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
WEEK = 7 * DAY
# A mail that is due leaves within seconds where all is well.
WAITED, WAITED_LONG = 15 * MINUTE, HOUR
# How late a chore may be: the worker looks at the first every minute, at the second every hour.
LATE = {answer_times.CHORE: 15 * MINUTE, chores.DAILY: 2 * HOUR}
# Two hours more than a day, as it takes a while and need not be made at the same minute.
BACKUP_LATE, BACKUP_OLD = DAY + 2 * HOUR, 3 * DAY


def mail(now: dt.datetime) -> Iterator[Finding]:
    """Look at the three queues: the oldest that waits, and what could not be sent."""
    waiting = [
        due
        for queue in (Message.objects, DeskMail.objects, EscalationMail.objects)
        for due in queue.due(now - WAITED).values_list("due_at", flat=True)
    ]
    if waiting:
        oldest = now - min(waiting)
        yield Finding(
            f"{counted(len(waiting), 'mail')} should have left; the oldest has waited for {in_words(oldest)}. "
            "Does the worker run, and does the mail server answer?",
            serious=oldest >= WAITED_LONG,
        )
    known = Message.objects.filter(request__erased_at=None)
    if failing := known.troubled().exclude(state=MessageState.DEAD).count():
        yield Finding(f"{counted(failing, 'mail')} could not be sent so far; the worker tries again.")
    given_up = known.filter(state=MessageState.DEAD, created_at__gt=now - WEEK).count()
    given_up += sum(
        one.objects.filter(given_up_at__gt=now - WEEK, attempts__gt=1).count() for one in (DeskMail, EscalationMail)
    )
    if given_up:
        yield Finding(
            f"{counted(given_up, 'mail')} of the last 7 days could not be sent and were given up: see the desk."
        )


def worker(now: dt.datetime) -> Iterator[Finding]:
    """Look at when its chores are due."""
    due = dict(Chore.objects.filter(name__in=LATE).values_list("name", "due_at"))
    if not due:
        yield Finding("No worker has ever run here: start `manage.py worker`.", serious=True)
    for name, late in LATE.items():
        if name in due and now - due[name] > late:
            yield Finding(
                f"The worker's chore “{name}” was due {in_words(now - due[name])} ago: does a worker run?", serious=True
            )


def backups(now: dt.datetime) -> Iterator[Finding]:
    """Look at the age of the last backup that `manage.py backup` made."""
    if not settings.BACKUP_KEY:
        yield Finding("BACKUP_KEY is missing here: `manage.py backup` and `manage.py restore` need it.")
    due = Chore.objects.filter(name=making.CHORE).values_list("due_at", flat=True).first()
    if due is None:
        yield Finding("No backup was ever made: run `manage.py backup` every day.", serious=True)
    elif (age := now - (due - making.EVERY)) > BACKUP_LATE:
        yield Finding(f"The last backup was made {in_words(age)} ago.", serious=age > BACKUP_OLD)


def cdn(now: dt.datetime) -> Iterator[Finding]:
    """Look at whether the CDN could be told of the last edits."""
    failing = Chore.objects.filter(name=telling_cdn.FAILING).first() if settings.CDN_PURGE_URL else None
    if failing is not None:
        yield Finding(
            f"The CDN was not told of edits for {in_words(now - failing.due_at)} (CDN_PURGE_URL: {failing.mark}); "
            f"it may show what was withdrawn for {caching.CDN_SECONDS} seconds.",
            serious=now - failing.due_at >= HOUR,
        )


def statistics(now: dt.datetime) -> Iterator[Finding]:
    """Look at the answer times that public pages say: they say none that were counted days ago."""
    stale = AnswerTimes.objects.filter(counted_on__lte=now.date() - FRESH_DAYS * DAY).order_by("counted_on").first()
    if stale is not None:
        yield Finding(f"Answer times were last counted on {stale.counted_on}, so pages say none: does a worker run?")


def field_keys(now: dt.datetime) -> Iterator[Finding]:
    """Try the newest encrypted texts of each column, and say whether a rotation is under way."""
    for column, texts in making.newest_texts(tables.here()).items():
        if shut := sum(not making.opens(sealed) for sealed in texts):
            yield Finding(
                f"{shut} of the {len(texts)} newest texts of {column} cannot be opened: a key is missing in FIELD_KEYS.",
                serious=True,
            )
    if len(settings.FIELD_KEYS) > 1:
        yield Finding(
            f"FIELD_KEYS holds {len(settings.FIELD_KEYS)} keys: run `manage.py rotate_field_keys`, then take the older ones away."
        )
