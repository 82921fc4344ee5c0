"""Reads a page the way the sweeps ask about it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings

LIBRARY = settings.BASE_DIR / "content" / "library"
ARTICLES = sorted(path.stem for path in (LIBRARY / "articles").glob("*.md"))
THERAPIES = sorted(path.stem for path in (LIBRARY / "therapies").glob("*.toml"))
# Attributes through which a page loads something by itself; links are only followed.
LOADED = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href"}


def centers() -> list[str]:
    """Return every eleventh center: all share one template, and each has its own facts."""
    with (LIBRARY / "centers.csv").open(encoding="utf-8", newline="") as file:
        return [row["slug"] for row in csv.DictReader(file)][::11]


PATHS = [
    "/",
    "/articles/",
    "/therapies/",
    "/compare/",
    "/decide/",
    "/centers/",
    "/faq/",
    "/notices/",
    "/search/",
    "/glossary/",
    "/contact/",
    "/privacy/",
    "/consumer-health-data/",
    "/accessibility/",
    *(f"/articles/{slug}/" for slug in ARTICLES),
    *(f"/therapies/{slug}/" for slug in THERAPIES),
    *(f"/compare/{pair}/" for pair in ("exosomes-vs-prp", "exosomes-vs-hyaluronic-acid-vs-prp-vs-standard-care")),
    *(f"/centers/{slug}/" for slug in centers()),
]


@dataclass
class Page(HTMLParser):
    """What a page is made of."""

    html: str
    tags: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    meta: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    anchors: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)
    title: str = ""

    def __post_init__(self) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it loads."""
        values = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.note_inline(tag, values)
        self.note_loads(tag, values)
        if "id" in values:
            self.ids[values["id"]] += 1
        if tag == "meta":
            self.meta[values.get("name") or values.get("property", "")] = values.get("content", "")
        elif tag == "link":
            self.links[values.get("rel", "")] = values.get("href", "")
        elif tag == "a":
            self.anchors.append(values.get("href", ""))

    def note_inline(self, tag: str, values: dict[str, str]) -> None:
        """Note script and style that stand in the page; a data block is neither."""
        data_block = values.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and "src" not in values and not data_block):
            self.inline.append(f"<{tag}>")
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        self.inline += [value for value in values.values() if value.strip().lower().startswith("javascript:")]

    def note_loads(self, tag: str, values: dict[str, str]) -> None:
        """Note what a browser fetches for the page, and what of that is not ours."""
        loaded = [values[name] for name in LOADED & values.keys()]
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "modulepreload", "manifest"}:
            loaded.append(values["href"])
        self.foreign += [address for address in loaded if urlsplit(address).netloc or urlsplit(address).scheme]
        if tag in {"img", "script", "link", "object", "iframe", "use"} and values.get("loading") != "lazy":
            self.requests.update(loaded)

    def handle_data(self, data: str) -> None:
        """Keep the words of the title."""
        if self.get_starttag_text() == "<title>" and not self.title:
            self.title = data.strip()
