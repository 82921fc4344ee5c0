"""Telephone numbers as people write them. Pure."""

from __future__ import annotations

import phonenumbers


def normalise(typed: str, region: str | None) -> str:
    """Return the number in E.164, or "" where it cannot be read; whether it is in service is not judged.

    Args:
        typed: whatever the visitor typed.
        region: ISO 3166-1 code of the country that a number without a prefix belongs to, if known.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
