"""Moves the bytes of pictures between the database and the storage beside it, one file at a time. Imports models."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from content import versions
from content.media import keeping
from content.media.keeping import Missing
from content.models import ImageFile


def waiting(*, to_storage: bool) -> int:
    """Return how many files are still on the other side."""
    return _from(to_storage=to_storage).count()


def move(*, to_storage: bool) -> Iterator[str]:
    """Move all files, and yield "" for each that was moved and why not for each other.

    The bytes are on the new side, and were read there, before the row says so. In the storage they stay: readers of another node may ask
    for them still, and a backup that was made meanwhile names them.
    """
    with versions.gathered():
        for pk in list(_from(to_storage=to_storage).values_list("pk", flat=True)):
            file = ImageFile.objects.get(pk=pk)
            try:
                content = keeping.bytes_of(file)
                digest = keeping.put(content, file.kind) if to_storage else ""
            except Missing as error:
                yield f"{file}: {error}"
                continue
            with transaction.atomic():
                # A row never changes, so another one takes its place.
                ImageFile.objects.filter(pk=pk).delete()
                ImageFile.objects.create(
                    pk=pk,
                    image_id=file.image_id,
                    kind=file.kind,
                    width=file.width,
                    content=b"" if to_storage else content,
                    digest=digest,
                )
            yield ""


def _from(*, to_storage: bool) -> QuerySet[ImageFile]:
    here = ImageFile.objects.filter(digest="")
    return here if to_storage else ImageFile.objects.exclude(digest="")
