"""A real SMTP server with faults on demand, which writes down when it kept what.

A mail counts as handed over from the moment the server keeps it, which is just before it says 250: from then on the
server answers for it, whether or not the sender lives to read that answer (RFC 5321, 6.1; RFC 1047).
"""

from __future__ import annotations

import asyncio
import email
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.processes import HOST, free_port

# Longer than any time-out of the workers here.
FOR_EVER = 60


class Mood(Enum):
    """How the server treats whoever speaks to it."""

    HEALTHY = "healthy"
    REFUSING = "refuses connections"
    BUSY = "says 451 to every recipient"
    SILENT = "accepts and never says a word"
    STUCK = "takes the mail in and never answers"
    DYING = "dies in the middle of the mail"
    DYING_LATE = "dies before its answer"


@dataclass
class Delays:
    """Seconds the server takes over each step."""

    greeting: float = 0
    recipient: float = 0
    before_keeping: float = 0
    before_saying_so: float = 0
    goodbye: float = 0

    def total(self) -> float:
        """Return how long a whole dialogue takes at least."""
        return self.greeting + self.recipient + self.before_keeping + self.before_saying_so + self.goodbye


@dataclass
class Dialogue:
    """One connection: which mail was kept in it, and when (monotonic seconds)."""

    begun: float = field(default_factory=time.monotonic)
    message: int = 0
    kept: float = 0
    closed: bool = False


class Server(SMTP):
    """aiosmtpd's server, which can also break off."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's names
        """Read the mail, or hang up in the middle of it."""
        if self.event_handler.mood is Mood.DYING:
            await self.push("354 Go on")
            await self._reader.readline()
            hang_up(self)
            return
        await super().smtp_DATA(arg)

    def connection_lost(self, error: Exception | None) -> None:
        """Note the end of the dialogue."""
        if self.session is not None and self.session in self.event_handler.open:
            self.event_handler.open.pop(self.session).closed = True
        super().connection_lost(error)


class Listener(Controller):
    """Runs the server in a thread."""

    def factory(self) -> Server:
        """Return what speaks to one connection."""
        return Server(self.handler, hostname="mail.example")


class MailServer:
    """An SMTP server on a port of its own of an address of this machine; `mood` may change while it runs."""

    def __init__(self, delays: Delays | None = None, host: str = HOST) -> None:
        self.host = host
        self.port = free_port()
        self.delays = delays or Delays()
        self.mood = Mood.HEALTHY
        self.dialogues: list[Dialogue] = []
        self.open: dict[Session, Dialogue] = {}
        self.controller: Controller | None = None
        self.silence: socket.socket | None = None
        # What else is done with a mail once it is kept.
        self.on_mail: Callable[[EmailMessage], None] = lambda mail: None

    def __enter__(self) -> Self:
        self.become(Mood.HEALTHY)
        return self

    def __exit__(self, *_: object) -> None:
        self.become(Mood.REFUSING)

    def become(self, mood: Mood) -> None:
        """Change the mood; an open connection notices at its next step."""
        self.mood = mood
        listening = mood not in {Mood.REFUSING, Mood.SILENT}
        if self.silence is not None:
            self.silence.close()
            self.silence = None
        if self.controller is not None and not listening:
            self.controller.stop()
            self.controller = None
        if self.controller is None and listening:
            self.controller = Listener(self, hostname=self.host, port=self.port)
            self.controller.start()
        if mood is Mood.SILENT:
            # The kernel accepts; nobody ever takes the connection up.
            self.silence = socket.create_server((self.host, self.port), backlog=100)

    def deliveries(self) -> Counter[int]:
        """Return how often each mail was kept, by the number in its Message-ID."""
        return Counter(dialogue.message for dialogue in list(self.dialogues) if dialogue.kept)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Begin a dialogue."""
        self.open[session] = Dialogue()
        self.dialogues.append(self.open[session])
        session.host_name = hostname
        await asyncio.sleep(self.delays.greeting)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not now."""
        await asyncio.sleep(self.delays.recipient)
        if self.mood is Mood.BUSY:
            return "451 4.3.0 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail and say so, after the final dot."""
        if self.mood is Mood.STUCK:
            await asyncio.sleep(FOR_EVER)
        if self.mood is Mood.DYING_LATE:
            hang_up(server)
            return "421 4.3.0 Gone"
        await asyncio.sleep(self.delays.before_keeping)
        dialogue = self.open[session]
        dialogue.message = number_of(envelope.content)
        dialogue.kept = time.monotonic()
        self.on_mail(message_from_bytes(bytes(envelope.content or b""), policy=default))  # type: ignore[arg-type]
        await asyncio.sleep(self.delays.before_saying_so)
        return "250 2.0.0 Kept"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Part."""
        await asyncio.sleep(self.delays.goodbye)
        return "221 2.0.0 Bye"


def hang_up(server: SMTP) -> None:
    """End a connection without a word."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def number_of(content: Any) -> int:
    """Return the message's number, which stands in its Message-ID: <message-17-…@…>."""
    return int(str(email.message_from_bytes(content)["Message-ID"]).split("-")[1])
