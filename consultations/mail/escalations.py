"""Tells managers by mail of overdue answers, and at the start of a center's working day what waits there.

Nothing of a visitor's stands in these mails: references, numbers and links, behind which rights by place hold. Of several
workers one writes them: of an overdue request who has its row locked, of a center who took the day's chore; the database
keeps one of each for an account besides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from consultations.access.escalating import told_of
from consultations.clocks import wording
from consultations.mail import account_mails
from consultations.models import Activity, Chore, ConsultationRequest, EscalationMail
from consultations.models.fields import WORDS, through
from consultations.models.request import RequestQuerySet
from consultations.requests import inbox, promise
from consultations.requests.inbox import NO_CENTER
from consultations.requests.locks import lock_request
from consultations.requests.moving import name_of
from consultations.requests.promise import ONE_DAY, Promise
from consultations.statuses import ActivityKind, EscalationKind

# What has been overdue for longer stands in the mail of the day.
OLDEST = dt.timedelta(days=3)
# Requests of one center that are told of singly within a day: of a flood, the mail of the day tells the number.
MOST = 30
# A working day that began longer ago is told of no more.
LATEST = dt.timedelta(hours=2)
# Views of the inbox by what the mail calls them.
COUNTED = {"overdue": "overdue", "answer": "to answer", "call": "to call back today", "unassigned": "nobody’s"}


def tell_overdue(*, now: dt.datetime) -> int:
    """Queue a mail about each answer that has become overdue to the managers of its center; return how many are new.

    Centers do not wait for each other: many that nobody is told of, or has been told enough of, delay no other center's.
    """
    overdue = _untold(now).filter(respond_by__gt=now - OLDEST)
    queued = 0
    for center in set(overdue.order_by().values_list("center", flat=True)):
        managers, room = told_of(center, EscalationKind.OVERDUE), MOST - _told_lately(center, now)
        if managers and room > 0:
            pks = overdue.filter(center=center).order_by("respond_by").values_list("pk", flat=True)[:room]
            queued += sum(_tell_of(pk, managers, now) for pk in list(pks))
    return queued


def tell_daily(*, now: dt.datetime) -> int:
    """Queue the mail of the day about each center whose working day has begun and where something waits.

    Returns:
        How many mails are new.
    """
    return sum(_tell_day(center, promised, now) for center, promised in promise.of_all((now - ONE_DAY).date()).items())


def deliver_due(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due at `now`, oldest first, and return how many mails were handed over."""
    rows = EscalationMail.objects.select_related("center", "request__center").defer(*through("request", WORDS))
    return account_mails.deliver_due(rows, build, now=now, stop=stop)


def build(mail: EscalationMail, *, now: dt.datetime) -> EmailMultiAlternatives | None:
    """Return the mail as it will leave, or None where it is not true any more or not for its reader; raises as `draw`."""
    about = mail.request.center if mail.request else mail.center
    kind = EscalationKind(mail.kind)
    if mail.account not in told_of(about.pk if about else None, kind):
        return None
    return _of_request(mail, mail.request, now) if mail.request else _of_day(mail, now)


def _untold(now: dt.datetime) -> RequestQuerySet:
    told = EscalationMail.objects.filter(request=OuterRef("pk"), deadline=OuterRef("respond_by"))
    return ConsultationRequest.objects.overdue(now).exclude(Exists(told))


def _told_lately(center: int | None, now: dt.datetime) -> int:
    """Return of how many requests of a center a manager was told singly within a day."""
    told = EscalationMail.objects.filter(request__isnull=False, request__center=center, created_at__gt=now - ONE_DAY)
    return told.values("request").distinct().count()


def _tell_of(pk: int, managers: list[User], now: dt.datetime) -> int:
    with transaction.atomic():
        request = lock_request(pk)
        if not _untold(now).filter(pk=pk).exists():
            return 0
        EscalationMail.objects.bulk_create(
            EscalationMail(
                kind=EscalationKind.OVERDUE,
                request=request,
                deadline=request.respond_by,
                account=manager,
                created_at=now,
                due_at=now,
            )
            for manager in managers
        )
        text = f"Due {wording.utc(request.respond_by)}. Told by mail: {', '.join(map(name_of, managers))}"
        Activity.objects.create(request=request, kind=ActivityKind.OVERDUE, at=now, text=text)
    return len(managers)


def _tell_day(center: int | None, promised: Promise, now: dt.datetime) -> int:
    day = promised.today(now)
    begins = promised.week.opens_on(day)
    if begins is None or not begins <= now < begins + LATEST:
        return 0
    with transaction.atomic():
        if not Chore.objects.take(f"day of center {center}", now=now, until=begins + LATEST):
            return 0
        mails = [
            EscalationMail(
                kind=EscalationKind.DAILY, center_id=center, day=day, account=manager, created_at=now, due_at=now
            )
            for manager in told_of(center, EscalationKind.DAILY)
            if _lines(center, manager, now)
        ]
        return len(EscalationMail.objects.bulk_create(mails, ignore_conflicts=True))


def _lines(center: int | None, reader: User, now: dt.datetime) -> list[tuple[str, str]]:
    """Return how many requests of a center stand in each view of the inbox, where there are any, and the address of that list."""
    at, listed = inbox.moment(reader, now), reverse("admin:consultations_consultationrequest_changelist")
    found = []
    for key, words in COUNTED.items():
        if count := inbox.bounded(inbox.rows(key, at).filter(center=center)):
            query = urlencode({"due": key, "center": center or NO_CENTER})
            found.append((f"{inbox.in_words(count)} {words}", f"{settings.SITE_URL}{listed}?{query}"))
    return found


def _of_request(mail: EscalationMail, request: ConsultationRequest, now: dt.datetime) -> EmailMultiAlternatives | None:
    is_overdue = ConsultationRequest.objects.overdue(now).filter(pk=request.pk).exists()
    if not is_overdue or request.respond_by != mail.deadline:
        return None
    zone = promise.of(request.center, now).zone
    page = reverse("admin:consultations_consultationrequest_change", args=[request.pk])
    context = {
        "subject": f"{request.reference}: answer overdue",
        "sentence": f"The answer to {request.reference} was due {wording.full(request.respond_by, zone)}",
        "desk_url": settings.SITE_URL + page,
    }
    return account_mails.draw(mail, "desk", "escalation", context)


def _of_day(mail: EscalationMail, now: dt.datetime) -> EmailMultiAlternatives | None:
    lines = _lines(mail.center_id, mail.account, now)
    if promise.of(mail.center, now).today(now) != mail.day or not lines:
        return None
    context = {"place": mail.center or "Requests without a center", "lines": lines, "first": lines[0][0]}
    return account_mails.draw(mail, "daily", "escalation", context)
