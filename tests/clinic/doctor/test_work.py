"""What the doctor says of mails, chores, backups, counted answer times and keys."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as real
from pytest_django import Settings

from clinic.doctor import work
from clinic.doctor.findings import Finding
from consultations.models import Chore, Message
from consultations.privacy import retention
from consultations.statuses import MessageState
from content.models import AnswerTimes
from tests.factories import NOW, make_clinic, make_request

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def waiting(number: int, time: str, *, serious: bool) -> Finding:
    return Finding(
        f"{number} mails should have left; the oldest has waited for {time}. Does the worker run, and does the mail server answer?",
        serious=serious,
    )


def test_mails_that_have_waited_are_counted_and_after_an_hour_serious() -> None:
    make_clinic()
    make_request()
    number = Message.objects.filter(state=MessageState.QUEUED).count()

    assert list(work.mail(NOW + 14 * MINUTE)) == []
    assert list(work.mail(NOW + 16 * MINUTE)) == [waiting(number, "16 minutes", serious=False)]
    assert list(work.mail(NOW + 3 * HOUR)) == [waiting(number, "3 hours", serious=True)]


def test_mails_that_failed_and_were_given_up_are_told_apart_and_those_of_the_erased_left_out() -> None:
    make_clinic()
    one, other = make_request(), make_request(email="ben@visitor.example")
    mails = list(Message.objects.filter(request=one).values_list("pk", flat=True)[:2])
    Message.objects.filter(pk=mails[0]).update(last_error="refused")
    Message.objects.filter(pk=mails[1]).update(state=MessageState.DEAD)
    retention.erase(other, by=None, now=NOW)

    assert list(work.mail(NOW)) == [
        Finding("1 mail could not be sent so far; the worker tries again."),
        Finding("1 mail of the last 7 days could not be sent and were given up: see the desk."),
    ]
    assert [one.says for one in work.mail(NOW + 8 * DAY) if "given up" in one.says] == []


def test_worker_that_stopped_is_noticed_by_what_it_left_undone() -> None:
    assert list(work.worker(NOW)) == [Finding("No worker has ever run here: start `manage.py worker`.", serious=True)]
    Chore.objects.create(name="purge", due_at=NOW)
    Chore.objects.create(name="answer times", due_at=NOW)

    assert list(work.worker(NOW + 14 * MINUTE)) == []
    assert list(work.worker(NOW + 20 * MINUTE)) == [
        Finding("The worker's chore “answer times” was due 20 minutes ago: does a worker run?", serious=True)
    ]
    assert len(list(work.worker(NOW + 3 * HOUR))) == 2


def test_age_of_the_last_backup_is_told_and_after_three_days_serious(settings: Settings) -> None:
    assert list(work.backups(NOW)) == [
        Finding("No backup was ever made: run `manage.py backup` every day.", serious=True)
    ]
    Chore.objects.create(name="backup", due_at=NOW + DAY)

    assert list(work.backups(NOW + 25 * HOUR)) == []
    assert list(work.backups(NOW + 50 * HOUR)) == [Finding("The last backup was made 2 days ago.")]
    assert list(work.backups(NOW + 4 * DAY)) == [Finding("The last backup was made 4 days ago.", serious=True)]
    settings.BACKUP_KEY = ""
    assert list(work.backups(NOW)) == [
        Finding("BACKUP_KEY is missing here: `manage.py backup` and `manage.py restore` need it.")
    ]


def test_answer_times_that_were_counted_days_ago_are_named() -> None:
    AnswerTimes.objects.create(answers=30, median_hours=1, p90_hours=2, counted_on=NOW.date())

    assert list(work.statistics(NOW + DAY)) == []
    assert list(work.statistics(NOW + 2 * DAY)) == [
        Finding(f"Answer times were last counted on {NOW.date()}, so pages say none: does a worker run?")
    ]


def test_texts_that_no_key_opens_are_serious_and_a_rotation_is_named(settings: Settings) -> None:
    make_clinic()
    make_request(message="My knee")
    assert list(work.field_keys(NOW)) == []

    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *real.FIELD_KEYS]
    assert list(work.field_keys(NOW)) == [
        Finding("FIELD_KEYS holds 2 keys: run `manage.py rotate_field_keys`, then take the older ones away.")
    ]
    settings.FIELD_KEYS = [new]
    assert list(work.field_keys(NOW)) == [
        Finding(
            "1 of the 1 newest texts of consultations_consultationrequest.message cannot be opened: a key is missing in FIELD_KEYS.",
            serious=True,
        )
    ]
