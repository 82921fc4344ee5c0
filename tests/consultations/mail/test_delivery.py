"""Mails leave through a real mail server on this machine: kept while it is away, sent once, given up with a trace."""

from __future__ import annotations

import datetime as dt
import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.test import Client, override_settings

from clinic import env
from consultations.mail import delivery
from consultations.models import Message
from consultations.statuses import MessageKind, MessageState
from tests.concurrency.racing import race
from tests.factories import NOW, make_clinic, make_request

HEALTH = "My left knee has hurt since spring"
BUSY = "450 4.2.1 <ada@visitor.example> try later"


class MailServer:
    """A mail server on a loopback port; it keeps what it takes, and can be stopped and started again."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.taken: list[EmailMessage] = []
        self.refusal = ""
        self.controller: Any = None

    @property
    def url(self) -> str:
        """What EMAIL_URL would say."""
        return f"smtp://127.0.0.1:{self.port}?timeout=5"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take a recipient, or refuse."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  the library's names
        """Keep a mail."""
        self.taken.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def start(self) -> None:
        """Begin to listen."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Stop listening; connections are refused from here on."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address."""
        return [mail for mail in self.taken if mail["To"] == address]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A running mail server that EMAIL_URL names."""
    server = MailServer()
    server.start()
    with override_settings(MAILERS={"default": env.mailer(server.url)}):
        yield server
    server.stop()


def words_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def message_to_visitor() -> Message:
    """Return the confirmation of a fresh request; the notice to staff has left already."""
    make_clinic()
    request = make_request(message=HEALTH)
    request.messages.exclude(kind=MessageKind.VISITOR_RECEIVED).update(state=MessageState.SENT, sent_at=NOW)
    return request.messages.get(kind=MessageKind.VISITOR_RECEIVED)


def test_both_mails_leave_and_say_nothing_of_health(db: None, server: MailServer) -> None:
    make_clinic(email="desk@fern.example")
    request = make_request(message=HEALTH, email="ada@visitor.example")

    assert delivery.deliver_due(now=NOW) == 2

    (confirmation,), (notice,) = server.to("ada@visitor.example"), server.to("desk@fern.example")
    for mail in (confirmation, notice):
        assert request.reference in str(mail["Subject"]) + words_of(mail)
        assert HEALTH not in mail.as_string()
    assert request.get_private_url() in words_of(confirmation)
    assert request.get_private_url() not in notice.as_string()


def test_mail_has_a_plain_and_an_html_part(db: None, server: MailServer) -> None:
    message_to_visitor()

    delivery.deliver_due(now=NOW)

    mail = server.taken[0]
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Message-ID"].startswith("<message-")


def test_mail_waits_while_the_server_is_away_and_leaves_once_it_is_back(db: None, server: MailServer) -> None:
    message = message_to_visitor()
    server.stop()

    assert delivery.deliver_due(now=NOW) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.due_at == NOW + dt.timedelta(minutes=delivery.BACKOFF_MINUTES[0])
    server.start()

    assert delivery.deliver_due(now=message.due_at) == 1
    message.refresh_from_db()
    assert (message.state, message.last_error, len(server.taken)) == (MessageState.SENT, "", 1)


def test_request_is_received_while_the_server_is_away(clinic: object, client: Client, server: MailServer) -> None:
    server.stop()

    request = make_request()

    assert request.messages.filter(state=MessageState.QUEUED).count() == 2
    assert client.get(request.get_private_url()).status_code == 200


def test_refused_mail_is_tried_later_and_later(db: None, server: MailServer) -> None:
    message = message_to_visitor()
    server.refusal = BUSY
    now, waits = NOW, []

    for _ in range(4):
        assert delivery.deliver_due(now=now) == 0
        message.refresh_from_db()
        waits.append((message.due_at - now).total_seconds() / 60)
        now = message.due_at

    assert waits == list(delivery.BACKOFF_MINUTES[:4])
    assert message.state == MessageState.QUEUED


def test_refusal_is_kept_by_its_code_without_the_address(
    db: None, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    message = message_to_visitor()
    server.refusal = BUSY

    delivery.deliver_due(now=NOW)

    message.refresh_from_db()
    assert message.last_error == "SMTPRecipientsRefused 450: 4.2.1 … try later"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("consultations")]
    assert len(ours) == 1
    assert "ada@visitor.example" not in message.last_error + ours[0]


@pytest.mark.parametrize(
    ("refusal", "shown"),
    [
        ("550 5.1.1 <ada@visitor.example> unknown", "550: 5.1.1 … unknown"),
        ("550 No such user here: ada", "550: No such user here: …"),
        ("552 5.2.2 Mailbox full", "552: 5.2.2 Mailbox full"),
        ("553 5.1.3 Bad destination ADA@Visitor.Example", "553: 5.1.3 Bad destination …"),
        ("551 User not local; see https://mail.example/x", "551: User not local; see …"),
        ("554 5.2.1 Mailbox disabled", "554: 5.2.1 Mailbox disabled"),
    ],
)
def test_recipient_refused_for_good_ends_the_mail_at_once_and_staff_see_why(
    db: None, server: MailServer, caplog: pytest.LogCaptureFixture, refusal: str, shown: str
) -> None:
    message = message_to_visitor()
    Message.objects.filter(pk=message.pk).update(recipient="ada@visitor.example")
    server.refusal = refusal

    delivery.deliver_due(now=NOW)
    server.refusal = ""

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.DEAD, 1)
    assert message.last_error == f"SMTPRecipientsRefused {shown}"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("consultations")]
    assert [line for line in ours if "ada" in line.lower()] == []
    assert len(ours) == 2
    assert delivery.deliver_due(now=NOW + dt.timedelta(days=365)) == 0


def test_mail_is_given_up_after_the_last_attempt(db: None, server: MailServer) -> None:
    message = message_to_visitor()
    server.refusal = BUSY
    now = NOW

    for _ in range(len(delivery.BACKOFF_MINUTES) + 1):
        delivery.deliver_due(now=now)
        message.refresh_from_db()
        now = message.due_at
    server.refusal = ""

    assert (message.state, message.leased_until) == (MessageState.DEAD, None)
    assert delivery.deliver_due(now=now + dt.timedelta(days=365)) == 0
    assert server.taken == []


def test_mail_of_a_worker_that_died_is_sent_when_its_lease_ends(db: None, server: MailServer) -> None:
    message = message_to_visitor()
    assert delivery.take(message.pk, now=NOW) is not None

    just_before = NOW + delivery.LEASE - dt.timedelta(seconds=1)
    assert delivery.deliver_due(now=just_before) == 0
    assert delivery.deliver_due(now=NOW + delivery.LEASE) == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, len(server.taken)) == (MessageState.SENT, 2, 1)


def test_worker_once_delivers_and_says_how_many(
    db: None, server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    message = message_to_visitor()
    Message.objects.filter(pk=message.pk).update(due_at=NOW - dt.timedelta(days=999))

    call_command("worker", once=True)

    assert capsys.readouterr().out == "Delivered: 1\n"
    assert len(server.taken) == 1


def test_two_workers_send_each_mail_once(transactional_db: None, server: MailServer) -> None:
    make_clinic()
    for number in range(6):
        make_request(email=f"visitor-{number}@visitor.example")

    outcome = race(2, lambda _: delivery.deliver_due(now=NOW))

    recipients = sorted(mail["To"] for mail in server.taken)
    assert (outcome.raised, sum(outcome.returned)) == ([], 12)
    assert recipients == sorted(
        [f"visitor-{number}@visitor.example" for number in range(6)] + ["hello@fern.example"] * 6
    )
