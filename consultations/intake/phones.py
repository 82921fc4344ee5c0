"""Reads telephone numbers as people write them, and warns about unusual ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers

# How most of the world dials abroad, and what no national number begins with.
ABROAD = re.compile(r"^[\s(]*00[\s().-]*(?=\d)")


@dataclass(frozen=True)
class Phone:
    """What could be read out of a number: E.164, or "", and whether such numbers are given out anywhere."""

    e164: str
    usual: bool


UNREADABLE = Phone("", usual=False)


def read(typed: str, regions: Iterable[str | None] = ()) -> Phone:
    """Return what a number means; whether it is in service is not judged.

    Args:
        typed: whatever the visitor typed.
        regions: ISO 3166-1 codes of the countries that a number without a prefix may belong to, likeliest first.
    """
    numbers = []
    # The regions are asked for one by one: to find out the last one may cost a look into the database.
    for number, named_country in _numbers(typed, regions):
        if phonenumbers.is_valid_number(number):
            return Phone(_e164(number), usual=True)
        numbers.append((number, named_country))
    for number, named_country in numbers:
        # A strange number in a guessed country is more guess than number.
        if named_country:
            return Phone(_e164(number), usual=False)
    return UNREADABLE


def normalise(typed: str, region: str | None) -> str:
    """Return the number in E.164, or "" where it cannot be read; `region` is the country of one without a prefix."""
    return read(typed, [region]).e164


def region_of(e164: str) -> str:
    """Return the ISO 3166-1 code of the country a number belongs to, or ""."""
    number = _parse(e164, None)
    return (phonenumbers.region_code_for_number(number) or "") if number else ""


def _numbers(typed: str, regions: Iterable[str | None]) -> Iterator[tuple[phonenumbers.PhoneNumber, bool]]:
    """Yield every reading with whether the visitor named the country."""
    if ABROAD.match(typed) and (number := _parse(ABROAD.sub("+", typed), None)):
        yield number, True
    if number := _parse(typed, None):
        yield number, True
    for region in regions:
        if region and (number := _parse(typed, region)):
            yield number, False


def _parse(typed: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def fault(typed: str) -> str:
    """Return in a sentence what is odd about a number that `read` does not call usual."""
    digits = sum(sign.isdigit() for sign in typed)
    # E.164 allows 15 digits; some people write 00 in front of them.
    for holds, sentence in (
        (digits == 0, "There is no digit in it."),
        (digits < 5, f"It has only {digits} digit{'' if digits == 1 else 's'}."),
        (digits > 17, f"It has {digits} digits; the longest in the world have 15."),
        (any(sign.isalpha() for sign in typed), "There are letters in it."),
    ):
        if holds:
            return f"We could not read this number. {sentence}"
    return "We could not read this number."
