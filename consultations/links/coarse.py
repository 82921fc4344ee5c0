"""Coarse values of what is encrypted, by which the desk filters: only a keyed digest of them is kept (decision 11). A leaf.

There are few values, so a digest tells whoever has the database but not the keys which requests share one, and nothing of which
it is; whoever has the keys can read the words themselves.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.conf.locale import LANG_INFO

from consultations.links import digests

LANGUAGE, SOURCE = "consultations.language", "consultations.source"
# Enough to tell a few hundred values apart.
DIGITS = 16
KEPT = ("language_digest", "source_digest")
UNKNOWN = "unknown"
# Pages of these are told apart, of the others only their kind: "a center's page".
SINGLE = ("articles", "therapies")


def language(words: str) -> str:
    """Return the language without region and script: `de` of `de-AT`; "" of none."""
    return words.partition("-")[0].partition("_")[0].strip().lower()


def source(words: str) -> str:
    """Return the page without the place on it: `/articles/what-is-prp/`; of other pages their kind, as `/centers/`."""
    page = words.partition(", ")[0].strip()
    if not page.startswith("/"):
        return UNKNOWN if page else ""
    first, _, rest = page.strip("/").partition("/")
    slug = rest.partition("/")[0]
    return f"/{first}/{slug}/" if first in SINGLE and slug else f"/{first}/" if first else "/"


def digest(purpose: str, value: str) -> str:
    """Return what is kept of a coarse value; "" of none."""
    return digests.keyed(purpose, value)[:DIGITS] if value else ""


def kept(language_words: str, source_words: str) -> dict[str, str]:
    """Return the columns that are kept of a request's language and page."""
    values = (digest(LANGUAGE, language(language_words)), digest(SOURCE, source(source_words)))
    return dict(zip(KEPT, values, strict=True))


def readings(purpose: str, values: Iterable[str]) -> list[str]:
    """Return what may be kept of any of the values: also under earlier keys."""
    return [one[:DIGITS] if value else "" for value in values for one in digests.readings(purpose, value)]


@functools.cache
def languages() -> list[tuple[str, str]]:
    """Return the languages that can be chosen, by name."""
    found: dict[str, str] = {"zh": "Chinese"}
    for code, info in LANG_INFO.items():
        if "name" in info and code == language(code):
            found[code] = info["name"]
    return sorted(found.items(), key=lambda one: one[1])
