"""Rows that are written once: history, and words that somebody was shown or agreed to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models


class WrittenOnce(models.Model):
    """A row that `save` writes and never changes; `refusal` says so for this kind of row."""

    refusal: ClassVar[str] = "History is written once and never changed."

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; refuse to change one.

        Raises:
            ImproperlyConfigured: the row is there already.
        """
        if not self._state.adding:
            raise ImproperlyConfigured(self.refusal)
        super().save(*args, **kwargs)
