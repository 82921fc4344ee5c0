"""Where the bytes of a picture's file are: in its row, or in the storage that MEDIA_STORAGE names, under their own digest.

A name in the storage can mean nothing but those bytes, so writing them again does no harm, and what comes back is checked: bytes that are
others are never served. Any of Django's storages will do; which one it is stands in the settings alone. Imports models.
"""

from __future__ import annotations

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from content.choices import PictureKind
from content.models import ImageFile

logger = logging.getLogger(__name__)

ALIAS = "pictures"


class Missing(Exception):
    """The storage cannot give or take the file; says why, without an address."""


class Away(Missing):
    """The storage does not answer, so that it would say as little of any other file."""


def storage() -> Storage | None:
    """Return the storage beside the database, or None where there is none."""
    return storages[ALIAS] if ALIAS in storages.backends else None


def kept(content: bytes, kind: PictureKind) -> dict[str, bytes | str]:
    """Put the bytes where they belong and return what a row holds of them.

    They are in the row where there is no storage, and where it cannot take them: an editor need not wait for it. The doctor tells.
    """
    if storage() is None:
        return {"content": content}
    try:
        return {"content": b"", "digest": put(content, kind)}
    except Missing as error:
        logger.error("A file of a picture stays in the database: %s", error)
        return {"content": content}


def put(content: bytes, kind: str) -> str:
    """Write bytes into the storage, read them again, and return their digest.

    Raises:
        Missing: it cannot take them, or gave back others.
    """
    digest = hashlib.sha256(content).hexdigest()
    there, name = _there(), name_of(digest, kind)
    try:
        fetch(digest, kind)
    except Missing:
        try:
            # What is there under the name, if anything, is not what it says.
            there.delete(name)
            there.save(name, ContentFile(content))
        except Exception as error:  # noqa: BLE001  each storage has errors of its own
            raise Missing(f"the storage does not take it ({type(error).__name__})") from None
        fetch(digest, kind)
    return digest


def fetch(digest: str, kind: str) -> bytes:
    """Return the bytes of a digest.

    Raises:
        Missing: they are not there, are others, or the storage does not answer.
    """
    try:
        with _there().open(name_of(digest, kind)) as file:
            content: bytes = file.read()
    except Missing:
        raise
    except FileNotFoundError:
        raise Missing("the storage does not have it") from None
    except Exception as error:  # noqa: BLE001  as above
        raise Away(f"the storage does not give it ({type(error).__name__})") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Missing("the storage gives other bytes than were put there")
    return content


def bytes_of(file: ImageFile) -> bytes:
    """Return the bytes of a file, wherever they are.

    Raises:
        Missing: see `fetch`.
    """
    return fetch(file.digest, file.kind) if file.digest else bytes(file.content)


def name_of(digest: str, kind: str) -> str:
    """Return the name of bytes in the storage."""
    return f"pictures/{digest}.{kind}"


def _there() -> Storage:
    found = storage()
    if found is None:
        raise Missing("MEDIA_STORAGE is not set")
    return found
