"""Mail addresses and host names in the one form that goes into mail, DNS and headers: IDNA 2008, in ASCII. No models.

Python's own codec and Django follow IDNA 2003, which turns straße.example into strasse.example: somebody else's domain.
"""

from __future__ import annotations

from urllib.parse import quote

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# What a mail address may hold and a `mailto:` link too (RFC 6068), but for the signs that would begin a header field.
PLAIN_IN_LINKS = "@+!$'*"
NOT_A_DOMAIN = "The part after the @ is not a domain name that mail can be sent to."


def ascii_host(name: str) -> str:
    """Return a host name in ASCII as RFC 5891 says, after the mapping of UTS 46 without its transitional part.

    A name that is ASCII already is only lowered: it says itself where it leads.

    Raises:
        ValueError: the name has characters that no host name may have, or is too long.
    """
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("not a host name") from error


def mail_address(value: str) -> str:
    """Return a mail address with its domain in ASCII and everything before the @ as it was.

    Raises:
        ValidationError: no mail can go there; says why.
    """
    local, at, domain = value.strip().rpartition("@")
    try:
        address = local + at + (domain if domain.isascii() else ascii_host(domain))
    except ValueError as error:
        raise ValidationError(NOT_A_DOMAIN, code="invalid_domain") from error
    validate_email(address)
    return address


def readable(address: str) -> str:
    """Return an address with its domain in its own alphabet, for people to read."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return address


def mailto(address: str) -> str:
    """Return the link to a mail address; nothing in it can become another recipient, a subject or a header.

    Templates do the same with `urlencode:'@'`.
    """
    return f"mailto:{quote(address, safe=PLAIN_IN_LINKS)}"
