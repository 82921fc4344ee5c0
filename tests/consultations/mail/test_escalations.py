"""Mails to managers: of each overdue answer once, and of what waits as a working day begins."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core import mail

from consultations.groups import MANAGERS, TRIAGE
from consultations.mail import escalations
from consultations.models import Closure, ConsultationRequest, EscalationMail, EscalationRule, PlaceRight
from consultations.requests import claims, moving
from consultations.statuses import ActivityKind, EscalationKind, PlaceScope, Status
from content.models import Center
from tests.concurrency.racing import race
from tests.factories import NOW, make_center, make_clinic, make_request, make_staff, number
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
# NOW is a Monday, two hours before opening; what arrives is due at CLOSING.
OPENING, CLOSING = NOW + 2 * HOUR, NOW + 10 * HOUR
LATE = CLOSING + MINUTE
TUESDAY_OPENING = OPENING + 24 * HOUR


def make_manager(*places: Center | PlaceScope, name: str = "", **kwargs: object) -> User:
    """Write a manager of these places with a mail address."""
    address = f"{name or number()}@fern.example"
    return make_staff(MANAGERS, places=places, **{"email": address, "first_name": name} | kwargs)


def sent_to() -> list[str]:
    """Return to whom mails left, in order."""
    return sorted(one.to[0] for one in mail.outbox)


@pytest.fixture
def center() -> Center:
    """A center of the clinic, open on weekdays from nine to five."""
    make_clinic()
    return make_center(name="Fern North")


def test_overdue_answer_is_told_to_the_managers_of_its_center_once(center: Center) -> None:
    make_manager(center, name="rosa")
    make_manager(make_center(), name="elsewhere")
    make_staff(TRIAGE, places=[center], email="triage@fern.example")
    request = make_request(center=center, name="Ada Secret", message="My knee")

    early = escalations.tell_overdue(now=CLOSING)
    queued = [escalations.tell_overdue(now=LATE + minutes * MINUTE) for minutes in range(3)]
    sent = [escalations.deliver_due(now=LATE), escalations.deliver_due(now=LATE + HOUR)]

    assert (early, queued, sent, sent_to()) == (0, [1, 0, 0], [1, 0], ["rosa@fern.example"])
    subject = f"{request.reference}: answer overdue"
    words = f"The answer to {request.reference} was due Mon 16 Nov 2026, 17:00 (New York, UTC−05:00)"
    link = f"http://localhost:8000/admin/consultations/consultationrequest/{request.pk}/change/"
    assert (mail.outbox[0].subject, mail.outbox[0].body) == (subject, f"{words}.\n\nOpen it at the desk:\n{link}\n")
    whole = mail.outbox[0].message().as_string()
    assert [word for word in ("Ada", "Secret", "knee", "visitor.example") if word in whole] == []
    told = request.activities.get(kind=ActivityKind.OVERDUE)
    assert told.text == "Due Mon 16 Nov 2026, 22:00 UTC. Told by mail: rosa"


@pytest.mark.parametrize("to", [Status.SPAM, Status.LOST, Status.REACHED])
def test_request_that_was_closed_or_answered_is_told_of_to_nobody(center: Center, to: Status) -> None:
    by = make_manager(center)
    before, between = make_request(center=center), make_request(center=center, email="other@visitor.example")
    moving.move(before, to=to, by=by, seen=Status.NEW, now=CLOSING, reason="Why")

    queued = escalations.tell_overdue(now=LATE)
    moving.move(between, to=to, by=by, seen=Status.NEW, now=LATE, reason="Why")

    assert (queued, escalations.deliver_due(now=LATE), mail.outbox) == (1, 0, [])


def test_another_deadline_that_is_missed_is_told_of_again(center: Center) -> None:
    make_manager(center)
    request = make_request(center=center)
    escalations.tell_overdue(now=LATE)
    ConsultationRequest.objects.filter(pk=request.pk).update(respond_by=LATE + HOUR)

    assert [escalations.tell_overdue(now=LATE + hours * HOUR) for hours in (0, 2, 3)] == [0, 1, 0]


def test_answer_that_has_been_overdue_for_days_is_left_to_the_mail_of_the_day(center: Center) -> None:
    make_manager(center)
    make_request(center=center)

    assert escalations.tell_overdue(now=CLOSING + escalations.OLDEST) == 0
    assert escalations.tell_overdue(now=CLOSING + escalations.OLDEST - MINUTE) == 1


def test_flood_is_told_of_singly_up_to_a_ceiling_a_day_and_delays_no_other_center(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalations, "MOST", 2)
    make_manager(center, name="rosa")
    for place in (None, None, None, center, center, center):
        make_request(center=place, email=f"{number()}@visitor.example")
    other = make_center()
    make_manager(other, name="ben")
    make_request(center=other, email="ada@visitor.example", now=NOW + HOUR)

    queued = [escalations.tell_overdue(now=LATE + hours * HOUR) for hours in (0, 1, 25)]
    escalations.deliver_due(now=LATE)

    assert (queued, sent_to()) == ([3, 0, 1], ["ben@fern.example", "rosa@fern.example", "rosa@fern.example"])


def test_whoever_left_or_lost_the_right_gets_none_even_of_what_was_queued(center: Center) -> None:
    off, moved, stays = (make_manager(center, name=name) for name in ("off", "moved", "stays"))
    make_manager(center, name="gone", is_active=False)
    make_request(center=center)

    queued = escalations.tell_overdue(now=LATE)
    User.objects.filter(pk=off.pk).update(is_active=False)
    PlaceRight.objects.filter(user=moved).delete()
    escalations.deliver_due(now=LATE)

    assert (queued, sent_to()) == (3, [stays.email])


def test_rule_says_whether_and_to_whom(center: Center) -> None:
    make_manager(center, name="manager")
    ben = make_staff(TRIAGE, places=[center], email="ben@fern.example")
    rule = EscalationRule.objects.create(center=center, tell_overdue=False)
    make_request(center=center)

    off = escalations.tell_overdue(now=LATE)
    EscalationRule.objects.update(tell_overdue=True)
    rule.recipients.set([ben])
    escalations.tell_overdue(now=LATE)
    escalations.deliver_due(now=LATE)

    assert (off, sent_to()) == (0, ["ben@fern.example"])


def test_where_nobody_of_those_named_may_see_the_center_its_managers_are_told(center: Center) -> None:
    make_manager(center, name="manager")
    rule = EscalationRule.objects.create(center=center)
    rule.recipients.set([make_staff(TRIAGE, places=[], email="ben@fern.example")])
    make_request(center=center)

    escalations.tell_overdue(now=LATE)
    escalations.deliver_due(now=LATE)

    assert sent_to() == ["manager@fern.example"]


def test_request_without_a_center_is_told_of_to_who_may_see_those(center: Center) -> None:
    make_manager(center)
    make_manager(PlaceScope.POOL, name="pool")
    make_request()

    escalations.tell_overdue(now=LATE)
    escalations.deliver_due(now=LATE)

    assert sent_to() == ["pool@fern.example"]


def test_mail_of_the_day_has_counts_and_links_once_as_the_day_begins(center: Center) -> None:
    make_manager(center, name="rosa")
    request = make_request(center=center, name="Ada Secret", now=NOW - 96 * HOUR)
    make_request(center=center, email="other@visitor.example")
    claims.claim(request, by=make_staff(TRIAGE), now=NOW)
    times = [OPENING - MINUTE, OPENING, OPENING + MINUTE, OPENING + HOUR]

    queued = [escalations.tell_daily(now=at) for at in times]
    sent = [escalations.deliver_due(now=at) for at in times]

    assert (queued, sent, sent_to()) == ([0, 1, 0, 0], [0, 1, 0, 0], ["rosa@fern.example"])
    listed = "http://localhost:8000/admin/consultations/consultationrequest/?due="
    assert mail.outbox[0].subject == "Fern North: 1 overdue"
    assert mail.outbox[0].body.split("\n\n") == [
        "Fern North, as the working day begins:",
        f"1 overdue\n{listed}overdue&center={center.pk}",
        f"2 to answer\n{listed}answer&center={center.pk}",
        f"1 nobody’s\n{listed}unassigned&center={center.pk}\n",
    ]
    whole = mail.outbox[0].message().as_string()
    assert [word for word in ("Ada", "Secret", request.reference) if word in whole] == []
    assert escalations.tell_daily(now=TUESDAY_OPENING) == 1


def test_each_center_is_told_of_on_its_own_clock_and_not_when_it_is_closed() -> None:
    make_clinic()
    east, west, closed = (make_center(time_zone=f"America/{city}") for city in ("New_York", "Los_Angeles", "New_York"))
    Closure.objects.create(center=closed, name="Works", first_day=NOW.date(), last_day=NOW.date())
    make_manager(PlaceScope.ALL, name="boss")
    for place in (east, west, closed):
        make_request(center=place, email=f"{number()}@visitor.example")

    queued = [escalations.tell_daily(now=OPENING + hours * HOUR) for hours in range(6)]

    days = EscalationMail.objects.order_by("pk").values_list("center", "day")
    assert (queued, list(days)) == ([1, 0, 0, 1, 0, 0], [(east.pk, NOW.date()), (west.pk, NOW.date())])


def test_nothing_is_told_where_nothing_waits_nor_of_a_day_that_has_begun_long_ago(center: Center) -> None:
    make_manager(center, name="rosa")
    nothing = escalations.tell_daily(now=OPENING)
    make_request(center=center, now=OPENING)

    # What comes in later on that day is no beginning of it.
    assert [nothing, escalations.tell_daily(now=OPENING + HOUR)] == [0, 0]
    assert escalations.tell_daily(now=TUESDAY_OPENING + escalations.LATEST) == 0


def test_mail_of_the_day_that_could_not_leave_on_it_does_not_leave_later(center: Center) -> None:
    make_manager(center)
    make_request(center=center)
    escalations.tell_daily(now=OPENING)

    assert (escalations.deliver_due(now=TUESDAY_OPENING), mail.outbox) == (0, [])


def test_rule_switches_the_mail_of_the_day_off(center: Center) -> None:
    make_manager(center)
    make_request(center=center)
    EscalationRule.objects.create(center=center, tell_daily=False)

    assert escalations.tell_daily(now=OPENING) == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_each_manager_gets_one_mail(center: Center) -> None:
    make_manager(center, name="rosa")
    request = make_request(center=center, now=NOW - 72 * HOUR)

    def work(_: int) -> list[int]:
        told = [escalations.tell_overdue(now=OPENING), escalations.tell_daily(now=OPENING)]
        return [*told, escalations.deliver_due(now=OPENING)]

    outcome = race(6, work)

    assert outcome.raised == []
    assert [sum(one) for one in zip(*outcome.returned, strict=True)][:2] == [1, 1]
    assert sorted(EscalationMail.objects.values_list("kind", flat=True)) == ["daily", "overdue"]
    assert request.activities.filter(kind=ActivityKind.OVERDUE).count() == 1
    escalations.deliver_due(now=OPENING)
    assert sorted(one.subject.partition(":")[0] for one in mail.outbox) == sorted([request.reference, center.name])


def write_mail(**kwargs: object) -> None:
    """Write a mail round the verbs."""
    EscalationMail.objects.create(created_at=NOW, due_at=NOW, **kwargs)


def test_database_keeps_one_mail_for_each_deadline_and_day(center: Center) -> None:
    request, account = make_request(), make_manager(center)
    overdue = {"kind": EscalationKind.OVERDUE, "request": request, "deadline": NOW, "account": account}
    write_mail(**overdue)
    write_mail(**overdue | {"deadline": LATE})
    with refused_by("consultations_escalationmail_once_per_deadline"):
        write_mail(**overdue)
    for place in (center, None):
        daily = {"kind": EscalationKind.DAILY, "center": place, "day": NOW.date(), "account": account}
        write_mail(**daily)
        with refused_by("consultations_escalationmail_once_a_day"):
            write_mail(**daily)
    with refused_by("consultations_escalationmail_of_request_or_day"):
        write_mail(kind=EscalationKind.DAILY, account=account)


def test_database_keeps_one_rule_for_each_center(center: Center) -> None:
    for place in (center, None):
        EscalationRule.objects.create(center=place)
    with refused_by("consultations_escalationrule_once"):
        EscalationRule.objects.create(center=None)
