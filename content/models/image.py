"""Uploaded pictures, the widths in which they are kept, and their files. They never change: an approved article shows tomorrow what was approved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from content.choices import PictureKind
from content.models.written_once import WrittenOnce

# A figure is 720 CSS pixels wide; screens with finer pixels get the large file.
NARROW = 720


def widths(width: int) -> list[int]:
    """Return the widths in pixels in which a picture that is `width` wide is kept, the smallest first."""
    return [NARROW, width] if width > NARROW else [width]


class Image(WrittenOnce):
    """A picture, known by the digest of its pixels as we drew them. What it says to the blind is the section's to say."""

    refusal = "A picture never changes: upload another one."

    digest = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(max_length=120, help_text="How editors find it again. Readers do not see it.")
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    # Kinds of its files, the one that every browser shows last: a page names them all without reading a row for each.
    kinds = models.CharField(max_length=40, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="content_image_digest_is_sha256"),
            models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="content_image_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.title

    def address(self, kind: PictureKind, width: int) -> str:
        """Return the path of one of its files."""
        return reverse("content:media", args=[self.digest, width, kind.value])

    def sources(self) -> list[tuple[str, str]]:
        """Return (media type, srcset) for each kind of file, the smallest kind first; the last is what every browser shows."""
        kinds = [PictureKind(kind) for kind in self.kinds.split()]
        return [
            (kind.media_type, ", ".join(f"{self.address(kind, width)} {width}w" for width in widths(self.width)))
            for kind in kinds
        ]

    def everyones(self) -> str:
        """Return the path of the file that every browser shows."""
        return self.address(PictureKind(self.kinds.split()[-1]), self.width)

    def smallest(self) -> str:
        """Return the path of a small file, for lists."""
        return self.address(PictureKind.WEBP, widths(self.width)[0])


class ImageFile(WrittenOnce):
    """A picture as one file: in the database, so that every machine has it, or in a storage beside it (media/keeping.py)."""

    refusal = Image.refusal

    image = models.ForeignKey(Image, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=PictureKind)
    width = models.PositiveSmallIntegerField()
    # Empty where the bytes are elsewhere; then `digest` is their SHA-256, by which they are found and checked.
    content = models.BinaryField()
    digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["image", "width", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(content=b"") & Q(digest="")) | Q(content=b"", digest__regex=r"^[0-9a-f]{64}$"),
                name="content_imagefile_here_or_elsewhere",
            ),
            models.UniqueConstraint(fields=["image", "kind", "width"], name="content_imagefile_once"),
            models.CheckConstraint(condition=Q(kind__in=PictureKind.values), name="content_imagefile_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.image}: {self.width} {self.kind}"
