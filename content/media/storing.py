"""Keeps uploaded pictures: the only place that writes them."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from content.media.reading import Picture
from content.models import Image, ImageFile


def store(picture: Picture, *, title: str, by: User, now: dt.datetime) -> tuple[Image, bool]:
    """Keep a picture and return it, and whether it is new: the same pixels are kept once, under their first title."""
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
            ImageFile.objects.bulk_create(
                ImageFile(image=image, kind=file.kind, width=file.width, content=file.content) for file in picture.files
            )
    except IntegrityError:
        # Two who send the same picture at once both get the one that was first.
        return Image.objects.get(digest=picture.digest), False
    return image, True
