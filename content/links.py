"""Addresses that editors link to, made whole: what was surely meant is completed, what leads nowhere is refused. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ValidationError

from content import addresses
from content.text import INVISIBLE

SCHEMES = frozenset({"https", "http", "mailto", "tel"})
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
SPACES = re.compile(r"\s|[\x00-\x1f\x7f]")
# Labels of letters, digits and hyphens; the last has a letter, or it would be half an IP address.
HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{1,62}[a-z0-9]"
)
# A page of this site by its kind and number, which texts keep in place of an address that may change: ref:article/12#why.
REFERENCE = re.compile(r"ref:(article|therapy|center|term)/([1-9][0-9]{0,17})(#[\w-]{1,80})?", re.ASCII)
REFERENCE_SCHEME = "ref"
PHONE = re.compile(r"\+?[0-9().-]+")
# What follows a dot and is no end of a domain that anybody links to.
FILES = frozenset(
    {"html", "htm", "php", "asp", "aspx", "pdf", "doc", "docx", "jpg", "jpeg", "png", "gif", "txt", "csv"}
)
IN_LOCAL_PART = "!$'*+-=^_`{|}~."
WRITE = "write https:// and the site's name, or a path on this site that starts with /, such as /faq/"


def complete(href: str) -> str:
    """Return an address as a link may hold it; one that it returned comes back unchanged.

    A name such as `www.example.org/x` or `//example.org` gets https://, a mail address mailto:, and names of hosts are put
    in ASCII. Paths on this site (`/articles/x/`), its anchors (`#why`) and references to its pages (`ref:article/12`) stay.

    Raises:
        ValueError: with a sentence for whoever wrote it.
    """
    try:
        return _whole(href)
    except ValueError as error:
        raise ValueError(f"The link “{href.strip()[:80]}” {error}.") from None


def faults(html: str) -> list[str]:
    """Return a sentence for each link in `html` that leads nowhere."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = []
    for href in reader.hrefs:
        try:
            complete(href)
        except ValueError as error:
            found.append(str(error))
    return found


def _whole(href: str) -> str:
    """Return it whole, or raise a ValueError with the end of the sentence."""
    # What cannot be seen comes with text that is copied, and would be looked for in vain.
    text = _without_what_no_address_has(INVISIBLE.sub("", href).strip())
    if REFERENCE.fullmatch(text):
        return text
    if text.startswith("#"):
        return _anchor(text)
    if text.startswith("/"):
        return _web("https", text) if text.startswith("//") else text
    found = SCHEME.match(text)
    return _with_scheme(found[1], text[found.end() :]) if found else _without_scheme(text)


def complete_web(href: str) -> str:
    """Return the address of a page on any site, as `complete` does.

    Raises:
        ValueError: also for a path on this site, a mail address or a telephone number.
    """
    address = complete(href)
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"The link “{address[:80]}” is no web address; it starts with https://.")
    return address


def _without_what_no_address_has(text: str) -> str:
    if not text:
        raise ValueError("has no address")
    if SPACES.search(text):
        raise ValueError("has a space in its address; write %20 for one that belongs there")
    if "\\" in text:
        raise ValueError("has a backslash in its address; write /")
    return text


def _with_scheme(name: str, rest: str) -> str:
    scheme = name.lower()
    if "." in scheme:
        raise ValueError(f"starts with no scheme; {WRITE}")
    if scheme not in SCHEMES:
        raise ValueError(f"cannot start with {name}:; {WRITE}")
    if scheme == "mailto":
        return _mail(rest)
    return _phone(rest) if scheme == "tel" else _web(scheme, rest)


def _without_scheme(text: str) -> str:
    first = re.split(r"[/?#]", text, maxsplit=1)[0]
    if "@" in first:
        return _mail(text)
    if "." not in first.strip(".") or first.rpartition(".")[2].lower() in FILES:
        raise ValueError(f"leads to a path below the page it is on; {WRITE}")
    return _web("https", f"//{text}")


def _anchor(text: str) -> str:
    if len(text) == 1:
        raise ValueError("names no part of the page after the #")
    return text


def _web(scheme: str, rest: str) -> str:
    if not rest.startswith("//") or rest.startswith("///"):
        raise ValueError(f"needs two slashes after {scheme}:")
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        host, port = addresses.ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        raise ValueError("has no site's name that can be read") from None
    if "@" in parts.netloc:
        raise ValueError("has a user's name or a password in it; take it out")
    if not HOST.fullmatch(host):
        raise ValueError("has no site's name such as www.example.org in it")
    after = rest[2 + len(parts.netloc) :]
    return f"{scheme}://{host}{f':{port}' if port is not None else ''}{after}"


def _mail(rest: str) -> str:
    to, mark, query = rest.partition("?")
    try:
        recipient = addresses.mail_address(unquote(to))
    except ValidationError:
        raise ValueError("has no mail address such as name@example.org in it") from None
    local, _, domain = recipient.rpartition("@")
    # What has a meaning of its own in an address is encoded (RFC 6068, 2).
    return f"mailto:{quote(local, safe=IN_LOCAL_PART)}@{domain}{mark}{query}"


def _phone(rest: str) -> str:
    number = rest.partition(";")[0]
    if not PHONE.fullmatch(number) or sum(sign.isdigit() for sign in number) < 3:
        raise ValueError("has no telephone number such as +12025550143 in it")
    return f"tel:{rest}"


class _Reader(HTMLParser):
    """Collects the addresses of links."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        self.hrefs += [value or "" for name, value in attrs if tag == "a" and name == "href"]
