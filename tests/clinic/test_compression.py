"""What compression adds to answers: padding to personal ones only, and for caches what they depend on."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from clinic.compression import CompressionMiddleware
from content.models import ClinicProfile

HEADERS = {"accept-encoding": "gzip"}


def answered(**headers: str) -> HttpResponse:
    """Return a long answer with these headers as it leaves the middleware."""
    response = HttpResponse("word " * 100, headers=headers)
    CompressionMiddleware(lambda request: response)(RequestFactory().get("/", headers=HEADERS))
    return response


@pytest.mark.parametrize("path", ["/", "/faq/", "/no/such/page/"])
def test_page_that_is_the_same_for_everyone_has_no_padding(path: str, client: Client, clinic: ClinicProfile) -> None:
    response = client.get(path, headers=HEADERS)

    assert (response.headers["Content-Encoding"], response.has_header("x-noise")) == ("gzip", False)


@pytest.mark.parametrize("path", ["/consultation/", "/admin/login/"])
def test_page_with_a_form_of_one_person_is_padded(path: str, client: Client, clinic: ClinicProfile) -> None:
    assert client.get(path, headers=HEADERS).has_header("x-noise") is True


@pytest.mark.parametrize(
    ("headers", "padded"),
    [
        ({}, False),
        ({"Cache-Control": "public, max-age=60"}, False),
        ({"Cache-Control": "private, no-cache"}, True),
        ({"Cache-Control": "no-store"}, True),
        ({"Vary": "Accept-Language, Cookie"}, True),
    ],
)
def test_padding_follows_from_what_the_answer_says_of_itself(headers: dict[str, str], *, padded: bool) -> None:
    assert answered(**headers).has_header("x-noise") is padded


def test_answer_that_sets_a_cookie_is_padded() -> None:
    response = HttpResponse("word " * 100)
    response.set_cookie("a", "b")

    CompressionMiddleware(lambda request: response)(RequestFactory().get("/", headers=HEADERS))

    assert response.has_header("x-noise") is True


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_every_answer_that_may_be_compressed_says_that_it_depends_on_the_browser(
    encoding: str, client: Client, clinic: ClinicProfile
) -> None:
    assert client.get("/faq/", headers={"accept-encoding": encoding}).headers["Vary"].lower() == "accept-encoding"


def ask(middleware: CompressionMiddleware, response: HttpResponse, coding: str) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of an answer as it leaves the middleware."""
    middleware.get_response = lambda request: response
    middleware(RequestFactory().get("/", headers={"accept-encoding": coding}))
    return response.content, {name.lower(): value for name, value in response.items()}


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_public_answer_that_was_compressed_before_is_the_same(coding: str) -> None:
    middleware = CompressionMiddleware(lambda request: HttpResponse())

    first, *others = (ask(middleware, HttpResponse("word " * 100), coding) for _ in range(2))

    assert (first[1]["content-encoding"], others) == (coding, [first])


def test_kept_answers_are_told_apart_by_words_and_coding() -> None:
    middleware = CompressionMiddleware(lambda request: HttpResponse())
    asked = [(words, coding) for words in ("word ", "deed ") for coding in ("gzip", "br", "gzip")]

    found = [ask(middleware, HttpResponse(words * 100), coding)[0] for words, coding in asked]

    alone = [
        ask(CompressionMiddleware(lambda request: HttpResponse()), HttpResponse(words * 100), coding)[0]
        for words, coding in asked
    ]
    assert (found, len(set(found))) == (alone, 4)
