"""What can go wrong while a mail is sent: in its text, at the server, in the database, and with the time."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import OperationalError, connection
from django.test import override_settings

from consultations.mail import delivery
from consultations.models import Activity, ConsultationRequest, Message
from consultations.statuses import ActivityKind, MessageKind, MessageState
from content.models import ClinicProfile
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HEALTH = "Since spring my left knee gives way on the stairs"
HERE = "tests.consultations.mail.test_delivery_more"
TO_VISITOR, TO_STAFF = MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW


class RudeMailer(locmem.EmailBackend):
    """A server that takes the mail and then fails at its goodbye."""

    def close(self) -> None:
        raise TimeoutError


class SlowMailer(locmem.EmailBackend):
    """A server that takes forty seconds for each mail, on a clock of its own."""

    passed = 0.0

    def send_messages(self, messages: Any) -> int:
        type(self).passed += 40
        return int(super().send_messages(messages))


def mailer(name: str) -> override_settings:
    return override_settings(MAILERS={"default": {"BACKEND": f"{HERE}.{name}"}})


@pytest.fixture
def message(clinic: ClinicProfile) -> Message:
    """The confirmation to a visitor; the notice to staff has left."""
    request = factories.make_request(message=HEALTH)
    request.messages.filter(kind=TO_STAFF).update(state=MessageState.SENT, sent_at=NOW)
    return request.messages.get(kind=TO_VISITOR)


def told(request: ConsultationRequest) -> list[str]:
    return [line.text for line in request.activities.filter(kind=ActivityKind.MESSAGE)]


def test_a_sent_mail_stands_in_the_history_once(message: Message) -> None:
    assert delivery.deliver_due(now=NOW) == 1
    assert delivery.deliver_due(now=NOW) == 0

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.leased_until) == (MessageState.SENT, NOW, None)
    assert told(message.request) == ["Confirmation to the visitor: sent"]
    assert len(mail.outbox) == 1


def test_the_notice_to_staff_is_no_news_for_staff(clinic: ClinicProfile) -> None:
    request = factories.make_request(email="", phone="+1 202 555 0199")

    assert delivery.deliver_due(now=NOW) == 1

    assert told(request) == []


def test_what_the_visitor_wrote_is_not_even_read(message: Message, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15) as queries:
        delivery.deliver_due(now=NOW)

    assert len(mail.outbox) == 1
    assert [query for query in queries.captured_queries if 'consultationrequest"."message"' in query["sql"]] == []


@pytest.mark.parametrize("recipient", ["a@x.example\nBcc: b@x.example", "jörg@x.example\r", "ada@visitor.example\n"])
def test_a_mail_that_cannot_be_built_is_marked_and_the_others_go_on(
    message: Message, caplog: pytest.LogCaptureFixture, recipient: str
) -> None:
    Message.objects.filter(pk=message.pk).update(recipient=recipient)
    factories.make_request(email="other@visitor.example")

    assert delivery.deliver_due(now=NOW) == 2

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.QUEUED, 1, "ValidationError")
    assert message.due_at > NOW
    (flagged,) = ConsultationRequest.objects.with_mail_trouble().filter(pk=message.request_id)
    assert vars(flagged)["mail_trouble"] is True
    assert "@" not in caplog.text


def test_a_mail_is_given_up_with_one_alert_that_names_no_address(
    message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    last = len(delivery.BACKOFF_MINUTES)
    Message.objects.filter(pk=message.pk).update(recipient="a\n@x.example", attempts=last)

    delivery.deliver_due(now=NOW)
    delivery.deliver_due(now=NOW + dt.timedelta(days=30))

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.DEAD, last + 1)
    alerts = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert alerts == [f"Mail {message.pk} of request {message.request.reference} was given up: ValidationError"]


@mailer("RudeMailer")
def test_a_server_that_fails_at_its_goodbye_has_the_mail(message: Message) -> None:
    assert delivery.deliver_due(now=NOW) == 1

    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert len(mail.outbox) == 1


@mailer("SlowMailer")
def test_a_slow_server_does_not_eat_up_the_leases_of_the_mails_behind(
    clinic: ClinicProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlowMailer, "passed", 0.0)
    monkeypatch.setattr(time, "monotonic", lambda: SlowMailer.passed)
    for _ in range(3):
        factories.make_request(phone="+1 202 555 0199")

    assert delivery.deliver_due(now=NOW) == 6

    times = Message.objects.order_by("id").values_list("sent_at", flat=True)
    assert list(times) == [NOW + dt.timedelta(seconds=40 * number) for number in range(1, 7)]


def test_a_lease_outlasts_everything_that_is_done_under_it() -> None:
    busy = delivery.DIALOGUE_SECONDS + delivery.PARTING_SECONDS

    assert delivery.LEASE.total_seconds() > busy > delivery.STEP


def test_after_a_request_to_stop_no_other_mail_is_begun(clinic: ClinicProfile) -> None:
    factories.make_request()
    factories.make_request()

    assert delivery.deliver_due(now=NOW, stop=lambda: len(mail.outbox) == 1) == 1

    assert len(mail.outbox) == 1
    assert Message.objects.filter(state=MessageState.QUEUED, attempts=0).count() == 3


@override_settings(MAILERS={"default": {"BACKEND": f"{HERE}.RudeMailer"}})
def test_a_worker_that_lost_its_lease_writes_nothing(message: Message, caplog: pytest.LogCaptureFixture) -> None:
    class Overtaken(RudeMailer):
        def send_messages(self, messages: Any) -> int:
            later = NOW + delivery.LEASE + dt.timedelta(seconds=1)
            assert delivery.take(message.pk, now=later) is not None
            return int(super().send_messages(messages))

    with override_settings(MAILERS={"default": {"BACKEND": f"{HERE}.Overtaken"}}):
        globals()["Overtaken"] = Overtaken
        delivery.deliver(message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENDING, 2)
    assert told(message.request) == []
    assert "taken over" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_after_the_hand_over_is_waited_for(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RECORD_PAUSE", 0.01)
    refused: list[str] = []

    def away(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.startswith('UPDATE "consultations_message"') and mail.outbox and len(refused) < 3:
            refused.append(sql)
            raise OperationalError("the database system is shutting down")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(away):
        assert delivery.deliver_due(now=NOW) == 1

    message.refresh_from_db()
    assert len(refused) == 3
    assert message.state == MessageState.SENT
    assert len(mail.outbox) == 1
    assert told(message.request) == ["Confirmation to the visitor: sent"]


class TestServers:
    """Servers that talk, but not as they should, on a real socket."""

    @pytest.fixture
    def serve(self) -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
        listener = socket.create_server(("127.0.0.1", 0))

        def start(talk: Callable[[socket.socket], None]) -> int:
            def answer() -> None:
                try:
                    peer, _ = listener.accept()
                    with peer:
                        talk(peer)
                except OSError:
                    pass

            threading.Thread(target=answer, daemon=True).start()
            return int(listener.getsockname()[1])

        yield start
        listener.close()

    def smtp(self, port: int) -> override_settings:
        options = {"host": "127.0.0.1", "port": port, "timeout": 1}
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": options}})

    @pytest.fixture(autouse=True)
    def _hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(delivery, "DIALOGUE_SECONDS", 1.5)
        monkeypatch.setattr(delivery, "PARTING_SECONDS", 0.5)

    def test_one_that_says_nothing_costs_a_time_out(self, message: Message, serve: Any) -> None:
        begun = time.monotonic()

        with self.smtp(serve(lambda peer: time.sleep(5))):
            assert delivery.deliver_due(now=NOW) == 0

        message.refresh_from_db()
        assert (message.state, message.last_error) == (MessageState.QUEUED, "SMTPServerDisconnected")
        assert time.monotonic() - begun < 3

    # The socket of a connection that was never made is closed when nobody holds it any more.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    def test_one_that_dribbles_is_cut_off(self, message: Message, serve: Any) -> None:
        def dribble(peer: socket.socket) -> None:
            for _ in range(40):
                peer.sendall(b"2")
                time.sleep(0.2)

        begun = time.monotonic()

        with self.smtp(serve(dribble)):
            assert delivery.deliver_due(now=NOW) == 0

        message.refresh_from_db()
        assert (message.state, message.last_error) == (MessageState.QUEUED, "SlowServerError")
        assert time.monotonic() - begun < 4

    def test_one_that_hangs_after_it_took_the_mail_has_it(self, message: Message, serve: Any) -> None:
        taken: list[bytes] = []

        def talk(peer: socket.socket) -> None:
            peer.sendall(b"220 here\r\n")
            for answer in (b"250 here\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                peer.recv(4096)
                peer.sendall(answer)
            data = b""
            while not data.endswith(b"\r\n.\r\n"):
                data += peer.recv(65536)
            taken.append(data)
            peer.sendall(b"250 taken\r\n")
            time.sleep(3)

        with self.smtp(serve(talk)):
            assert delivery.deliver_due(now=NOW) == 1

        message.refresh_from_db()
        assert message.state == MessageState.SENT
        assert len(taken) == 1
        assert b"Auto-Submitted: auto-generated" in taken[0]
        assert HEALTH.encode() not in taken[0]
        assert not Activity.objects.filter(text__isnull=True).exists()
