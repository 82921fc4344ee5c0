"""Cuts English words down to their stems, so that injection, injections and injected are one. Pure.

The algorithm is M. F. Porter's ("An algorithm for suffix stripping", Program 14(3), 1980, 130-137), with the two rules that
he added later: "bli" becomes "ble", and "logi" becomes "log".
"""

from __future__ import annotations

import re
from functools import lru_cache

CONSONANT = "(?:[^aeiouy]|(?<=[aeiou])y|^y)"
VOWEL = "(?:[aeiou]|(?<![aeiou])(?<!^)y)"
# The measure of a stem: how often a vowel is followed by a consonant.
MORE_THAN_0 = re.compile(f"^{CONSONANT}*{VOWEL}+{CONSONANT}")
EXACTLY_1 = re.compile(f"^{CONSONANT}*{VOWEL}+{CONSONANT}+{VOWEL}*$")
MORE_THAN_1 = re.compile(f"^{CONSONANT}*{VOWEL}+{CONSONANT}+{VOWEL}+{CONSONANT}")
HAS_VOWEL = re.compile(VOWEL)
DOUBLE = re.compile(r"([^aeiouy])\1$")
SHORT_END = re.compile(f"{CONSONANT}[aeiouy][^aeiouywx]$")

STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
STEP_4 = (
    "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split()
)  # "ion" only after s or t


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a word in small letters; what has no Latin letters, or is short, stays as it is."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    word = _inflection(_plural(word))
    if word.endswith("y") and HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(_replaced(word, STEP_2), STEP_3)
    return _ending(_suffix(word))


def _plural(word: str) -> str:
    for end, new in (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")):
        if word.endswith(end):
            return word.removesuffix(end) + new
    return word


def _inflection(word: str) -> str:
    """Take -eed, -ed or -ing off."""
    if word.endswith("eed"):
        return word[:-1] if MORE_THAN_0.search(word[:-3]) else word
    for end in ("ed", "ing"):
        root = word.removesuffix(end)
        if root == word or not HAS_VOWEL.search(root):
            continue
        if root.endswith(("at", "bl", "iz")):
            return root + "e"
        if DOUBLE.search(root) and root[-1] not in "lsz":
            return root[:-1]
        return root + "e" if EXACTLY_1.search(root) and SHORT_END.search(root) else root
    return word


def _replaced(word: str, endings: dict[str, str]) -> str:
    """Put another ending in the place of the longest that fits."""
    for end in sorted(endings, key=len, reverse=True):
        if word.endswith(end):
            root = word.removesuffix(end)
            return root + endings[end] if MORE_THAN_0.search(root) else word
    return word


def _suffix(word: str) -> str:
    for end in sorted(STEP_4, key=len, reverse=True):
        if word.endswith(end):
            root = word.removesuffix(end)
            fits = end != "ion" or root.endswith(("s", "t"))
            return root if fits and MORE_THAN_1.search(root) else word
    return word


def _ending(word: str) -> str:
    """Take a last e off, and one of two l."""
    if word.endswith("e"):
        root = word[:-1]
        if MORE_THAN_1.search(root) or (EXACTLY_1.search(root) and not SHORT_END.search(root)):
            word = root
    return word[:-1] if word.endswith("ll") and MORE_THAN_1.search(word[:-1]) else word
