"""Text that is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    EncryptedBase = models.TextField[str, str]
else:
    EncryptedBase = models.TextField


# Encrypted, and read only where somebody has to see them: what visitors write, and why times are given up or rules set aside.
WORDS = ("message", "best_time")
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


class EncryptedTextField(EncryptedBase):
    """A text stored as a Fernet token (AES-128-CBC with HMAC-SHA256); empty text stays empty.

    It cannot be searched: a lookup other than `isnull` raises FieldError. A value that no key opens is handed out as an
    `Unreadable`, which says so: one lost key must not take a whole list of requests away from the desk.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        """Seal the text for the database."""
        if isinstance(value, Unreadable):
            return value.sealed
        value = super().get_prep_value(value)
        return current_fernet().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        """Open what the database holds."""
        if not value:
            return value
        try:
            return current_fernet().decrypt(value.encode()).decode()
        except InvalidToken:
            return Unreadable(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse lookups, which would compare with ciphertext and silently find nothing."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched.")
        return super().get_lookup(lookup_name)
