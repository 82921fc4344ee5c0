"""What a mail server's refusal means: for good, or for now; and how much of its words may be shown. Pure.

RFC 5321, 4.2.1: 4yz may work later, 5yz will not. Only what is said of the recipient or of the mail itself ends that
mail. A refused sender, login or greeting is a fault of ours that every mail meets, so mails wait until it is mended.
"""

from __future__ import annotations

import re
import smtplib

LONGEST = 200
PERMANENT = range(500, 600)
# Of 5yz, these are about us and not about the mail: bad order, no such command or argument, no login, too weak a login.
OURS = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
# RFC 3463: X.7.x is security or policy (our address is blocked), X.3.x the server itself, X.1.7 and X.1.8 our sender's address.
OUR_FAULT = re.compile(r"\b5\.(?:7\.\d+|3\.[0-35]|1\.[78])\b")
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
LINK = re.compile(r"\S*(?:https?:|www\.|/)\S*", re.IGNORECASE)
ADDRESS = re.compile(r"\S*@\S*")
# A token, a queue's name, a telephone number: whatever is long and not a word.
TOKEN = re.compile(r"\S*(?:\d\S*){5,}|\S{25,}")
GAP = "…"


def answer(error: Exception) -> tuple[int, str] | None:
    """Return the code and the words a mail server refused with; None for another kind of failure."""
    code: int
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return None
    return int(code), words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def is_final(error: Exception) -> bool:
    """Return whether the server refused this recipient or this mail for good, so that another try would be in vain."""
    said = answer(error)
    if said is None or not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return False
    code, words = said
    return code in PERMANENT and code not in OURS and not OUR_FAULT.search(words)


def described(error: Exception) -> str:
    """Return the kind of failure and the code, for the log: nothing of the server's words."""
    said = answer(error)
    return f"{type(error).__name__} {said[0]}" if said else type(error).__name__


def shown(error: Exception, recipient: str) -> str:
    """Return the kind of failure, the code and the server's words for staff, in one short line.

    Servers repeat addresses, and some quote the mail: addresses, links and whatever looks like a key are left out.
    """
    said = answer(error)
    if said is None:
        return described(error)
    words = "".join(character if character.isprintable() else " " for character in said[1])
    for pattern in (LINK, ADDRESS):
        words = pattern.sub(GAP, words)
    # Some name the mailbox without its domain.
    if mailbox := recipient.rpartition("@")[0]:
        words = re.sub(rf"(?<!\w){re.escape(mailbox)}(?!\w)", GAP, words, flags=re.IGNORECASE)
    words = " ".join(GAP if TOKEN.fullmatch(word) and not ENHANCED.fullmatch(word) else word for word in words.split())
    line = f"{described(error)}: {words}" if words else described(error)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + GAP
