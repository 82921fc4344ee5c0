"""Encrypted fields for text and for flat data (Fernet, keys of FIELD_KEYS); decision 11 says what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# Encrypted, and read only where somebody has to see them: what visitors write and which pages they read before, and why
# times are given up or rules set aside. The language is encrypted too, but each mail has to know it.
WORDS = ("message", "best_time", "source", "attribution")
REASONS = ("cancel_reason", "override_reason")


def through(relation: str, names: Iterable[str]) -> list[str]:
    """Return the names of columns as a query reaches them by a relation, such as `request__message`."""
    return [f"{relation}__{name}" for name in names]


@lru_cache(maxsize=4)
def box(keys: tuple[str, ...]) -> MultiFernet:
    """Return the box that seals with the first key and opens with any."""
    return MultiFernet([Fernet(key) for key in keys])


def current_fernet() -> MultiFernet:
    """Return the box of `settings.FIELD_KEYS`, newest key first."""
    return box(tuple(settings.FIELD_KEYS))


class Unreadable(str):
    """What stands in for a text that no key opens: a sentence for staff. Saving it writes the sealed text back unchanged."""

    __slots__ = ("sealed",)
    sealed: str

    def __new__(cls, sealed: str) -> Unreadable:
        """Keep the sealed text, so that a row with a missing key loses nothing when it is saved."""
        self = super().__new__(cls, "This text cannot be read: the key it was sealed with is not in FIELD_KEYS.")
        self.sealed = sealed
        return self


def seal(text: str) -> str:
    """Return what the database holds of a text; empty text stays empty, an `Unreadable` is what it was."""
    if isinstance(text, Unreadable):
        return text.sealed
    return current_fernet().encrypt(text.encode()).decode() if text else text


def unseal(held: str) -> str:
    """Return the text of what the database holds, an `Unreadable` where no key opens it."""
    try:
        return current_fernet().decrypt(held.encode()).decode() if held else held
    except InvalidToken:
        return Unreadable(held)


def refuse_lookup(field: models.Field[Any, Any], lookup_name: str) -> None:
    """Raise FieldError for a lookup that would compare with ciphertext and silently find nothing."""
    if lookup_name != "isnull":
        raise FieldError(f"{field.name} is encrypted and cannot be searched.")


class EncryptedTextField(models.TextField[str, str]):
    """A text stored as a Fernet token (AES-128-CBC with HMAC-SHA256); empty text stays empty.

    It cannot be searched: a lookup other than `isnull` raises FieldError. A value that no key opens is handed out as an
    `Unreadable`, which says so: one lost key must not take a whole list of requests away from the desk.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        """Seal the text for the database."""
        return seal(value if isinstance(value, Unreadable) else super().get_prep_value(value))

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        """Open what the database holds."""
        return unseal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse lookups."""
        refuse_lookup(self, lookup_name)
        return super().get_lookup(lookup_name)


class EncryptedMappingField(models.TextField[Mapping[str, str], dict[str, str]]):
    """Texts by name, stored as one Fernet token of their JSON; nothing is stored as empty text. Rules as for text.

    What no key opens is handed out as a mapping with one `Unreadable`, under its own name, and saved as it was.
    """

    description = "Encrypted texts by name"
    UNREADABLE = "unreadable"

    def get_prep_value(self, value: Any) -> Any:
        """Seal the mapping for the database."""
        lost = value.get(self.UNREADABLE) if value else None
        return seal(lost if isinstance(lost, Unreadable) else json.dumps(value, ensure_ascii=False) if value else "")

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> dict[str, str]:
        """Open what the database holds."""
        opened = unseal(value or "")
        if isinstance(opened, Unreadable):
            return {self.UNREADABLE: opened}
        found: dict[str, str] = json.loads(opened) if opened else {}
        return found

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse lookups."""
        refuse_lookup(self, lookup_name)
        return super().get_lookup(lookup_name)


ENCRYPTED = (EncryptedTextField, EncryptedMappingField)
