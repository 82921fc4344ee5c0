"""Text from outside (visitors, staff, editors, files, addresses) made fit for checking, matching and storing. Pure.

Unicode terms are those of UAX #15 (normalisation), UAX #9 (direction marks) and UAX #44 (default ignorable code points).
Every function gives its own answer back unchanged when it is called again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

# Controls but tab and line feed, surrogates without their other half, and noncharacters: no text for databases, XML or mail.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What is never seen (default ignorable, direction marks, fillers, annotation marks), but for what `SHAPING` keeps.
INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Joiners, variation selectors and tags: Persian, Indic scripts, Mongolian, ideographs and emoji are written with them.
SHAPING = re.compile("[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
# After ASCII, or at the beginning, a joiner shapes nothing.
IDLE_JOINERS = re.compile("(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+")
# Signs that are drawn as nothing: the empty Braille cell, and the empty note head.
BLANK = "\u2800\U0001d159"
LOOK_ALIKES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\xb4\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | dict.fromkeys("\u3002\uff61\uff0e\u2024", ".")
)
SCHEME = re.compile(r"^(?:e-?mail|mailto|tel|telephone|phone|callto|sms|whatsapp)\s*:\s*/{0,2}", re.IGNORECASE)
IN_ANGLES = re.compile(r"^[^<>@]*<([^<>]*)>[\s,;.]*$")
WRAPPERS = " \t\"'<>()[]{},;:\xab\xbb\u2039\u203a\u201c\u201d\u201e"
AROUND_SIGNS = re.compile(r"\s*([@.])\s*")


def printable(text: str) -> str:
    """Return text that every database and format can hold: line ends as line feeds, nothing that is no text."""
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def in_lines(text: str) -> str:
    """Return words of several lines in one normal form (NFC), without invisible characters and direction marks."""
    seen = IDLE_JOINERS.sub("", INVISIBLE.sub("", printable(text)))
    return unicodedata.normalize("NFC", seen).strip()


def lines(text: str) -> list[str]:
    """Return the lines that say something, without the spaces around each."""
    return [line for part in text.splitlines() if (line := part.strip())]


def on_one_line(text: str) -> str:
    """Return words as `in_lines` does, on one line with single spaces: for names and the like."""
    return IDLE_JOINERS.sub("", " ".join(in_lines(text).split()))


def shows(text: str) -> bool:
    """Return whether anything of `text` can be seen: spaces, marks without a letter, fillers and controls cannot."""
    return any(
        sign not in BLANK and (unicodedata.category(sign)[0] in "LNPS" or unicodedata.category(sign) in {"Co", "Cn"})
        for sign in SHAPING.sub("", INVISIBLE.sub("", printable(text)))
    )


def mail_address(text: str) -> str:
    """Return a mail address without what came with it: `mailto:`, a name with <…>, quotes, look-alike signs, spaces at @.

    It is not checked; what is still wrong stays as it was typed.
    """
    return _settled(text, _unwrapped_address)


def phone_number(text: str) -> str:
    """Return a telephone number without what came with it: `tel:`, invisible characters, wrappers, look-alike hyphens."""
    return _settled(text, _unwrapped_number)


def _settled(text: str, tidy: Callable[[str], str]) -> str:
    """Return the text tidied until nothing more comes off, as wrappers stand within wrappers."""
    before, after = "", text
    while before != after:
        before, after = after, tidy(_plain(after))
    return after


def _plain(text: str) -> str:
    """Return an address or a number in the plainest form of its signs (NFKC), on one line, with nothing that only shapes."""
    folded = unicodedata.normalize("NFKC", SHAPING.sub(_joiner_in_a_word, on_one_line(text)).translate(LOOK_ALIKES))
    return on_one_line(folded.translate(LOOK_ALIKES))


def _joiner_in_a_word(match: re.Match[str]) -> str:
    # Names of domains may need a joiner (RFC 5892, appendix A); of those, `on_one_line` leaves only what shapes a letter.
    return match[0] if match[0] in "\u200c\u200d" else ""


def _unwrapped_address(text: str) -> str:
    if match := IN_ANGLES.match(text):
        text = match[1]
    if match := SCHEME.match(text):
        text = unquote(text[match.end() :].partition("?")[0])
    # The dot of a sentence that ended with it.
    return AROUND_SIGNS.sub(r"\1", text.strip(WRAPPERS)).strip(WRAPPERS).rstrip(".")


def _unwrapped_number(text: str) -> str:
    if match := SCHEME.match(text):
        text = unquote(text[match.end() :])
    wrapped = re.fullmatch(r"[\s<\[{\"'\u201c\u201e\xab]*(.*?)[\s>\]}\"',;.\u201d\u201c\xbb]*", text)
    return wrapped[1] if wrapped else text


def address_fault(address: str) -> str:
    """Return in a sentence what is wrong with a mail address that was refused, or "" where that is hard to say."""
    local, at, domain = address.partition("@")
    odd = next((sign for sign in local if not sign.isascii() or sign in '()<>[]:;,\\"'), "")
    faults = {
        "The @ is missing.": not at,
        "There is more than one @ in it.": "@" in domain,
        "There is nothing before the @.": not local,
        "There is nothing after the @.": not domain,
        "There is a space in it.": " " in address,
        f"We cannot send mail to an address with “{odd}” before the @.": bool(odd),
        "The end is missing, such as .com.": "." not in domain,
        "There are two dots side by side in it.": ".." in address,
        "There is a dot beside the @.": local.endswith(".") or domain.startswith("."),
    }
    return next((sentence for sentence, holds in faults.items() if holds), "")
