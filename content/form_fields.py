"""Form fields for words from outside: normalised first, then checked for length and form; and which years count. Imports text, addresses and links."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from content import addresses, links, text

# No calendar of ours reaches further. At the ends of Python's, an hour more or less is no time any more: a leave until the last minute of
# 9999 in New York is in the year 10000 in UTC, which PostgreSQL keeps and nobody can read again.
YEARS = range(2000, 2200)


def refuse_far_years(day: dt.date) -> None:
    """Refuse a day, or a moment, that is in none of `YEARS`.

    Raises:
        ValidationError: with a sentence that says so.
    """
    if day.year not in YEARS:
        raise ValidationError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.", code="far_year")


class LineField(forms.CharField):
    """Words on one line, such as a name. With `required` something has to show."""

    def to_python(self, value: Any) -> str:
        """Return the words as they will be stored; what cannot be seen is nothing."""
        line = text.on_one_line(super().to_python(value) or "")
        return line if text.shows(line) else ""


class WordsField(forms.CharField):
    """Words in several lines, such as a note. With `required` something has to show."""

    def to_python(self, value: Any) -> str:
        """Return the words as they will be stored; what cannot be seen is nothing."""
        words = text.in_lines(super().to_python(value) or "")
        return words if text.shows(words) else ""


class MailAddressField(forms.EmailField):
    """A mail address; what was pasted around it is taken off, what is wrong with it is named, and its domain is kept in ASCII (IDNA 2008)."""

    def to_python(self, value: Any) -> str:
        """Return the address as it will be checked, matched and stored."""
        address = text.mail_address(super().to_python(value) or "")
        local, at, domain = address.rpartition("@")
        try:
            return local + at + (domain if domain.isascii() else addresses.ascii_host(domain))
        except ValueError:
            raise ValidationError(addresses.NOT_A_DOMAIN, code="invalid_domain") from None

    def run_validators(self, value: Any) -> None:
        """Say what is wrong before the sentence that fits everything, where that can be said."""
        try:
            super().run_validators(value)
        except ValidationError as error:
            if error.error_list[0].code == "invalid":
                why = text.address_fault(value) or addresses.NOT_A_DOMAIN
                raise ValidationError(f"{why} {self.error_messages['invalid']}", code="invalid") from None
            raise


class WebAddressField(forms.URLField):
    """The address of a page on any site; https:// is put in front where it is missing."""

    def to_python(self, value: Any) -> str:
        """Return the address as it will be stored."""
        address = text.printable(str(value or "")).strip()
        try:
            return links.complete_web(address) if address else ""
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class PhoneField(forms.CharField):
    """A telephone number as it was typed, without what was pasted around it."""

    def to_python(self, value: Any) -> str:
        """Return the number as it will be read and stored."""
        number = text.phone_number(super().to_python(value) or "")
        return number if text.shows(number) else ""
