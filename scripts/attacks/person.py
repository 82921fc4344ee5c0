"""Somebody who asks for a consultation and books, as a browser does; attackers use the same forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from scripts.attacks.site import AttackedSite
from scripts.browser import Answer, Browser

FORM = "/consultation/"
START = re.compile(r'name="start" value="([^"]+)"')
VISIT = re.compile(r'<option value="([^"]+)"[^>]*>')
LINK = re.compile(r"/consultation/r/[^/\s\"'<>]+/")


@dataclass
class Person:
    """One visitor with a browser of their own."""

    browser: Browser
    email: str = ""
    phone: str = ""
    name: str = "Ada Example"
    private: str = ""

    def fields(self, **typed: str) -> dict[str, str]:
        """Open the form and return it filled in."""
        page = self.browser.get(FORM)
        own = {"name": self.name, "email": self.email, "phone": self.phone, "contact_by": "either", "best_time": ""}
        return page.hidden() | own | typed

    def ask(self, **typed: str) -> Answer:
        """Leave a request, confirming what the form asks about once; remember the private page."""
        answer = self.browser.post(FORM, self.fields(**typed))
        if answer.status == 422:
            fields = answer.hidden() | {
                "name": self.name,
                "email": self.email,
                "phone": self.phone,
                "contact_by": "either",
            }
            answer = self.browser.post(FORM, fields | typed)
        if answer.status == 303:
            self.private = urlsplit(answer.location).path
        return answer

    def times(self, **query: str) -> Answer:
        """Open the page on which a time is chosen."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return self.browser.get(f"{self.private}times/" + (f"?{words}" if words else ""))

    def book(self, start: str = "", number: int = 0) -> Answer:
        """Choose the first time that is offered, or the one named, and book it."""
        page = self.times()
        offered = [unescape(value) for value in START.findall(page.text)]
        if not offered and not start:
            return page
        value = start or offered[min(number, len(offered) - 1)]
        return self.browser.post(f"{self.private}times/", page.hidden() | {"start": value})


def stranger(site: AttackedSite, number: int = 1, **who: str) -> Person:
    """Return somebody new in a network of their own."""
    address = f"198.{18 + number // 60000 % 2}.{number // 250 % 250}.{number % 250 + 1}"
    return Person(Browser(site.port, address), **(who or {"email": f"stranger{number}@stranger.example"}))
