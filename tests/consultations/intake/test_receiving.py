"""Receiving a request: once, with everything that follows from it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.intake import receiving, spam
from consultations.limits import table
from consultations.models import ConsultationRequest, Message, Person, RateCount
from consultations.requests import moving, promise
from consultations.statuses import ActivityKind, MessageKind, Status
from tests import factories
from tests.factories import NOW, make_submission

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"
HUMAN = spam.Signals(seconds_open=60)
TRAPPED = spam.Signals(trap_filled=True, seconds_open=60)


@pytest.fixture(autouse=True)
def _clinic(clinic: object) -> None:
    """Mails and deadlines need the clinic's profile."""


def test_read_key_reads_what_new_key_minted_however_old_it_is() -> None:
    key = receiving.read_key(receiving.new_key(NOW - dt.timedelta(days=700)))

    assert key is not None
    assert key.shown_at == NOW - dt.timedelta(days=700)
    assert len(key.identity) == 32


@given(st.text(max_size=200))
def test_read_key_of_anything_else_is_none(text: str) -> None:
    assert receiving.read_key(text) is None


def test_read_key_refuses_a_forged_identity() -> None:
    one, other = receiving.new_key(NOW), receiving.new_key(NOW)

    assert receiving.read_key(one.split(":")[0] + other[other.index(":") :]) is None


def test_receive_twice_with_the_same_answers_is_one_request_and_one_pair_of_mails() -> None:
    submission = make_submission()

    first, created = receiving.receive(submission, key="k", now=NOW)
    second, created_again = receiving.receive(submission, key="k", now=NOW + dt.timedelta(seconds=10))

    assert (created, created_again) == (True, False)
    assert second == first
    kinds = Message.objects.values_list("kind", flat=True)
    assert sorted(kinds) == sorted([MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW])


@pytest.mark.parametrize("change", [{"name": "Ada V."}, {"message": "More."}, {"phone": "1"}, {"agreed": {"calls"}}])
def test_receive_twice_with_other_answers_asks_and_writes_nothing(change: dict[str, str]) -> None:
    first, _ = receiving.receive(make_submission(), key="k", now=NOW)

    with pytest.raises(AlreadySent, match=first.reference):
        receiving.receive(make_submission(**change), key="k", now=NOW)

    assert ConsultationRequest.objects.count() == 1


def test_receive_recognises_the_same_answers_after_the_secret_key_has_changed(settings: Settings) -> None:
    receiving.receive(make_submission(), key="k", now=NOW)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "k" * 50

    assert receiving.receive(make_submission(), key="k", now=NOW)[1] is False


def test_receive_keeps_no_readable_copy_of_the_answers() -> None:
    request, _ = receiving.receive(make_submission(message="My knee hurts."), key="k", now=NOW)

    assert len(request.body_digest) == 64
    assert "knee" not in request.body_digest


@pytest.mark.django_db(transaction=True)
def test_receive_of_one_key_by_twenty_at_once_writes_one_row() -> None:
    def send(_: int) -> str:
        try:
            return receiving.receive(make_submission(), key="race", now=NOW, address=ADDRESS, signals=HUMAN)[
                0
            ].reference
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        references = set(pool.map(send, range(20)))

    assert len(references) == 1
    assert ConsultationRequest.objects.count() == Person.objects.count() == 1
    assert Message.objects.count() == 2
    # Those that lost the race are not counted as requests of the visitor, but as posts.
    counts = {(row.bucket.partition(".")[0], row.count) for row in RateCount.objects.all()}
    assert counts == {("requests", 1), ("form-posts", 20)}


@pytest.mark.django_db(transaction=True)
def test_receive_of_one_key_at_the_limit_gives_everybody_the_reference(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1}

    def send(_: int) -> str:
        try:
            return receiving.receive(make_submission(), key="race", now=NOW, address=ADDRESS, signals=HUMAN)[
                0
            ].reference
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(send, range(8)))

    assert len(references) == 1


def test_receive_over_the_limit_writes_nothing(settings: Settings) -> None:
    settings.LIMITS = {"requests.address": 1}
    receiving.receive(make_submission(), key="a", now=NOW, address=ADDRESS, signals=HUMAN)

    with pytest.raises(OverTheLimit):
        receiving.receive(make_submission(), key="b", now=NOW, address=ADDRESS, signals=HUMAN)

    assert ConsultationRequest.objects.count() == 1
    assert receiving.receive(make_submission(), key="b", now=NOW + table.HOUR, address=ADDRESS, signals=HUMAN)[1]


def test_receive_keeps_a_suspect_and_tells_nobody() -> None:
    request, created = receiving.receive(make_submission(), key="k", now=NOW, signals=TRAPPED)

    assert created
    assert request.status == Status.SPAM
    assert (request.spam_score, request.spam_reasons) == (5, "the hidden field was filled in")
    assert request.activities.get().text == "Taken for spam: the hidden field was filled in. Nobody was told of it."
    assert not Message.objects.exists()


def test_a_restored_suspect_keeps_its_time_and_gets_its_mails_and_a_fresh_deadline() -> None:
    request, _ = receiving.receive(make_submission(), key="k", now=NOW, signals=TRAPPED)
    later = NOW + dt.timedelta(days=7)

    moving.move(request, to=Status.NEW, by=factories.make_staff(), seen=Status.SPAM, now=later)

    assert (request.status, request.received_at) == (Status.NEW, NOW)
    assert request.respond_by == promise.respond_by(None, later) > later
    assert {message.kind for message in request.messages.all()} == {MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW}


def test_a_suspect_restored_in_time_keeps_its_deadline() -> None:
    request, _ = receiving.receive(make_submission(), key="k", now=NOW, signals=TRAPPED)
    promised = request.respond_by

    moving.move(request, to=Status.NEW, by=factories.make_staff(), seen=Status.SPAM, now=NOW + dt.timedelta(minutes=5))

    assert request.respond_by == promised


def test_a_request_called_spam_by_mistake_is_not_announced_twice() -> None:
    request, staff = factories.make_request(), factories.make_staff()
    moving.move(request, to=Status.SPAM, by=staff, seen=Status.NEW, now=NOW, reason="Looks like it.")

    moving.move(request, to=Status.NEW, by=staff, seen=Status.SPAM, now=NOW)

    assert request.messages.count() == 2
    assert list(request.activities.values_list("kind", flat=True)).count(ActivityKind.STATUS) == 2
