"""Converts values of a library file to column values, with error messages.

The name of the field is put in front by the caller: '"position"' + 'must be a whole number, not "ten"'.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.phonenumber import to_python
from phonenumbers import is_possible_number

from content import hours, links, richtext
from content.fields import RichTextField, WebAddressField
from content.text import printable

if TYPE_CHECKING:
    Column = models.Field[Any, Any]

PUBLISHING_TIME = dt.time(9, tzinfo=dt.UTC)
LONGEST_QUOTE = 60


@singledispatch
def read(column: Column, raw: object) -> Any:
    """Return `raw` as the Python value of `column`.

    Raises:
        ValueError: with a sentence's end that says what is expected.
    """
    raise NotImplementedError(f"no reader for {type(column).__name__}")


@read.register(models.CharField)
@read.register(models.TextField)
def read_text(column: Column, raw: object) -> str:
    """A text that fits the column, passes its validators and is one of its choices."""
    text = _text(column, raw)
    if isinstance(column, models.CharField) and "\n" in text:
        raise ValueError("must stand on one line")
    if column.max_length and len(text) > column.max_length:
        raise ValueError(f"has {len(text)} characters; at most {column.max_length} fit")
    known = [str(value) for value, _label in column.flatchoices]
    if text and known and text not in known:
        raise ValueError(f"is {quoted(text)}; it must be one of {', '.join(known)}")
    _validate(column, text)
    return text


@read.register(RichTextField)
def read_rich_text(column: Column, raw: object) -> str:
    """Markdown, turned into the HTML that the column keeps."""
    return richtext.from_markdown(_text(column, raw))


@read.register(WebAddressField)
def read_web_address(column: Column, raw: object) -> str:
    """The address of a page on any site, made whole."""
    text = _text(column, raw)
    try:
        whole = links.complete_web(text) if text else ""
    except ValueError as error:
        raise ValueError(f"is {quoted(text)}: {error}") from error
    return read_text(column, whole)


@read.register(PhoneNumberField)
def read_phone(column: Column, raw: object) -> str:
    """A phone number that could exist; numbers kept free for fiction are possible but not in use, so they pass here."""
    text = _text(column, raw)
    if not text:
        return ""
    number = to_python(text)
    if number is None or not text.startswith("+") or not is_possible_number(number):
        raise ValueError(f"is {quoted(text)}; write a phone number with its country, such as +1 202-555-0143")
    return str(number.as_e164)


@read.register(models.IntegerField)
def read_number(column: Column, raw: object) -> int:
    """A whole number in the column's range."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError(f"must be a whole number, not {quoted(raw)}")
    _validate(column, raw)
    return raw


@read.register(models.DecimalField)
def read_decimal(column: Column, raw: object) -> Decimal:
    """A number with no more digits than the column keeps."""
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(raw, bool) or not number.is_finite():
        raise ValueError(f"must be a number, not {quoted(raw)}")
    _validate(column, number)
    return number


@read.register(models.BooleanField)
def read_yes_or_no(column: Column, raw: object) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise ValueError(f"must be true or false, not {quoted(raw)}")
    return raw


@read.register(models.DateField)
def read_date(column: Column, raw: object) -> dt.date:
    """A date."""
    if isinstance(raw, dt.datetime) or not isinstance(raw, dt.date):
        raise ValueError(f"must be a date such as 2026-10-12, without quotes, not {quoted(raw)}")
    return raw


@read.register(models.DateTimeField)
def read_publishing_moment(column: Column, raw: object) -> dt.datetime:
    """A date, taken as nine in the morning UTC of that day."""
    return dt.datetime.combine(read_date(column, raw), PUBLISHING_TIME)


@read.register(models.ForeignKey)
def read_key(column: Column, raw: object) -> str:
    """The key of another row; whether there is such a row is checked once all files are read."""
    return _text(column, raw)


def read_lines(column: Column, raw: object) -> str:
    """A list of texts, kept one a line."""
    return "\n".join(text_list(raw))


def read_codes(column: Column, raw: object) -> str:
    """A list of short texts, kept on one line."""
    return read_text(column, ", ".join(text_list(raw)))


def read_hours(column: Column, raw: object) -> str:
    """Opening hours, kept as written."""
    text = read_text(column, raw)
    read_periods(text)
    return text


def read_periods(text: str) -> list[hours.Period]:
    """Opening hours as the periods they stand for."""
    try:
        return hours.parse(text)
    except ValueError as error:
        raise ValueError(f"is {quoted(text)}: {error}") from error


def text_list(raw: object) -> list[str]:
    """Return `raw` as a list of texts that are neither empty nor broken over lines."""
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise ValueError(f"must be a list of texts in quotes, not {quoted(raw)}")
    for item in raw:
        if not item.strip() or "\n" in item or "\0" in item:
            raise ValueError(f"holds {quoted(item)}; each text must stand on one line and say something")
    return [item.strip() for item in raw]


def quoted(raw: object) -> str:
    """Return `raw` as a message shows it: in quotes and not too long."""
    text = raw if isinstance(raw, str) else str(raw)
    return f'"{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"}"'


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the end of a message that offers what was probably meant, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _text(column: Column, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"must be text in quotes, not {quoted(raw)}")
    text = printable(raw).strip()
    if not text and not column.blank:
        raise ValueError("must not be empty")
    if "\0" in raw:
        raise ValueError("holds a NUL character")
    return text


def _validate(column: Column, value: object) -> None:
    try:
        column.run_validators(value)
    except ValidationError as error:
        raise ValueError(f"is {quoted(value)}: {' '.join(error.messages)}") from error
