"""Text as it is read: letters in their plainest form, without markup, each with its place in the source. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from content.text import INVISIBLE, SHAPING

# In folded text: where a block ends, where an item of a list begins, where a cell of a table begins.
BLOCK, ITEM, CELL = "\x1e", "\x1f", "\x1d"
# With them: where a table begins or ends, where a row begins, and that a cell is a head.
TABLE, ROW, HEAD = "\x19", "\x1a", "\x1b"
# Where a line ends behind a hyphen: the word may go on.
GOES_ON = "\x1c"
MARKS = {"li": ITEM, "td": CELL, "th": CELL + HEAD, "tr": BLOCK + ROW, "table": BLOCK + TABLE}
INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u var wbr".split()
)
# Each kind of piece is told by its first sign and holds no sign that begins another, so that one pass is enough.
PIECE = re.compile(
    r"(?P<cite>\[\d{1,3}\]|<sup>\[?\d[\d, ]{0,12}\]?</sup>)"
    r"|(?P<tag></?[a-zA-Z!][^<>]{0,4000}>)"
    r"|(?P<entity>&\#?\w{1,10};)"
    r"|(?P<plain>[\t -%'-;=-Z\\-~]+)"
    r"|(?P<line>\n)"
    r"|(?P<other>.)",
    re.DOTALL,
)
TAG_NAME = re.compile(r"</?([a-zA-Z!][a-zA-Z0-9]*)")
BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]")
SEEN_AS = str.maketrans(
    # Cyrillic and Greek letters that look like Latin ones, in lower case as they are folded.
    dict(zip("аеорсухіјѕһԁԛԝвкмнтьзгпэяꞓ", "aeopcyxijshdqwbkmhtb3rnerc", strict=True))
    | dict(zip("αβγεζηικνορτυχωϲϳոօսհցզѵ", "abyeznikvoptuxwcjnouhgqv", strict=True))
    | dict(zip("ıłøđħŧßɑɡɩʟɴʀꜱᴀᴄᴅᴇᴋᴍᴏᴘᴛᴜᴠᴡᴢʙʜɪꜰɢᴊʏ", "ilodhtsagilnrsacdekmoptuvwzbhifgjy", strict=True))
    | dict.fromkeys("‘’‚‛ʼʹ′´＇`", "'")
    | dict.fromkeys("“”„‟«»‹›＂″", '"')
    | dict.fromkeys("‐‑−﹣⁃", "-")
    | dict.fromkeys("–—―﹘", "–")
    | dict.fromkeys("•‣▪●◦·", " ")
)
VULGAR = {"⁄": "/", "٪": "%", "﹪": "%", "‰": "%"}


@dataclass(frozen=True)
class Folded:
    """Folded text, and the source's offset for each place in it.

    Attributes:
        text: lower case, Latin look-alikes for foreign letters, block marks for markup.
        starts: where pieces begin in `text`, ascending.
        sources: where the same pieces begin in the source.
        exact: whether a piece has as many signs as in the source.
    """

    text: str
    starts: list[int] = field(repr=False)
    sources: list[int] = field(repr=False)
    exact: list[bool] = field(repr=False)

    def source_of(self, offset: int) -> int:
        """Return the place in the source of a place in `text`."""
        if not self.starts:
            return 0
        at = bisect_right(self.starts, offset) - 1
        return self.sources[at] + (offset - self.starts[at] if self.exact[at] else 0)


def fold(source: str) -> Folded:
    """Return text (plain or HTML) as it is read. Takes time that grows with its length, whatever is in it."""
    is_html = bool(re.search(r"<(?:p|li|ul|ol|h[1-6]|td|tr|table|br|div|blockquote)\b", source, re.IGNORECASE))
    pieces: list[str] = []
    folded = Folded("", [], [], [])
    length = 0
    for match in PIECE.finditer(source):
        kind, whole = match.lastgroup or "other", match[0]
        seen = _line(source, match.end(), is_html=is_html) if kind == "line" else READERS[kind](whole)
        if not seen:
            continue
        folded.starts.append(length)
        folded.sources.append(match.start())
        folded.exact.append(kind == "plain")
        pieces.append(seen)
        length += len(seen)
    return Folded("".join(pieces), folded.starts, folded.sources, folded.exact)


def _line(source: str, after: int, *, is_html: bool) -> str:
    """Return what the end of a line is read as: in HTML a space, in plain text the end of a block, or of an item."""
    if source[max(0, after - 2) : after - 1] == "-":
        return GOES_ON
    if is_html:
        return " "
    return ITEM if BULLET.match(source, after) else BLOCK


def _tag(whole: str) -> str:
    named = TAG_NAME.match(whole)
    name = named[1].lower() if named else ""
    closes = whole[1] == "/"
    if name in INLINE or name == "!" or (closes and name in {"td", "th"}):
        return ""
    return BLOCK if closes and name != "table" else MARKS.get(name, BLOCK)


def _entity(whole: str) -> str:
    return "".join(plain_letter(sign) for sign in html.unescape(whole))


@lru_cache(maxsize=4096)
def plain_letter(sign: str) -> str:
    """Return one sign as it is read: nothing where it is not seen, Latin where it looks Latin."""
    if INVISIBLE.match(sign) or SHAPING.match(sign):
        return ""
    if sign in VULGAR:
        return VULGAR[sign]
    plain = unicodedata.normalize("NFKD", sign.translate(SEEN_AS)).lower().translate(SEEN_AS)
    seen = "".join(part for part in plain if not unicodedata.combining(part))
    return " " if seen.isspace() else seen.replace("\n", " ")


def _nothing(whole: str) -> str:
    return ""


READERS: dict[str, Callable[[str], str]] = {
    "cite": _nothing,
    "tag": _tag,
    "entity": _entity,
    "plain": str.lower,
    "other": plain_letter,
}
