"""Brings the bytes of pictures that are in a storage beside the database into its backup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.backup.tables import Row
from content.media import keeping
from content.models import ImageFile

TABLE = ImageFile._meta.db_table  # noqa: SLF001  Django's own public way
# After so many files that the storage did not answer for, it is not asked again: each may have been waited for.
MOST_UNANSWERED = 3


@dataclass
class StoredPictures:
    """Rows of the files of pictures, as if all their bytes were in the database; `missing` says why some are not."""

    missing: list[keeping.Missing] = field(default_factory=list)

    def with_bytes(self, db: BaseDatabaseWrapper, columns: list[str], rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows with their bytes; one whose bytes are missing stays as it is."""
        content, digest, kind = map(columns.index, ("content", "digest", "kind"))
        for row in rows:
            values: list[Any] = list(row)
            if values[digest] and (found := self._bytes(values[digest], values[kind])) is not None:
                # As the database itself writes bytes into COPY.
                values[content] = f"\\x{found.hex()}" if db.vendor == "postgresql" else found
                values[digest] = ""
            yield values

    def _bytes(self, digest: str, kind: str) -> bytes | None:
        unanswered = [one for one in self.missing if isinstance(one, keeping.Away)]
        try:
            if len(unanswered) >= MOST_UNANSWERED:
                raise unanswered[-1]
            return keeping.fetch(digest, kind)
        except keeping.Missing as error:
            self.missing.append(error)
            return None
