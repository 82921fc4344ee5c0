"""Reads an uploaded picture and draws it anew in each format, so that nothing of the file that was sent is ever served.

What is kept are pixels: metadata (the place where a photograph was taken among it), colour profiles, comments and whatever
else a file can carry stay behind. Files that are a picture and something else at once are refused all the same, as nobody
uploads one by accident.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from content.choices import PictureKind
from content.models.image import widths

MOST_BYTES = 10 * 1024 * 1024
# What a camera of 24 million pixels makes; to draw it anew takes about 100 MB of memory.
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
WANTED = "Send a JPEG, PNG, WebP or AVIF file."
# Markup and programs; none of them occurs in a picture by chance.
FOREIGN = re.compile(rb"<script|<svg|<html|<!doctype|<\?php|<%@|javascript:|%PDF-\d|PK\x05\x06\x00\x00", re.IGNORECASE)
SVG = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(\?xml|svg|!doctype|!--)|\x1f\x8b", re.IGNORECASE)
HEIC = re.compile(rb"....ftyp(hei[cfmsx]|mif1|msf1|hevc)", re.DOTALL)
SAVING: dict[str, dict[str, object]] = {
    PictureKind.JPEG: {"quality": 82, "optimize": True, "progressive": True},
    PictureKind.PNG: {"optimize": True},
    PictureKind.WEBP: {"quality": 80, "method": 4},
    PictureKind.AVIF: {"quality": 60, "speed": 8},
}


class Unusable(ValueError):
    """A file cannot be taken; the sentence tells an editor why and what to do."""


@dataclass(frozen=True)
class Drawn:
    """One finished file."""

    kind: PictureKind
    width: int
    content: bytes


@dataclass(frozen=True)
class Picture:
    """A picture in all its files. `digest` is the SHA-256 of its largest file of the kind that every browser shows."""

    digest: str
    width: int
    height: int
    kinds: tuple[PictureKind, ...]
    files: tuple[Drawn, ...]


def read(data: bytes) -> Picture:
    """Return the picture in a file that somebody sent, drawn anew in every kind and width.

    Raises:
        Unusable: it is too large, none of the kinds that are taken, damaged, moving, or more than a picture.
    """
    if len(data) > MOST_BYTES:
        raise Unusable(too_large(len(data)))
    _refuse_what_is_more(data)
    drawn = _decoded(data)
    # Smallest first, as browsers take the first that they can show.
    kinds = (PictureKind.AVIF, PictureKind.WEBP, PictureKind.PNG if drawn.mode == "RGBA" else PictureKind.JPEG)
    files = tuple(
        Drawn(kind, width, _encoded(_narrowed(drawn, width), kind)) for width in widths(drawn.width) for kind in kinds
    )
    return Picture(hashlib.sha256(files[-1].content).hexdigest(), drawn.width, drawn.height, kinds, files)


def too_large(size: int) -> str:
    """Return the sentence about a file of `size` bytes."""
    return f"The file has {size / 1024**2:.1f} MB; at most {MOST_BYTES // 1024**2} MB can be taken."


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)


def _refuse_what_is_more(data: bytes) -> None:
    if SVG.match(data):
        raise Unusable(f"An SVG can carry programs, so it is not taken. {WANTED}")
    if HEIC.match(data):
        raise Unusable(f"Only some browsers show HEIC, the format of newer phones. {WANTED}")
    if found := FOREIGN.search(data):
        what = found[0].decode("latin-1").strip("\x00")
        raise Unusable(
            f"The file is a picture and something else at once: “{what}” stands in it. "
            "Open it in a picture program and save it anew."
        )


def _decoded(data: bytes) -> Image.Image:
    """Return the pixels, upright and no larger than is shown, as RGB or, where some of it is clear, RGBA."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _refuse_by_its_head(opened)
            opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(opened)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable(_too_many()) from error
    except UnidentifiedImageError as error:
        raise Unusable(f"This is no picture that can be read. {WANTED}") from error
    except Unusable:
        # A ValueError too, but one that says already what is wrong.
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, TypeError) as error:
        # What decoders raise for damaged files is not written down in one place.
        raise Unusable("The picture is damaged. Open it in a picture program and save it anew.") from error


def _refuse_by_its_head(opened: Image.Image) -> None:
    """Refuse what the file's head tells: nothing has been unpacked so far."""
    if opened.width * opened.height > MOST_PIXELS:
        raise Unusable(_too_many(opened.width, opened.height))
    if getattr(opened, "is_animated", False):
        raise Unusable("Moving pictures are not taken: they distract from the text. Send a still one.")


def _too_many(width: int = 0, height: int = 0) -> str:
    size = f"{width:,} × {height:,} pixels" if width else "far too many pixels"
    return f"The picture has {size}; at most {MOST_PIXELS // 10**6} million can be taken. Make it smaller first."


def _encoded(picture: Image.Image, kind: PictureKind) -> bytes:
    # A picture of our own making: what the decoder noted of the file, its EXIF among it, is not handed on.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, format=kind.name, **SAVING[kind])
    return out.getvalue()
