"""Every public page of the sample site keeps the house's promises."""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from content.caching import ASK_AGAIN
from tests.clinic.pages import PATHS, Page

pytestmark = pytest.mark.usefixtures("sample_site", "db")


@pytest.mark.parametrize("path", PATHS)
def test_page_is_whole(client: Client, path: str) -> None:
    response = client.get(path)

    page = Page(response.content.decode())
    assert response.status_code == 200
    assert page.tags["h1"] == 1
    assert page.tags["main"] == 1
    assert page.anchors[0] == "#main"
    assert page.ids["main"] == 1
    assert [name for name, times in page.ids.items() if times > 1] == []
    assert page.title
    assert 20 <= len(page.meta["description"]) <= 160
    assert page.links["canonical"] == f"http://localhost:8000{path}"


@pytest.mark.parametrize("path", PATHS)
def test_page_says_the_same_to_everyone_and_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    response = client.get(path)

    page = Page(response.content.decode())
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert response.headers["Cache-Control"] == ASK_AGAIN
    assert page.inline == []
    assert page.foreign == []
    # A form with a token would be for one person; a public page links to it instead.
    assert "csrfmiddlewaretoken" not in page.html


@pytest.mark.parametrize(
    "path", ["/", "/articles/exosomes-vs-prp/", "/consultation/", "/no/such/page/", "/admin/login/"]
)
def test_policy_forbids_what_stands_inline_and_what_comes_from_elsewhere(client: Client, path: str) -> None:
    response = client.get(path)

    rules = dict(rule.strip().split(" ", 1) for rule in response.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert re.sub(r" 'nonce-[\w-]+'", "", rules["script-src"]) == "'self'"
    assert {rules[name] for name in ("style-src", "img-src", "font-src", "connect-src", "form-action")} == {"'self'"}
    assert {rules[name] for name in ("base-uri", "object-src", "frame-ancestors")} == {"'none'"}


def test_request_form_is_for_one_person(client: Client) -> None:
    response = client.get("/consultation/")

    page = Page(response.content.decode())
    assert response.headers["Cache-Control"] == "no-store"
    assert (page.tags["h1"], page.inline, page.foreign) == (1, [], [])


def test_titles_and_descriptions_are_each_page_s_own(client: Client) -> None:
    titles: defaultdict[str, list[str]] = defaultdict(list)
    descriptions: defaultdict[str, list[str]] = defaultdict(list)
    for path in PATHS:
        page = Page(client.get(path).content.decode())
        titles[page.title].append(path)
        descriptions[page.meta["description"]].append(path)

    assert [paths for paths in titles.values() if len(paths) > 1] == []
    assert [paths for paths in descriptions.values() if len(paths) > 1] == []


@pytest.mark.alike
def test_internal_links_lead_somewhere(client: Client) -> None:
    pages: dict[str, Page] = {}

    def leads_somewhere(target: str) -> bool:
        address, fragment = urldefrag(target)
        if address not in pages:
            response = client.get(address)
            pages[address] = Page(response.content.decode() if response.status_code == 200 else "")
        return bool(pages[address].tags) and (not fragment or pages[address].ids[fragment] == 1)

    assert [path for path in PATHS if not leads_somewhere(path)] == []
    targets = {(urljoin(path, anchor), path) for path in PATHS for anchor in pages[path].anchors}
    assert [found for found in sorted(targets) if not urlsplit(found[0]).scheme and not leads_somewhere(found[0])] == []


def test_search_engines_are_told_of_every_page(client: Client) -> None:
    listed = re.findall(r"<loc>http://[^/]+(/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())

    assert [path for path in PATHS if path not in listed and path.count("-vs-") < 2] == ["/search/"]


def test_search_is_listed_nowhere_and_followed(client: Client) -> None:
    asked = client.get("/search/", {"q": "knee"})

    pages = [Page(response.content.decode()) for response in (client.get("/search/"), asked)]
    assert [page.meta["robots"] for page in pages] == ["noindex,follow"] * 2
    assert asked.headers["Cache-Control"] == "private, no-cache"
    assert "/search/" not in client.get("/sitemap.xml").content.decode()
