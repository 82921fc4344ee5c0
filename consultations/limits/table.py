"""The table of limits: who may do what how often, and what happens beyond that. Pure.

One row is one `Limit`. Its ceilings are numbers per window and per thing counted; 0 is no ceiling. An operator changes one by
the environment (`LIMITS`, docs/limits.md). Every number is chosen so that a household, a ward or an office does not meet it.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from content.numerals import number_in

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


class Who(enum.StrEnum):
    """Who is counted, from the narrowest to the widest; two processes that count the same ones do so in this order."""

    REQUEST = "request"
    BROWSER = "browser"
    ACCOUNT_HERE = "account-here"
    ACCOUNT_NEAR = "account-near"
    ACCOUNT = "account"
    MAILBOX = "mailbox"
    ADDRESS = "address"
    NET_24 = "net-24"
    NET_64 = "net-64"
    NET_56 = "net-56"
    NET_48 = "net-48"
    UNKNOWN = "unknown"
    EVERYBODY = "everybody"


# How many times what one address may, its network may: neighbours share it, and one subscriber is given a /64, /56 or /48
# of IPv6 (RFC 6177). Whoever comes from an address that is not known shares one bucket with all others of that kind.
NETWORK_FACTORS: Mapping[Who, int] = {
    Who.NET_24: 4,
    Who.NET_64: 4,
    Who.NET_56: 8,
    Who.NET_48: 16,
    Who.UNKNOWN: 16,
}


@dataclass(frozen=True)
class Limit:
    """A named limit.

    Attributes:
        name: as the environment and the counters' rows name it.
        what: what is counted, in words.
        window: how long a count lasts; windows begin at the full hour or at midnight (UTC).
        ceilings: how many each may within a window; networks follow from `Who.ADDRESS` by NETWORK_FACTORS.
        beyond: what happens beyond it, in words.
        said: what the person is told; empty where nobody is.
        forgettable: whether it does no harm that a restart of a cache server forgets its counts.
    """

    name: str
    what: str
    window: dt.timedelta
    ceilings: Mapping[Who, int] = field(hash=False)
    beyond: str
    said: str = ""
    forgettable: bool = False


REQUESTS = Limit(
    "requests",
    "new requests",
    HOUR,
    {Who.ADDRESS: 60, Who.EVERYBODY: 3000},
    "The form comes back filled, with the phone number (429; 503 where everybody's ceiling is reached).",
    "Many requests have come from your network.",
)
FORM_POSTS = Limit(
    "form-posts",
    "posts of the request form, also repeats and ones with mistakes",
    HOUR,
    {Who.ADDRESS: 300, Who.EVERYBODY: 15000},
    "The form comes back filled, with the phone number (429; 503 where everybody's ceiling is reached).",
    "This form has been sent many times from your network.",
)
PRIVATE_POSTS = Limit(
    "private-posts",
    "posts from a private page",
    HOUR,
    {Who.REQUEST: 60, Who.ADDRESS: 240, Who.EVERYBODY: 15000},
    "A page says so, with everything typed and the phone number (429 or 503).",
    "Many changes have been sent from this page.",
)
APPOINTMENT_CHANGES = Limit(
    "appointment-changes",
    "bookings, moves and cancellations of a request that were done",
    DAY,
    {Who.REQUEST: 8},
    "A page asks the visitor to call (429).",
    "This appointment has been changed many times today. Please call us to change it once more.",
)
HOLDS = Limit(
    "holds",
    "times held for a while",
    HOUR,
    {Who.REQUEST: 20, Who.ADDRESS: 80, Who.EVERYBODY: 5000},
    "A page says so (429); booking without holding goes on.",
    "Many times have been held and given back. You can still book one.",
)
WAITING_JOINS = Limit(
    "waiting-joins",
    "joinings of the waiting list",
    DAY,
    {Who.REQUEST: 10, Who.ADDRESS: 40, Who.EVERYBODY: 2000},
    "A page says so, with everything typed (429 or 503).",
    "The waiting list has been joined many times from here today.",
)
UNSUBSCRIBES = Limit(
    "unsubscribes",
    "unsubscribing by one click of a mail program",
    HOUR,
    {Who.REQUEST: 20, Who.ADDRESS: 240},
    "429 in plain text.",
    "This has been asked many times.",
)
MAILS = Limit(
    "mails",
    "mails to one mailbox (without +tag and dots)",
    DAY,
    {Who.MAILBOX: 12},
    "They wait until the next day; of those about one request's appointment only the newest is sent then.",
)
ADDRESS_MAILS = Limit(
    "address-mails",
    "mails to one mailbox with a button or code that somebody waits for: is the address right, a new link, a code",
    HOUR,
    {Who.MAILBOX: 12},
    "They wait until the hour is over: no crowd of other mails to the mailbox delays them for a day.",
)
ADDRESS_MAILS_A_DAY = Limit(
    "address-mails-a-day",
    "the same mails to one mailbox, in all",
    DAY,
    {Who.MAILBOX: 24},
    "They wait until the next day: hour after hour of them would be a flood too.",
)
STAFF_NOTICES = Limit(
    "staff-notices",
    "notices to staff of changes of one request's appointment",
    HOUR,
    {Who.REQUEST: 3},
    "They wait until the hour is over; only the newest is sent then.",
)
LOG_INS = Limit(
    "log-ins",
    "tries to log in to one account from one address or network, counted before the password is hashed",
    HOUR,
    {Who.ACCOUNT_HERE: 10, Who.ACCOUNT_NEAR: 40},
    "The try is refused without looking at the password (429).",
    "There were many tries to log in.",
)
KNOWN_BROWSER_LOG_INS = Limit(
    "known-browser-log-ins",
    "the same with a browser in which the account was used before, whatever others in its network try; also with a passkey",
    HOUR,
    {Who.BROWSER: 10},
    "The try is refused without looking at the password (429).",
    "There were many tries to log in.",
)
NETWORK_LOG_INS = Limit(
    "network-log-ins",
    "tries to log in from one network to accounts that were never used from there",
    HOUR,
    {Who.ADDRESS: 30},
    "The try is refused without looking at the password (429).",
    "There were many tries to log in.",
)
STAFF_NETWORK_LOG_INS = Limit(
    "staff-network-log-ins",
    "the same from a network that staff use: an office shares an address",
    HOUR,
    {Who.ADDRESS: 300},
    "The try is refused without looking at the password (429).",
    "There were many tries to log in.",
)
LOG_IN_CODES = Limit(
    "log-in-codes",
    "codes of a second factor for one account from one address or network",
    HOUR,
    {Who.ACCOUNT_HERE: 10, Who.ACCOUNT_NEAR: 40},
    "The code is refused unread (429).",
    "There were many tries to log in.",
)
KNOWN_BROWSER_CODES = Limit(
    "known-browser-codes",
    "the same with a browser in which the account was used before",
    HOUR,
    {Who.BROWSER: 10},
    "The code is refused unread (429).",
    "There were many tries to log in.",
)
STRANGERS_CODES = Limit(
    "strangers-codes",
    "codes of a second factor for one account from all networks that the account does not know",
    HOUR,
    {Who.ACCOUNT: 50},
    "The code is refused unread (429).",
    "There were many tries to log in.",
)
PASSKEYS = Limit(
    "passkeys",
    "tries with a passkey in a browser that no account was used with",
    HOUR,
    {Who.ADDRESS: 60},
    "The try is refused unread (429).",
    "There were many tries to log in.",
)
COSTLY_PAGES = Limit(
    "costly-pages",
    "pages that are worked out anew for whoever asks: free times, and pages with anything after the question mark",
    HOUR,
    {Who.ADDRESS: 600, Who.EVERYBODY: 60000},
    "A page says so, with the phone number (429 or 503).",
    "Many pages have been asked for from your network.",
    forgettable=True,
)

LIMITS: Mapping[str, Limit] = {
    limit.name: limit
    for limit in (
        REQUESTS,
        FORM_POSTS,
        PRIVATE_POSTS,
        APPOINTMENT_CHANGES,
        HOLDS,
        WAITING_JOINS,
        UNSUBSCRIBES,
        MAILS,
        ADDRESS_MAILS,
        ADDRESS_MAILS_A_DAY,
        STAFF_NOTICES,
        LOG_INS,
        KNOWN_BROWSER_LOG_INS,
        NETWORK_LOG_INS,
        STAFF_NETWORK_LOG_INS,
        LOG_IN_CODES,
        KNOWN_BROWSER_CODES,
        STRANGERS_CODES,
        PASSKEYS,
        COSTLY_PAGES,
    )
}


def adjusted(text: str, *, requests_per_hour: int) -> dict[str, int]:
    """Return the ceilings that an operator has changed, by `limit.who`.

    Args:
        text: such as `mails.mailbox=20, requests.address=0`; 0 is no ceiling, and `all=0` switches every limit off.
        requests_per_hour: the ceiling of `requests.address`; 0 is no limit on new requests at all.

    Raises:
        ValueError: something in it is no ceiling of the table; the text is a sentence that says what.
    """
    changed = {f"{REQUESTS.name}.{Who.ADDRESS}": requests_per_hour}
    if not requests_per_hour:
        changed[f"{REQUESTS.name}.{Who.EVERYBODY}"] = 0
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = (part.strip() for part in word.partition("="))
        if word.replace(" ", "") == "all=0":
            changed |= {f"{limit.name}.{who}": 0 for limit in LIMITS.values() for who in limit.ceilings}
            continue
        limit, _, who = name.partition(".")
        if limit not in LIMITS or who not in _known(LIMITS[limit]):
            known = ", ".join(f"{one.name}.{who}" for one in LIMITS.values() for who in one.ceilings)
            raise ValueError(f"LIMITS names {name!r}; there are {known}.")
        if (allowed := number_in(number, digits=9)) is None:
            raise ValueError(f"LIMITS says {word!r}; a limit is written such as {name}=20, and 0 is no limit.")
        changed[name] = allowed
    return changed


def ceiling(limit: Limit, who: Who, changed: Mapping[str, int]) -> int:
    """Return how many are allowed, after what the operator has changed; 0 is no ceiling."""
    if (own := changed.get(f"{limit.name}.{who}")) is not None:
        return own
    if who in NETWORK_FACTORS:
        return ceiling(limit, Who.ADDRESS, changed) * NETWORK_FACTORS[who] if Who.ADDRESS in limit.ceilings else 0
    return limit.ceilings.get(who, 0)


def _known(limit: Limit) -> set[str]:
    networks = set(NETWORK_FACTORS) if Who.ADDRESS in limit.ceilings else set()
    return {str(who) for who in networks | set(limit.ceilings)}
