"""A scan of the headers of every kind of answer that comes through the proxy, and of the proxy's own; nothing may be missing."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Callable, Set
from typing import TYPE_CHECKING

from scripts.faulting.findings import Findings
from scripts.machine import edits
from scripts.machine.client import HOST, Answer, Client
from scripts.machine.headers import Kind, wrong

if TYPE_CHECKING:
    from scripts.one_machine import Machine

# What an answer is: itself, whose it is, and whether its connection is one on which everything is said.
type Judged = tuple[Answer, Kind | None, bool]

PUBLIC = (
    "/",
    edits.ARTICLE,
    "/articles/",
    "/therapies/",
    "/compare/",
    "/centers/",
    "/faq/",
    "/glossary/",
    "/notices/",
    "/contact/",
    "/decide/",
    "/privacy/",
    "/consumer-health-data/",
    "/accessibility/",
    "/feed/",
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
    "/favicon.ico",
)
SEARCH = "/search/?q=prp"
PREVIEW = "/preview/none/"
PERSONAL = ("/consultation/", "/admin/login/", SEARCH, PREVIEW, "/articles/exosomes-vs-prp/revisions/1/")
PROBES = ("/healthz", "/readyz")
MISSING = "/no/such/page/"
SOONEST = "/consultation/soonest/"
# For the proxy alone.
TAKEN_AWAY = {"X-Accel-Expires"}
KINDS: dict[str, Kind | None] = {SEARCH: "search", PREVIEW: None}


def check_headers(machine: Machine, client: Client, findings: Findings) -> None:
    """Judge every answer by the table of headers.py; then what is said of caching beyond it."""
    answers = {path: client.get(path, {"Accept-Encoding": "br"}) for path in (*PUBLIC, SOONEST)}
    judged: dict[str, Judged] = {path: (answer, "public", True) for path, answer in answers.items()}
    for path in (*PERSONAL, *PROBES, MISSING, machine.private_path):
        judged[path] = (client.get(path), KINDS.get(path, "personal"), True)
    judged |= files(client) | refusals(machine, client) | own_answers(machine, client)
    findings.must("kinds of answers scanned", len(judged) >= 40, True)
    findings.must("wrong headers", complaints(judged), "none")
    every = {name: answer for name, (answer, _, _) in judged.items()}
    findings.must("headers that are for the proxy alone", said(every, lambda answer: TAKEN_AWAY & answer.names), "none")
    check_caching(client, answers, findings)


def files(client: Client) -> dict[str, Judged]:
    """Return a style sheet and the picture of a guide for social networks."""
    style = re.findall(r'href="(/static/[^"]+\.css)"', client.get("/").text)[0]
    card = re.findall(r"/media/cards/[^\"]+\.png", client.get(edits.ARTICLE).text)[0]
    return {"a style sheet": (client.get(style), "file", True), "a card": (client.get(card), "public", True)}


def refusals(machine: Machine, client: Client) -> dict[str, Judged]:
    """Return what the site says no with, and how it leads on."""
    answers = {
        "another host": client.get("/", {"Host": "evil.example"}),
        "a post to a page that is only read": client.ask("POST", "/faq/", b"", {}, 40),
        "a form without its cookie": client.post("/admin/login/", 10),
        "a comparison of one": client.get("/compare/?therapy=prp"),
        "a form that is too long": client.post("/admin/content/image/add/", 2_000_000),
        "a log-in that is needed": client.get("/admin/"),
        "another spelling": client.get("/FAQ"),
    }
    return {name: (answer, None, True) for name, answer in answers.items()}


def own_answers(machine: Machine, client: Client) -> dict[str, Judged]:
    """Return what the proxy answers without asking the site."""
    line = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n"
    answers = {
        "no request at all": raw(client, "NONSENSE\r\n\r\n"),
        "no host": raw(client, "GET / HTTP/1.1\r\n\r\n"),
        "a method that nobody knows": raw(client, "TRACE" + line[3:] + "\r\n"),
        "an address that is too long": client.get("/" + "x" * 40_000),
        "headers that are too long": raw(client, f"{line}X-Long: {'x' * 40_000}\r\n\r\n"),
        "a post that is too long": client.post("/consultation/", 2_000_000),
    }
    judged: dict[str, Judged] = {name: (answer, "personal", True) for name, answer in answers.items()}
    bare = Client(machine.ports["8080"])
    judged["without TLS where TLS is spoken"] = (Client(client.port).get("/"), "personal", True)
    judged["without TLS"] = (bare.get("/faq/"), None, False)
    judged["nonsense without TLS"] = (raw(bare, "NONSENSE\r\n\r\n"), None, False)
    judged["behind a load balancer"] = (Client(machine.ports["8000"]).get("/faq/"), "public", True)
    return judged


def raw(client: Client, text: str) -> Answer:
    """Send exactly this, and return the answer."""
    with socket.create_connection((HOST, client.port), 40) as plain:
        context = client.context
        with context.wrap_socket(plain, server_hostname=HOST) if context else plain as connection:
            connection.sendall(text.encode())
            answer = http.client.HTTPResponse(connection, method="GET")
            answer.begin()
            return Answer(answer.status, answer.headers, b"")


def complaints(judged: dict[str, Judged]) -> str:
    """Return what is wrong with which answer, or "none"."""
    found = {
        name: wrong(dict(answer.headers.items()), kind=kind, tls=tls, cookies=answer.headers.get_all("Set-Cookie", []))
        for name, (answer, kind, tls) in judged.items()
    }
    words = [f"{name}: {', '.join(what)}" for name, what in found.items() if what]
    repeated = said({name: answer for name, (answer, _, _) in judged.items()}, twice)
    if repeated != "none":
        words.append(repeated)
    return "; ".join(words) or "none"


def twice(answer: Answer) -> Set[str]:
    """Return the headers that are there twice, but for cookies and Vary, of which there may be some."""
    names = [name.title() for name in answer.headers]
    return {f"{name} twice" for name in names if names.count(name) > 1} - {"Set-Cookie twice", "Vary twice"}


def check_caching(client: Client, answers: dict[str, Answer], findings: Findings) -> None:
    """What nobody may keep, and what everybody asks for again."""
    findings.must("public pages with padding", said(answers, lambda answer: {"X-Noise"} & answer.names), "none")
    bare = {path: client.get(path) for path in PUBLIC if "." not in path} | {SOONEST: client.get(SOONEST)}
    findings.must("uncompressed pages without Vary", said(bare, lambda answer: {"Vary"} - answer.names), "none")
    findings.must(
        "public pages with another status than 200", said(answers, lambda answer: {answer.status} - {200}), "none"
    )
    asks = {path: answers[path] for path in PUBLIC if path != "/favicon.ico"}
    findings.must(
        "public pages that browsers need not ask for again",
        said(asks, lambda answer: set() if "max-age=0, must-revalidate" in answer.caching else {answer.caching}),
        "none",
    )


def said(answers: dict[str, Answer], wrong: Callable[[Answer], Set[object]]) -> str:
    """Return what is wrong with which path, or "none"."""
    found = {path: wrong(answer) for path, answer in answers.items()}
    return "; ".join(f"{path}: {', '.join(map(str, what))}" for path, what in found.items() if what) or "none"
