"""Asking other sites: one that answers in every way stands on this machine, and nothing leaves it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from content.linking import asking
from content.linking.asking import Manner, Verdict, ask, ask_all
from tests.content.linking.other_site import OtherSite, other_site

HERE = Manner("a test", timeout=5, private=True)


@pytest.fixture
def site() -> Iterator[OtherSite]:
    """Another site."""
    with other_site() as running:
        yield running


@pytest.mark.parametrize(
    ("path", "verdict", "status", "asked"),
    [
        ("/page?x=é y", Verdict.OK, 200, ["HEAD /page?x=%C3%A9%20y"]),
        ("/no-head", Verdict.OK, 200, ["HEAD /no-head", "GET /no-head"]),
        ("/to/page", Verdict.OK, 200, ["HEAD /to/page", "HEAD /page"]),
        ("/404", Verdict.BROKEN, 404, ["HEAD /404", "GET /404"]),
        ("/500", Verdict.BROKEN, 500, ["HEAD /500", "GET /500"]),
        ("/403", Verdict.UNCLEAR, 403, ["HEAD /403", "GET /403"]),
        ("/to/404", Verdict.BROKEN, 404, ["HEAD /to/404", "HEAD /404", "GET /to/404", "GET /404"]),
    ],
)
def test_page_is_asked_by_head_and_by_get_where_that_is_refused(
    site: OtherSite, path: str, verdict: Verdict, status: int, asked: list[str]
) -> None:
    answer = ask(site.address + path, HERE)

    assert (answer.verdict, answer.status, site.asked) == (verdict, status, asked)


def test_page_that_leads_to_itself_is_broken(site: OtherSite) -> None:
    answer = ask(f"{site.address}/to/to/to/to/to/to/to/to/to/to/to/page", HERE)

    assert (answer.verdict, answer.words) == (Verdict.BROKEN, "leads on more than 8 times")
    assert len(site.asked) == asking.MOST_REDIRECTS + 1


@pytest.mark.parametrize("path", ["/never", "/drip"])
def test_page_that_never_answers_is_given_up_in_time(site: OtherSite, path: str) -> None:
    began = monotonic()

    answer = ask(site.address + path, Manner("a test", timeout=0.3, private=True))

    assert (answer.verdict, answer.words) == (Verdict.BROKEN, "no answer within 0.3 seconds")
    assert monotonic() - began < 3


def test_port_where_nobody_listens_is_broken() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        answer = ask(f"http://127.0.0.1:{free.getsockname()[1]}/", HERE)

    assert (answer.verdict, answer.status) == (Verdict.BROKEN, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.0.1/", "http://169.254.169.254/latest/",
        "http://[::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/",
        "http://224.0.0.1/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_address_within_a_private_network_is_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: Any) -> None:
        pytest.fail("it was asked")

    monkeypatch.setattr(socket, "create_connection", connect)

    answer = ask(url, Manner("a test"))

    assert answer.verdict == Verdict.BROKEN
    assert "is within a private network and was not asked" in answer.words


def test_redirect_into_a_private_network_is_not_followed(site: OtherSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_is_public", lambda address: address == "127.0.0.1")

    answer = ask(f"{site.address}/to/http://10.0.0.1/secret", Manner("a test", timeout=5))

    assert answer.words == "10.0.0.1 is within a private network and was not asked"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/"])
def test_redirect_to_what_is_no_web_address_is_not_followed(site: OtherSite, location: str) -> None:
    answer = ask(f"{site.address}/to/{location}", HERE)

    assert answer.words == f"leads to {location}, which is no web address"


def test_sites_are_asked_at_the_same_time_and_each_page_once(site: OtherSite) -> None:
    with other_site() as second:
        urls = [f"{each.address}/{n}" for each in (site, second) for n in ("a", "b", "404", "a")]
        answers = list(ask_all(urls, HERE))

    assert sorted(answer.url for answer in answers) == sorted(set(urls))
    assert site.asked == ["HEAD /a", "HEAD /b", "HEAD /404", "GET /404"]
    assert sum(answer.verdict == Verdict.BROKEN for answer in answers) == 2


def test_nothing_to_ask_is_asked_of_nobody() -> None:
    assert list(ask_all([], HERE)) == []
