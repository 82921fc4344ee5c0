"""What the worker does once a day, whichever of several workers it is."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from consultations.management import chores
from consultations.management.commands.worker import Command
from consultations.models import Chore, ConsultationRequest
from consultations.privacy import purging, selfservice
from content.models import UnsavedWords
from content.publishing import unsaved
from tests.concurrency.racing import race
from tests.factories import NOW, make_draft, make_request, make_staff
from tests.refusals import refused_by

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def ask_to_be_erased(number: int = 1) -> list[ConsultationRequest]:
    """Write requests whose visitors want them erased."""
    requests = [make_request(email=f"visitor{n}@visitor.example") for n in range(number)]
    for request in requests:
        selfservice.ask_for_erasure(request, now=NOW - DAY)
    return requests


def left() -> int:
    """Return how many requests are not erased."""
    return ConsultationRequest.objects.filter(erased_at=None).count()


def test_what_is_due_is_erased_at_the_first_look_and_said_in_numbers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask_to_be_erased()
    make_request(email="stays@visitor.example")

    assert chores.run_daily(now=NOW) is True

    assert left() == 1
    assert "asked for: 1, New: 0" in caplog.text


def test_the_next_turn_comes_a_day_later() -> None:
    turns = [chores.run_daily(now=NOW + after) for after in (0 * HOUR, HOUR, 23 * HOUR, DAY, DAY + HOUR, 2 * DAY)]

    assert turns == [True, False, False, True, False, True]


def test_work_that_somebody_died_over_is_done_an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_to_be_erased()

    def die(**kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(purging, "purge", die)
        with pytest.raises(KeyboardInterrupt):
            chores.run_daily(now=NOW)

    assert [chores.run_daily(now=NOW + after) for after in (HOUR / 2, HOUR, 2 * HOUR)] == [False, True, False]
    assert left() == 0


def test_very_much_is_done_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "MOST", 2)
    held, *_ = ask_to_be_erased(4)
    ConsultationRequest.objects.filter(pk=held.pk).update(legal_hold=True)
    seen = []

    for hours in range(4):
        chores.run_daily(now=NOW + hours * HOUR)
        seen.append(left())

    assert seen == [2, 1, 1, 1]


def test_being_told_to_stop_leaves_the_rest_for_an_hour_later() -> None:
    ask_to_be_erased(2)
    answers = iter([False, True, True])

    chores.run_daily(now=NOW, stop=lambda: next(answers))

    assert left() == 1
    assert Chore.objects.get().due_at == NOW + chores.LEASE


def test_sessions_that_ran_out_are_deleted_and_others_stay() -> None:
    now = timezone.now()
    for name, expires in (("old", now - HOUR), ("new", now + HOUR)):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)

    chores.run_daily(now=now)

    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_has_the_turn() -> None:
    ask_to_be_erased()

    outcome = race(6, lambda _: chores.run_daily(now=NOW))

    assert (sorted(outcome.returned), outcome.raised) == ([False] * 5 + [True], [])
    assert left() == 0


def test_chore_without_a_name_is_refused_by_the_database() -> None:
    with refused_by("consultations_chore_has_name"):
        Chore.objects.create(name="", due_at=NOW)


def test_worker_erases_what_is_due_by_itself() -> None:
    ask_to_be_erased()

    Command().turn(pause=1.0)

    assert left() == 0


def test_worker_that_only_delivers_once_erases_nothing() -> None:
    ask_to_be_erased()

    call_command("worker", once=True)

    assert left() == 1


def test_words_that_nobody_came_back_for_are_dropped_after_90_days(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    draft, editors = make_draft(), [make_staff("Editors") for _ in range(2)]
    for editor, age in zip(editors, (90 * DAY, 90 * DAY + HOUR), strict=True):
        unsaved.keep(draft, number=0, form="title=Typed", by=editor, now=NOW - age)

    chores.run_daily(now=NOW)

    assert [kept.by for kept in UnsavedWords.objects.all()] == [editors[0]]
    assert "drafts' unsaved words: 1" in caplog.text
