"""Masks mail addresses and phone numbers ("a…@example.com") so that only their owner recognises them. Pure."""

from __future__ import annotations

import phonenumbers

GAP = "…"


def email(address: str) -> str:
    """Return `a…@e….com` for `ada@example.com`; "" stays ""."""
    local, at, domain = address.rpartition("@")
    if not at:
        return GAP if address else ""
    host, _, ending = domain.rpartition(".")
    return f"{local[:1]}{GAP}@{host[:1]}{GAP}.{ending}" if host else f"{local[:1]}{GAP}@{GAP}"


def phone(typed: str, e164: str) -> str:
    """Return `+1 … 43`: the country's code where it is known and the last two digits; "" stays ""."""
    digits = "".join(character for character in typed if character.isdigit())
    if not typed:
        return ""
    # The end of a very short number would be most of it.
    end = f"{GAP} {digits[-2:]}" if len(digits) > 5 else GAP
    try:
        return f"+{phonenumbers.parse(e164).country_code} {end}"
    except phonenumbers.NumberParseException:
        return end


def name(full: str) -> str:
    """Return `A…` for any name."""
    return f"{full[:1]}{GAP}"
