"""Who comes through the proxy: readers, visitors with the form, and somebody of the staff."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

from scripts.browser import Answer, Browser
from scripts.faulting.visitors import FORM, HEADERS, Visitor
from scripts.nodes.machines import MANAGER, PASSWORD, SITE

PROXY_PORT = 8000
HOME = f"https://{SITE}"


class NodeBrowser(Browser):
    """Somebody who comes through the proxy; `address` is the network address, as what speaks TLS in front of it says."""

    def __init__(self, proxy: str, address: str) -> None:
        super().__init__(PROXY_PORT, address, host=proxy)

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None, node: str = "") -> Answer:
        """Ask, and return the answer of `node`, or of the one that the proxy chooses."""
        headers = {"Host": SITE, "Origin": HOME, "Referer": f"{HOME}{path}", "X-Node": node}
        if form is None:
            return self.call(method, path, None, headers)
        return self.call(method, path, urlencode(form).encode(), headers | HEADERS)

    def open(self, path: str, node: str = "") -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, node=node)

    def fill(self, path: str, changed: dict[str, str], node: str = "") -> Answer:
        """Open a page, change fields of its largest form, and send it."""
        fields = dict(fields_of(self.open(path, node).text)) | changed
        return self.ask("POST", path, list(fields.items()), node)


def asked_for(answer: Answer) -> str:
    """Return the addresses of the nodes that the proxy asked for an answer, in turn; "" where it had kept the page."""
    return answer.header("X-Asked")


class Staff(NodeBrowser):
    """Somebody at the desk."""

    def log_in(self, node: str = "") -> Answer:
        """Log in."""
        return self.fill("/admin/login/", {"username": MANAGER, "password": PASSWORD}, node)

    def log_out(self, node: str = "") -> Answer:
        """Log out."""
        return self.fill("/admin/account/logout/", {}, node)

    def is_in(self, node: str = "") -> bool:
        """Return whether the desk opens."""
        return self.open("/admin/", node).status == 200


class Guest(Visitor):
    """A visitor with a form, who comes through the proxy; each has an address, in a network, of their own unless one is given."""

    def __init__(self, proxy: str, number: int, address: str = "") -> None:
        super().__init__(0, number)
        self.browser = NodeBrowser(proxy, address or f"198.{18 + number // 250}.{number % 250}.7")
        self.node = ""
        self.seen: list[Answer] = []

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        """Return status, place to go to, and page."""
        answer = self.browser.ask(method, path, self.form if body is not None else None, self.node)
        self.seen.append(answer)
        return answer.status, answer.header("Location"), answer.text

    def at(self, node: str) -> Guest:
        """Have a node answer from now on."""
        self.node = node
        return self

    def post(self) -> int:
        """Send the open form once and return the status."""
        return self.call("POST", FORM, b"")[0]


class Fields(HTMLParser):
    """Names and values of each form on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a field holds."""
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self.forms.append([])
        elif tag == "option" and self.choice and "selected" in found:
            self.note(self.choice, found.get("value", ""))
        elif tag == "select":
            self.choice = name
        elif tag == "textarea":
            self.area = name
            self.note(name, "")
        elif tag == "input" and is_sent(found):
            self.note(name, found.get("value", "on" if found.get("type") == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        """Note what a text area holds."""
        if self.area:
            name, value = self.forms[-1].pop()
            # A line end right after the tag is none.
            self.forms[-1].append((name, re.sub(r"^\r?\n", "", data) if not value else value + data))

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        self.area, self.choice = ("" if tag == "textarea" else self.area), ("" if tag == "select" else self.choice)

    def note(self, name: str, value: str) -> None:
        """Note a field of the present form."""
        if self.forms and name:
            self.forms[-1].append((name, value))


def is_sent(attributes: dict[str, str]) -> bool:
    """Return whether a browser would send the field: buttons are pressed by name only, boxes are sent where ticked."""
    kind = attributes.get("type", "text")
    return kind not in {"submit", "button", "file", "image", "reset"} and (
        kind not in {"checkbox", "radio"} or "checked" in attributes
    )


def fields_of(page: str) -> list[tuple[str, str]]:
    """Return names and values of the form with the most fields."""
    parser = Fields()
    parser.feed(page)
    return max(parser.forms, key=len, default=[])
