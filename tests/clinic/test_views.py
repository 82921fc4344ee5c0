"""What machines ask for, and the pages for when something goes wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from clinic import views
from content.models import ClinicProfile
from tests.clinic.broken import DatabaseIsAway


def test_healthz_asks_nothing_of_the_database(client: Client) -> None:
    # Without the `db` fixture any query raises.
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


def test_readyz_database_and_queue_usable(client: Client, db: None) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_database_away(client: Client, db: None) -> None:
    with DatabaseIsAway():
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"database: unusable\n")


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/readyz",
        "/robots.txt",
        "/sitemap.xml",
        "/feed/",
        "/.well-known/security.txt",
        "/consultation/soonest/",
        "/consultation/r/a/calendar.ics",
    ],
)
def test_what_can_only_be_read_says_so_in_words(db: None, path: str) -> None:
    response = Client(enforce_csrf_checks=True).post(path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert "This page can only be read" in response.content.decode()


def test_robots_names_the_private_rooms_and_the_sitemap(client: Client, db: None) -> None:
    response = client.get("/robots.txt")

    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /consultation/r/\nDisallow: /preview/\nSitemap: http://localhost:8000/sitemap.xml\n"
    )


def test_security_txt_names_contact_and_a_time_to_come(client: Client, clinic: ClinicProfile) -> None:
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())

    expires = dt.datetime.fromisoformat(lines["Expires"])
    assert lines["Contact"] == "mailto:hello@fern.example"
    assert lines["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert dt.timedelta(days=100) < expires - dt.datetime.now(dt.UTC) < dt.timedelta(days=366)


def test_security_txt_without_a_profile_is_not_found(client: Client, db: None) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


def test_unknown_page_looks_like_the_site(client: Client, clinic: ClinicProfile) -> None:
    response = client.get("/no/such/page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert page.count("<h1") == 1
    assert "We could not find that page" in page
    assert 'content="noindex"' in page


@pytest.mark.parametrize("path", ["articles/none/", "therapies/none/", "centers/none/"])
def test_page_that_is_not_there_says_so_in_words_for_readers(client: Client, clinic: ClinicProfile, path: str) -> None:
    response = client.get(f"/{path}")

    said = re.findall('<p class="lede">(.*?)</p>', response.content.decode())
    assert (response.status_code, said) == (404, ["The address may be mistyped, or the page may have moved."])


def test_unknown_host_is_refused_with_words(client: Client, clinic: ClinicProfile) -> None:
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_too_much_at_once_is_told(clinic: ClinicProfile) -> None:
    client = Client(raise_request_exception=False)

    response = client.post(
        "/consultation/",
        {"message": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)},
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 413
    assert "That was more than we can take" in response.content.decode()


@pytest.mark.parametrize(
    ("answer", "status"),
    [(views.csrf_failure, 403), (partial(views.bad_request, exception=RequestDataTooBig()), 413)],
    ids=["without a token", "too much"],
)
def test_refusal_waits_until_the_body_was_sent(
    clinic: ClinicProfile, answer: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    request = RequestFactory().post("/admin/login/", b"x" * 3_000_000, content_type="text/plain")

    assert answer(request).status_code == status
    assert request.read() == b""


def test_refusal_waits_for_no_more_than_a_proxy_lets_through(clinic: ClinicProfile) -> None:
    request = RequestFactory().post("/admin/login/", b"x" * (views.LARGEST_BODY + 5), content_type="text/plain")

    views.csrf_failure(request)

    assert request.read() == b"xxxxx"


def test_form_of_staff_without_its_cookie_is_told_how_to_go_on(clinic: ClinicProfile) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/admin/login/", {"username": "ada"})

    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyError, 500, "Something went wrong on our side"),
        (OperationalError, 503, "load this page again in a minute"),
    ],
)
def test_page_that_breaks_says_so_without_the_database(
    db: None, error: type[Exception], status: int, words: str
) -> None:
    client = Client(raise_request_exception=False)

    with DatabaseIsAway(error):
        response = client.get("/faq/")

    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert page.count("<h1") == 1


def test_http_is_sent_to_https_on_a_public_site(client: Client, db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/robots.txt")

    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/robots.txt")


def test_health_check_is_not_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
