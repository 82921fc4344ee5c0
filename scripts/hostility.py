"""Makes up hostile requests for scripts/hostile_posts.py; the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

FORM = "/consultation/"
FIELDS = (
    "name", "email", "phone", "contact_by", "best_time", "center", "therapies", "message", "agree_health", "agree_calls",
    "agree_newsletter", "motto", "key", "source", "landing", "last_page", "confirmed",
)  # fmt: skip
URLENCODED = "application/x-www-form-urlencoded"
ALPHABETS = (
    "abcxyz 0123456789@.+-_", "\x00\x01\x07\x1b\x7f\r\n\t", "äßçéŁøœ", "李曉明字", "مرحبا بك", "🙂👩‍👩‍👧🏳️‍🌈", "\u202e\u200b\ufeff\u0301\u0300",
    "<>&\"'/\\;%{}[]()$`|", "\U0010ffff\ufffe\uffff",
)  # fmt: skip
CLICHES = (
    "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "{% debug %}", "../../etc/passwd", "%00", "\x00", "${jndi:x}",
    "None", "-1", "1e309", "9" * 400, "a@" + "b." * 120 + "example", "+" * 60, "00" * 30, "\r\nSet-Cookie: a=b", "[object Object]",
)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """One request as it goes over the wire."""

    method: str = "POST"
    path: str = FORM
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """The form as a browser has it open: where, and with which cookie, token and key."""

    host: str
    port: int
    cookie: str = ""
    token: str = ""
    key: str = ""

    def headers(self, kind: str = URLENCODED) -> dict[str, str]:
        """Return the headers of a browser that has opened the form."""
        return {"Content-Type": kind, "Cookie": self.cookie}


class Attacker:
    """Makes up hostile requests; the same for the same seed."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page = page
        self.chance = random.Random(seed)  # noqa: S311  the same posts every time, nothing secret
        self.kinds: tuple[Callable[[], Attempt], ...] = (
            self.odd_answers, self.odd_answers, self.odd_answers, self.bad_bytes, self.odd_names, self.wrong_method,
            self.too_big, self.forged, self.forged, self.bad_multipart, self.wrong_type, self.odd_headers, self.odd_paths,
        )  # fmt: skip

    def attempt(self) -> Attempt:
        """Return the next one."""
        return self.chance.choice(self.kinds)()

    def odd_answers(self) -> Attempt:
        """Every field holds something odd, some are missing, some are there several times."""
        pairs = [(name, self.text()) for name in FIELDS for _ in range(self.chance.choice((0, 1, 1, 1, 1, 2, 30)))]
        if self.chance.random() < 0.5:
            pairs += [("name", "Ada"), ("email", "ada@visitor.example")]
        return self.form(pairs)

    def bad_bytes(self) -> Attempt:
        """Bytes that are no UTF-8, in the body, percent-encoded or raw, and charsets that do not exist."""
        noise = self.chance.randbytes(self.chance.randrange(1, 400))
        raw = b"csrfmiddlewaretoken=" + self.page.token.encode() + b"&name="
        raw += self.chance.choice(
            (noise, quote_plus(noise).encode(), b"%ff%fe%c3%28", b"\xed\xa0\x80", b"%", b"%zz%u0041")
        )
        charset = self.chance.choice(
            ("", "; charset=utf-8", "; charset=utf-16", "; charset=latin-1", "; charset=klingon")
        )
        return Attempt(
            body=raw + b"&email=a%00@b.example&phone=" + noise[:20], headers=self.page.headers(URLENCODED + charset)
        )

    def odd_names(self) -> Attempt:
        """Nested, repeated, empty, endless and far too many names."""
        name = self.chance.choice(
            (
                "name[0][x]",
                "__proto__",
                "name.a.b",
                "",
                "name\x00",
                "n" * 5000,
                "key[]",
                "fields_",
                "self",
                "csrfmiddlewaretoken",
            )
        )
        number = self.chance.choice((1, 3, 300, 6000))
        return self.form([(name, self.text(20)) for _ in range(number)] + [("name", "Ada")])

    def wrong_method(self) -> Attempt:
        """Methods that nobody asked for."""
        method = self.chance.choice(("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO", "HEAD"))
        return Attempt(method, body=b"name=Ada", headers=self.page.headers())

    def too_big(self) -> Attempt:
        """Bodies beyond any form, as text and as a file."""
        size = self.chance.choice((70_000, 300_000, 1_200_000, 3_000_000))
        if self.chance.random() < 0.5:
            return self.form([("name", "Ada"), ("message", "x" * size)])
        return self.multipart(b'Content-Disposition: form-data; name="message"; filename="m.txt"\r\n\r\n' + b"x" * size)

    def forged(self) -> Attempt:
        """Keys, sources, tokens and marks that were cut, changed, mixed or made up."""
        key = list(self.page.key)
        key[self.chance.randrange(len(key))] = self.chance.choice("aZ0:.-_")
        forgery = self.chance.choice(
            ("".join(key), self.page.key[:-3], self.page.key * 50, ".e" + self.text(30), ":::", "W10:1:x")
        )
        pairs = [
            ("name", "Ada"),
            ("email", "ada@visitor.example"),
            ("key", forgery),
            ("source", forgery),
            ("confirmed", forgery),
        ]
        token = self.chance.choice((self.page.token, self.page.token, "", "x" * 64, forgery, "\x00" * 64, "é" * 32))
        return self.form(pairs, token=token)

    def bad_multipart(self) -> Attempt:
        """Multipart bodies that are cut off, without boundary, or nonsense."""
        part = self.chance.choice(
            (
                b'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!',
                b'Content-Disposition: form-data; name="name"; filename="\x00../../x"\r\n\r\nx',
                b"Content-Disposition: nonsense\r\n\r\nx",
                b"X" * 20_000 + b": y\r\n\r\nx",
                self.chance.randbytes(500),
                b"",
            )
        )
        whole = self.multipart(part)
        broken = {
            "as it is": (whole.body, whole.headers["Content-Type"]),
            "cut off": (whole.body[: self.chance.randrange(len(whole.body))], whole.headers["Content-Type"]),
            "no boundary": (whole.body, "multipart/form-data"),
            "odd boundary": (whole.body, "multipart/form-data; boundary=" + "é" * 90),
            "other boundary": (whole.body, "multipart/form-data; boundary=other"),
            "mixed": (whole.body, "multipart/mixed; boundary=b"),
        }
        body, kind = broken[self.chance.choice(sorted(broken))]
        return Attempt(body=body, headers=self.page.headers(kind))

    def wrong_type(self) -> Attempt:
        """Bodies that are no form at all."""
        kind = self.chance.choice(
            ("application/json", "text/xml", "text/plain", "", "application/octet-stream", "é/ü", ";;;=", "a" * 900)
        )
        return Attempt(
            body=self.chance.choice((b'{"name": {"a": [1]}}', b"<a/>", self.chance.randbytes(300))),
            headers=self.page.headers(kind),
        )

    def odd_headers(self) -> Attempt:
        """Headers that lie or make no sense."""
        odd = {
            "Cookie": self.chance.choice(
                (self.page.cookie, "csrftoken=" + self.text(40, latin=True), "=;=;=", "sessionid=" + "x" * 3000)
            ),
            "X-Forwarded-For": self.chance.choice(
                ("1.2.3.4, ::1, nonsense", "," * 500, "é", "999.1.1.1:70000", "fe80::1%eth0")
            ),
            "Accept-Language": self.chance.choice(("x" * 3000, "*;q=nonsense", "é-ü", "'; DROP TABLE x", "de-" * 200)),
            "Host": self.chance.choice((f"{self.page.host}:{self.page.port}",) * 3 + ("evil.example", "a b", "[::1")),
            "Referer": self.text(50, latin=True),
            "Origin": self.chance.choice(
                ("null", "https://evil.example", "x", f"http://{self.page.host}:{self.page.port}")
            ),
        }
        chosen = {name: odd[name] for name in self.chance.sample(sorted(odd), k=3)}
        return Attempt(body=self.form([("name", "Ada")]).body, headers=self.page.headers() | chosen)

    def odd_paths(self) -> Attempt:
        """Posts to private pages that do not exist, and forms with an odd query."""
        query = urlencode({"center": self.text(90), "therapy": self.text(40), "source": self.text(900)})
        path = self.chance.choice(
            (
                f"{FORM}?{query}",
                f"{FORM}r/{'A' * 48}/",
                f"{FORM}r/{quote_plus(self.text(60))}/",
                f"{FORM}r/{'x' * 3000}/",
                "/consultation",
                f"{FORM}%00",
            )
        )
        return Attempt(
            self.chance.choice(("GET", "POST")), path, self.form([("name", "Ada")]).body, self.page.headers()
        )

    def text(self, longest: int = 5000, *, latin: bool = False) -> str:
        """Return odd text, mostly short and now and then of the length that a field just allows or not."""
        if self.chance.random() < 0.2 and not latin:
            return self.chance.choice(CLICHES)[:longest]
        length = min(longest, self.chance.choice((0, 1, 2, 10, 60, 61, 200, 201, 254, 255, 4000, 4001, 5000)))
        letters = "abcäöü=;, /" if latin else self.chance.choice(ALPHABETS)
        return "".join(self.chance.choices(letters, k=length))

    def form(self, pairs: list[tuple[str, str]], *, token: str | None = None) -> Attempt:
        """Return an ordinary post of these fields, with a genuine token where no other is given."""
        named = [("csrfmiddlewaretoken", self.page.token if token is None else token), *pairs]
        return Attempt(body=urlencode(named, errors="replace").encode(), headers=self.page.headers())

    def multipart(self, part: bytes) -> Attempt:
        """Return a multipart post with a genuine token and one more part."""
        token = (
            b'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            + self.page.token.encode()
            + b"\r\n"
        )
        return Attempt(
            body=token + b"--b\r\n" + part + b"\r\n--b--\r\n",
            headers=self.page.headers("multipart/form-data; boundary=b"),
        )
