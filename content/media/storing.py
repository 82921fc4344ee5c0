"""Keeps uploaded pictures: the only place that writes new ones."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from content.media import keeping
from content.media.reading import Picture
from content.models import Image, ImageFile


def store(picture: Picture, *, title: str, by: User, now: dt.datetime) -> tuple[Image, bool]:
    """Keep a picture and return it, and whether it is new: the same pixels are kept once, under their first title."""
    if there := Image.objects.filter(digest=picture.digest).first():
        return there, False
    # Before the transaction, as a storage may take its time.
    files = [
        ImageFile(kind=file.kind, width=file.width, **keeping.kept(file.content, file.kind)) for file in picture.files
    ]
    try:
        with transaction.atomic():
            image = Image.objects.create(
                digest=picture.digest,
                title=title,
                width=picture.width,
                height=picture.height,
                kinds=" ".join(picture.kinds),
                uploaded_by=by,
                uploaded_at=now,
            )
            for file in files:
                file.image = image
            ImageFile.objects.bulk_create(files)
    except IntegrityError:
        # Two who send the same picture at once both get the one that was first.
        return Image.objects.get(digest=picture.digest), False
    return image, True
