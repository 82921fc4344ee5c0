"""Social cards: a picture with an article's title, the clinic's name and when it was reviewed, for links that people share.

The font is the one that comes with Pillow: Aileron by Sora Sagano, given to the public domain (CC0 1.0). It has the letters of
English and no others; what cannot be drawn with it has no card of its own, so that no word is ever shown misspelled.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from typing import cast

from django.urls import reverse
from django.utils import formats
from PIL import Image, ImageDraw, ImageFont

from content.models import Revision

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 84
ROOM = WIDTH - 2 * MARGIN
NAME_SIZE = 40
# Part of every address: raised where cards are to look otherwise.
LOOK = 1
PINE, FOAM, SOFT, CORAL, RING = "#0f3d3e", "#e3f1ee", "#b9d3ce", "#d9694a", "#1d4b4b"
DROP = 1010, 515
TITLE_SIZES = (84, 72, 62, 54, 46)
# What has room between the clinic's name and the date.
TITLE_HEIGHT, LEADING = 310, 1.18
# Signs that the font does not have, and what is drawn for them.
DRAWN_AS = str.maketrans({"–": "-", "—": "-", "‑": "-", "\N{NO-BREAK SPACE}": " "})

type Words = tuple[str, str, str]


def words_of(revision: Revision, clinic: str) -> Words | None:
    """Return what stands on the card of a revision: its title, the clinic's name, when it was reviewed.

    None where nobody reviewed it, the font lacks a letter, or there is no room.
    """
    if revision.reviewed_on is None:
        return None
    title, name = revision.title.translate(DRAWN_AS), clinic.translate(DRAWN_AS)
    if not all(map(_can_be_drawn, title + name)) or _font(NAME_SIZE).getlength(name) > ROOM or not _fitted(title):
        return None
    return title, name, f"Medically reviewed {formats.date_format(revision.reviewed_on, 'j F Y')}"


def address(revision: Revision, words: Words) -> str:
    """Return the path of a card: other words, or another look, are another card."""
    digest = hashlib.sha256("\n".join([str(LOOK), *words]).encode()).hexdigest()[:16]
    return reverse("content:card", args=[revision.article.slug, digest])


def draw(words: Words) -> bytes:
    """Return the card as a PNG of 1200 × 630 pixels.

    Raises:
        ValueError: there is no room, see `words_of`.
    """
    title, clinic, reviewed = words
    fitted = _fitted(title)
    if fitted is None:
        raise ValueError("There is no room for this title.")
    size, lines = fitted
    card = Image.new("RGB", SIZE, PINE)
    pen = ImageDraw.Draw(card)
    for ring in range(1, 9):
        across, down = 110 * ring, 48 * ring
        pen.ellipse((DROP[0] - across, DROP[1] - down, DROP[0] + across, DROP[1] + down), outline=RING, width=4)
    pen.ellipse((DROP[0] - 10, DROP[1] - 9, DROP[0] + 10, DROP[1] + 9), fill=CORAL)
    pen.text((MARGIN, MARGIN), clinic, FOAM, _font(NAME_SIZE))
    pen.rectangle((MARGIN, MARGIN + 70, MARGIN + 64, MARGIN + 75), fill=CORAL)
    top = MARGIN + 245 - len(lines) * size * LEADING / 2
    for number, line in enumerate(lines):
        pen.text((MARGIN, top + number * size * LEADING), line, FOAM, _font(size))
    pen.text((MARGIN, HEIGHT - MARGIN - 32), reviewed, SOFT, _font(36))
    out = io.BytesIO()
    # Few colours are left out, and half of the bytes.
    card.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(title: str) -> tuple[int, list[str]] | None:
    """Return the largest size in which a title has room, and its lines."""
    for size in TITLE_SIZES:
        lines = _lines(title, size)
        wide = any(_font(size).getlength(line) > ROOM for line in lines)
        if not wide and len(lines) * size * LEADING <= TITLE_HEIGHT:
            return size, lines
    return None


def _lines(title: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _font(size).getlength(longer) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Pillow has FreeType wherever it was installed as a wheel.
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))


@lru_cache(maxsize=1000)
def _can_be_drawn(sign: str) -> bool:
    """Return whether the font has a sign: what it has not is drawn as one that no text holds."""
    missing = _font(40).getmask("\ue000")
    drawn = _font(40).getmask(sign)
    return sign == " " or bytes(drawn) != bytes(missing)
