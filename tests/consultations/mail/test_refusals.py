"""Which refusals end a mail, and what staff are shown of them."""

from __future__ import annotations

import smtplib

import pytest

from consultations.mail import refusals

ADA = "ada@visitor.example"


def refused(code: int, words: bytes = b"no") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({ADA: (code, words)})


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (refused(550), True),
        (refused(550, b"5.1.1 unknown"), True),
        (refused(553), True),
        (refused(556, b"5.1.10 null MX"), True),
        (smtplib.SMTPDataError(552, b"5.3.4 too big"), True),
        (smtplib.SMTPDataError(554, b"no"), True),
        (refused(450), False),
        (refused(421), False),
        (refused(452, b"4.2.2 full"), False),
        (smtplib.SMTPDataError(451, b"later"), False),
        (refused(530, b"5.7.0 log in first"), False),
        (refused(554, b"5.7.1 relay access denied"), False),
        (refused(550, b"5.7.26 unauthenticated sender"), False),
        (refused(550, b"5.1.8 bad sender"), False),
        (refused(503, b"bad sequence"), False),
        (smtplib.SMTPSenderRefused(550, b"who?", "hello@fern.example"), False),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), False),
        (smtplib.SMTPHeloError(550, b"no"), False),
        (smtplib.SMTPConnectError(554, b"no"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_lasting_refusal_of_the_recipient_or_the_mail_is_final(error: Exception, *, final: bool) -> None:
    assert refusals.is_final(error) is final


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (b"5.1.1 <ada@visitor.example>: unknown", "5.1.1 … unknown"),
        (b"no\r\nsuch\tuser ADA", "no such user …"),
        (b"spam: http://clinic.example/consultation/r/secret/", "spam: …"),
        (b"spam: clinic.example/consultation/r/secret/", "spam: …"),
        (b"id QmFzZTY0VG9rZW5PZkFub3RoZXJLaW5k", "id …"),
        (b"call +12025550147", "call …"),
        (b"caf\xff", "caf\ufffd"),
    ],
)
def test_shown_words_hold_no_address_no_link_and_no_key(words: bytes, shown: str) -> None:
    assert refusals.shown(refused(550, words), ADA) == f"SMTPRecipientsRefused 550: {shown}"


def test_shown_words_are_short() -> None:
    assert len(refusals.shown(refused(550, b"no " * 999), ADA)) == refusals.LONGEST


def test_other_failures_show_their_kind_alone() -> None:
    assert refusals.shown(OSError(f"cannot reach {ADA}"), ADA) == "OSError"
