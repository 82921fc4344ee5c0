"""Nothing is missing in the headers of any answer: every address there is, every kind of refusal, judged by one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import Settings

from content.media import reading, storing
from content.models import Article
from scripts.machine.headers import Kind, wrong
from tests.admin_pages import make_rows, paths
from tests.clinic.broken import DatabaseIsAway
from tests.clinic.pages import PATHS
from tests.clinic.test_hostile_addresses import routes
from tests.content.media.pictures import picture
from tests.factories import NOW, make_request, make_staff

pytestmark = [pytest.mark.usefixtures("sample_site", "db"), pytest.mark.alike]

# Addresses outside the admin that are the same for everybody, besides the pages themselves.
PUBLIC = ["/feed/", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/favicon.ico", "/apple-touch-icon.png"]
PROBES = ["/healthz", "/readyz"]
SEARCHES = ["/search/?q=knee"]
# Same for everybody, and kept for a minute.
TIMES = ["/consultation/soonest/"]


@pytest.fixture(autouse=True)
def _public_site(settings: Settings) -> None:
    """Be the site behind TLS."""
    settings.SECURE_SSL_REDIRECT = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def scan(response: Any, kind: Kind | None) -> list[str]:
    """Return what is wrong with an answer that came over TLS."""
    if response.streaming:
        # Read to its end, a file is closed.
        b"".join(response.streaming_content)
    cookies = [morsel.OutputString() for morsel in response.cookies.values()]
    return wrong(response.headers, kind=kind, tls=True, cookies=cookies)


def judged(client: Client, asked: dict[str, Kind | None]) -> dict[str, list[str]]:
    """Return what is wrong at which address."""
    client.raise_request_exception = False
    found = {path: scan(client.get(path, secure=True), kind) for path, kind in asked.items()}
    return {path: complaints for path, complaints in found.items() if complaints}


def test_every_public_page_has_every_header(client: Client) -> None:
    asked: dict[str, Kind | None] = dict.fromkeys([*PATHS, *PUBLIC, *TIMES], "public")
    asked.update(dict.fromkeys(SEARCHES, "search"))
    asked.update(dict.fromkeys(PROBES, "personal"))

    assert judged(client, asked) == {}


def test_every_file_has_every_header(client: Client) -> None:
    image = storing.store(reading.read(picture(size=(900, 300))), title="A joint", by=make_staff(), now=NOW)[0]
    article = client.get("/articles/exosomes-vs-prp/", secure=True).content.decode()
    card = "/media/cards/" + article.partition("/media/cards/")[2].partition('"')[0]

    assert client.get(card, secure=True).status_code == 200
    asked: dict[str, Kind | None] = {
        f"/media/{image.digest}-900.webp": "file",
        card: "public",
        "/static/css/site.css": None,
    }
    assert judged(client, asked) == {}


def private_paths(token: str) -> Iterator[str]:
    """Yield every address of a private page and of the request form."""
    for route, _ in routes_of("consultation/"):
        yield "/" + route.replace("<str:token>", token)


def routes_of(beginning: str) -> Iterator[tuple[str, Any]]:
    """Yield the routes that begin so."""
    yield from ((route, found) for route, found in routes(get_resolver()) if route.startswith(beginning))


def test_every_private_page_has_every_header_and_is_kept_nowhere(client: Client) -> None:
    token = make_request().get_private_url().rstrip("/").rpartition("/")[2]
    asked: dict[str, Kind | None] = {path: "personal" for path in private_paths(token) if path not in TIMES}

    assert len(asked) > 15
    assert judged(client, asked) == {}


def test_every_page_of_the_admin_has_every_header_and_is_kept_nowhere(client: Client) -> None:
    rows = make_rows()
    client.force_login(make_staff(is_superuser=True))

    asked: dict[str, Kind | None] = {path: "personal" for _, path in paths(rows)}

    assert len(asked) > 250
    assert judged(client, asked) == {}


def test_preview_has_every_header_and_is_kept_nowhere(client: Client) -> None:
    revision = Article.objects.get(slug="exosomes-vs-prp").revisions.latest("number")
    path = reverse("content:preview", args=["exosomes-vs-prp", revision.number])
    client.force_login(make_staff(is_superuser=True))

    assert client.get(path, secure=True).status_code == 200
    assert judged(client, {path: "personal", "/preview/none/": None}) == {}


def too_much(client: Client) -> Any:
    """Send more than a form may hold."""
    return client.post(
        "/consultation/", b"message=" + b"x" * 1_100_000, "application/x-www-form-urlencoded", secure=True
    )


# What a refusal is, how it is brought about, and while what is so.
REFUSALS: dict[str, tuple[int, Callable[[Client], Any], AbstractContextManager[Any]]] = {
    "bad request": (
        400,
        lambda client: client.get("/compare/?therapy=prp", secure=True),
        nullcontext(),
    ),
    "foreign host": (400, lambda client: client.get("/", secure=True, headers={"host": "evil.example"}), nullcontext()),
    "no cookie": (403, lambda client: client.post("/admin/login/", {"username": "x"}, secure=True), nullcontext()),
    "no page": (404, lambda client: client.get("/no/such/page/", secure=True), nullcontext()),
    "control character": (404, lambda client: client.get("/a%00b", secure=True), nullcontext()),
    "read only": (405, lambda client: client.post("/faq/", secure=True), nullcontext()),
    "too much": (413, too_much, nullcontext()),
    "our error": (500, lambda client: client.get("/faq/", secure=True), DatabaseIsAway(RuntimeError)),
    "page while away": (503, lambda client: client.get("/faq/", secure=True), DatabaseIsAway()),
    "not ready": (503, lambda client: client.get("/readyz", secure=True), DatabaseIsAway()),
    "form while away": (503, lambda client: client.get("/consultation/", secure=True), DatabaseIsAway()),
    "away to TLS": (301, lambda client: client.get("/faq/"), nullcontext()),
    "another spelling": (301, lambda client: client.get("/FAQ", secure=True), nullcontext()),
    "log in first": (302, lambda client: client.get("/admin/", secure=True), nullcontext()),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_every_header(name: str) -> None:
    status, ask, meanwhile = REFUSALS[name]
    client = Client(raise_request_exception=False, enforce_csrf_checks=name == "no cookie")

    with meanwhile:
        response = ask(client)

    tls = name != "away to TLS"
    assert response.status_code == status
    assert wrong(response.headers, kind=None, tls=tls, cookies=[]) == []


def test_answers_as_json_have_every_header(client: Client) -> None:
    client.force_login(make_staff(is_superuser=True))
    answers = [
        client.get(reverse("admin:content_article_offers"), secure=True),
        client.post(reverse("admin:content_claimrule_check"), {"text": "It cures."}, secure=True),
    ]

    assert [answer.headers["Content-Type"] for answer in answers] == ["application/json"] * 2
    assert [scan(answer, "personal") for answer in answers] == [[], []]


def test_table_asks_no_charset_of_what_leads_on() -> None:
    on = {"Location": "/", "Content-Type": "text/html"}

    assert "Content-Type without a charset" not in wrong(on, kind=None, tls=True)


def test_table_finds_what_is_missing_and_what_tells_too_much() -> None:
    bare = HttpResponse(headers={"Server": "nginx/1.28.0", "X-Powered-By": "x", "Content-Type": "text/html"})
    whole = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline' https://cdn.example; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "Cache-Control": "private, no-cache",
    }

    assert wrong(bare.headers, kind=None, tls=True) == [
        "Content-Security-Policy: missing",
        "Cross-Origin-Opener-Policy: missing",
        "Cross-Origin-Resource-Policy: missing",
        "Permissions-Policy: missing",
        "Referrer-Policy: missing",
        "X-Content-Type-Options: missing",
        "X-Frame-Options: missing",
        "Strict-Transport-Security: missing",
        "X-Powered-By: x",
        "Server: nginx/1.28.0",
        "Content-Type without a charset",
    ]
    assert wrong(
        whole,
        kind="personal",
        tls=False,
        cookies=["a=b; SameSite=None", "c=d; HttpOnly; SameSite=Lax", 'e=""; Max-Age=0'],
    ) == [
        "Cache-Control: private, no-cache",
        "Content-Security-Policy allows 'unsafe-inline'",
        "Content-Security-Policy allows https:",
        "Content-Security-Policy allows .example",
        "Strict-Transport-Security without TLS",
        "cookie a without HttpOnly",
        "cookie a without SameSite",
    ]
