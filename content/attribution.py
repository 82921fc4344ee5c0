"""Signed attribution of a request to page and link, without cookies.

Every link to the request form carries a signed token: the page it stands on, its place there, the campaign named in the
page's own address, and the day. It says nothing of the visitor and is the same for everybody at the same address, so
pages stay cacheable. Without a genuine token a request is still welcome; where it came from is then unknown.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core import signing

SALT = "content.attribution"
KEEP_DAYS = 60
UTM = ("source", "medium", "campaign")
PATH_LENGTH = 200
# Longer ones cannot be ours, and are not worth a signature check.
TOKEN_LENGTH = 1600
# Where on a page a link to the form may stand; staff read these words.
PLACES = {
    "header": "button in the header",
    "hero": "top of the page",
    "section": "in a section",
    "table": "below a table",
    "place": "beside the address",
    "end": "end of the page",
}
# Letters of any alphabet. No @ or %, so that an address a mailing put into its links is not taken along.
UTM_VALUE = re.compile(r"[\w.+~ -]{1,60}")
PATH = re.compile(r"/(?:[\w-]+/)*")
# Addresses of the private page are keys and must not be stored.
NOT_PUBLIC = ("/consultation/", "/admin/")


@dataclass(frozen=True)
class Attribution:
    """What a genuine token says: path of the page, place of the link on it, day the page was made, and campaign."""

    page: str
    place: str
    day: dt.date
    utm: Mapping[str, str] = field(default_factory=dict)

    @property
    def article(self) -> str:
        """The slug of the article, or "" for another page."""
        return self.page.removeprefix("/articles/").strip("/") if self.page.startswith("/articles/") else ""

    @property
    def words(self) -> str:
        """The same for people, such as `/articles/what-is-prp/, end of the page`."""
        return f"{self.page}, {PLACES.get(self.place, self.place)}"

    def as_json(self) -> dict[str, str]:
        """The same as flat text, to be kept with a request; `utm_…` only where the address named them."""
        known = {"page": self.page, "place": self.place, "day": self.day.isoformat()}
        return known | {f"utm_{name}": value for name, value in self.utm.items()}


def token(page: str, place: str, utm: Mapping[str, str], day: dt.date) -> str:
    """Return the token of a link: the same text for the same arguments.

    Args:
        page: the path of the page it stands on.
        place: one of `PLACES`.
        utm: `source`, `medium` and `campaign` as `campaign_of` returns them.
        day: today, UTC; the token is good for `KEEP_DAYS` from then.

    Raises:
        ValueError: when there is no such place.
    """
    if place not in PLACES:
        raise ValueError(f"there is no place called {place!r}")
    # What differs between the links of a page comes last, so that the page still compresses well.
    content = [day.toordinal(), page, [utm.get(name, "") for name in UTM], place]
    return signing.Signer(salt=SALT).sign_object(content, serializer=_Json)


def read(text: str, now: dt.datetime) -> Attribution | None:
    """Return what a token says at `now`, or None for one that is forged, damaged or older than `KEEP_DAYS`."""
    if not text or len(text) > TOKEN_LENGTH:
        return None
    try:
        ordinal, page, values, place = signing.Signer(salt=SALT).unsign_object(text, serializer=_Json)
        utm = {name: value for name, value in zip(UTM, values, strict=True) if value}
        found = Attribution(page, place, dt.date.fromordinal(ordinal), utm)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None
    age = (now.astimezone(dt.UTC).date() - found.day).days
    # A day ahead is a page made by a machine whose clock is a little fast.
    return found if -1 <= age <= KEEP_DAYS else None


def campaign_of(query: Mapping[str, Any]) -> dict[str, str]:
    """Return what an address says of its campaign, without `utm_`; values with unusual characters are left out."""
    found = {name: str(query.get(f"utm_{name}", "")) for name in UTM}
    return {name: value for name, value in found.items() if UTM_VALUE.fullmatch(value)}


def visited(text: str) -> str:
    """Return a path with its campaign as the browser reported it, cut down to what can be one of our pages; else "".

    The report is not signed: whoever sends the form could write anything here, so it is evidence of nothing.
    """
    try:
        parts = urlsplit(text[: 2 * PATH_LENGTH])
        query = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
    except ValueError:
        return ""
    path = "" if parts.scheme or parts.netloc or len(parts.path) > PATH_LENGTH else parts.path
    if not PATH.fullmatch(path) or path.startswith(NOT_PUBLIC):
        return ""
    campaign = "&".join(f"utm_{name}={value}" for name, value in campaign_of(query).items())
    return f"{path}?{campaign}" if campaign else path


class _Json:
    """JSON in UTF-8: a campaign named in another alphabet stays short."""

    def dumps(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
