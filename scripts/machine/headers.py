"""What the headers of every answer must say, as one table, and what is wrong with those of an answer; knows no server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from typing import Literal

# What an answer is: the same for everybody, somebody's, a search (which its own browser may keep), or a file with its digest in the name.
type Kind = Literal["public", "personal", "search", "file"]

# Matched from the beginning, in any answer of any status.
EVERYWHERE = {
    "Content-Security-Policy": r"(?=.*default-src 'none')(?=.*frame-ancestors 'none')",
    "Cross-Origin-Opener-Policy": r"same-origin$",
    "Cross-Origin-Resource-Policy": r"same-origin$",
    "Permissions-Policy": r"(?=.*camera=\(\))(?=.*geolocation=\(\))(?=.*microphone=\(\))(?=.*payment=\(\))(?=.*usb=\(\))",
    "Referrer-Policy": r"(same-origin|no-referrer)$",
    "X-Content-Type-Options": r"nosniff$",
    "X-Frame-Options": r"DENY$",
}
# Only where the answer came over TLS: RFC 6797, 7.2 forbids it elsewhere.
OVER_TLS = {"Strict-Transport-Security": r"max-age=(3153600\d|[4-9]\d{7}|\d{9,}); includeSubDomains"}
# Somebody's page is kept nowhere; a search by its own browser at most; an answer for everybody says how long it may be kept.
CACHING = {
    "public": r"(?!.*(no-store|private)).*max-age=\d",
    "personal": r"(?=.*no-store)(?!.*public)",
    "search": r"(?=.*private)(?!.*public)",
    "file": r"(?=.*public)(?=.*max-age=31536000|.*max-age=315360000)(?=.*immutable)",
}
# Say what runs here.
NEVER = ("X-Powered-By", "Via", "X-AspNet-Version", "X-Runtime")
# What lets anything in: words of a policy, and sources of another origin.
OPEN = re.compile(r"'unsafe-[\w-]+'|\*|\b(?:https?|wss?):|\.\w{2,}")
VERSION = re.compile(r"\d")


def wrong(headers: Mapping[str, str], *, kind: Kind | None, tls: bool, cookies: Iterable[str] = ()) -> list[str]:
    """Return what is wrong with the headers of an answer, by header.

    Args:
        headers: by their names, whose case does not matter.
        kind: None for an answer of which it does not matter who keeps it, as an error without a page.
        cookies: the values of its Set-Cookie headers.
    """
    said = {name.lower(): value for name, value in headers.items()}
    rules = EVERYWHERE | (OVER_TLS if tls else {}) | ({"Cache-Control": CACHING[kind]} if kind else {})
    found = [
        f"{name}: {said.get(name.lower(), 'missing')}"
        for name, rule in rules.items()
        if not re.match(rule, said.get(name.lower(), "\0"))
    ]
    found += [f"{name}: {said[name.lower()]}" for name in NEVER if name.lower() in said]
    found += [
        f"Content-Security-Policy allows {each}" for each in OPEN.findall(said.get("content-security-policy", ""))
    ]
    if VERSION.search(said.get("server", "")):
        found.append(f"Server: {said['server']}")
    if not tls and "strict-transport-security" in said:
        found.append("Strict-Transport-Security without TLS")
    # Of what leads on nobody reads the words, and nginx names none there.
    if said.get("content-type") in {"text/html", "text/plain"} and "location" not in said:
        found.append("Content-Type without a charset")
    return found + [each for cookie in cookies for each in wrong_cookie(cookie, kind=kind, tls=tls)]


def wrong_cookie(cookie: str, *, kind: Kind | None, tls: bool) -> list[str]:
    """Return what is wrong with a Set-Cookie header; on an answer for everybody, that there is one."""
    if kind in {"public", "file"}:
        return [f"a cookie: {cookie.partition('=')[0]}"]
    return [
        f"cookie {name} without {what}"
        for name, morsel in SimpleCookie(cookie).items()
        # One that is taken back says nothing.
        if morsel.value or morsel["max-age"] != "0"
        for what, is_there in (
            ("HttpOnly", morsel["httponly"]),
            ("SameSite", morsel["samesite"] in {"Lax", "Strict"}),
            ("Secure", morsel["secure"] or not tls),
        )
        if not is_there
    ]
