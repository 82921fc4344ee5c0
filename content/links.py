"""Links as editors write them: completed where it is plain what was meant, refused with a sentence where it is not. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.core.exceptions import ValidationError

from content import addresses

SCHEMES = frozenset({"https", "http", "mailto", "tel"})
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
NOWHERE = "The link “{}” leads nowhere: begin it with https://, with / for a page of this site, or with # for a place on the page."


def complete(href: str) -> str:
    """Return where a link leads: www.example.org becomes https://www.example.org, ada@example.org a mail link.

    Raises:
        ValueError: it leads nowhere; the text is a sentence for whoever wrote it.
    """
    href = "".join(href.split()) if SCHEME.match(href.strip()) is None else href.strip()
    if href.startswith(("#", "/")) and not href.startswith("//"):
        return href
    if href.startswith("//"):
        return complete(f"https:{href}")
    if found := SCHEME.match(href):
        return _with_scheme(found[1].lower(), href[found.end() :], href)
    if "@" in href and "/" not in href:
        return complete(f"mailto:{href}")
    if "." in re.split(r"[/?#:]", href)[0]:
        return complete(f"https://{href}")
    raise ValueError(NOWHERE.format(href[:80]))


def faults(html: str) -> list[str]:
    """Return a sentence for each link in `html` that leads nowhere."""
    reader = _Reader()
    reader.feed(html)
    found = []
    for href in reader.hrefs:
        try:
            complete(href)
        except ValueError as error:
            found.append(str(error))
    return found


def _with_scheme(scheme: str, rest: str, href: str) -> str:
    if scheme not in SCHEMES:
        raise ValueError(f"A link cannot start with “{scheme}:”. Use https://, mailto: or tel:.")
    if scheme == "mailto" and not _is_mail_address(rest.partition("?")[0]):
        raise ValueError(f"The link “{href[:80]}” names no mail address.")
    if scheme == "tel" and not re.search(r"\d", rest):
        raise ValueError(f"The link “{href[:80]}” names no telephone number.")
    if scheme.startswith("http") and not _names_host(rest):
        raise ValueError(NOWHERE.format(href[:80]))
    return f"{scheme}:{rest}"


def _is_mail_address(text: str) -> bool:
    try:
        addresses.mail_address(text)
    except ValidationError:
        return False
    return True


def _names_host(rest: str) -> bool:
    """Return whether what follows http: or https: begins with a host that can exist."""
    if not rest.startswith("//") or re.search(r"[\s<>\"]", rest):
        return False
    host = re.split(r"[/?#]", rest[2:])[0].rpartition("@")[2].partition(":")[0]
    try:
        return bool(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+\.?", addresses.ascii_host(host)))
    except ValueError:
        return False


class _Reader(HTMLParser):
    """Collects the addresses of links."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        self.hrefs += [value or "" for name, value in attrs if tag == "a" and name == "href"]
