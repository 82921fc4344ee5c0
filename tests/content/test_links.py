"""What becomes of the addresses that editors link to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from content import links, richtext
from tests.factories import make_notice


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/x?y=1#z", "https://example.org/x?y=1#z"),
        ("  www.example.org/ ", "https://www.example.org/"),
        ("\u200bhttps://exam\u2060ple.org/\ufeff", "https://example.org/"),
        ("//example.org/x", "https://example.org/x"),
        ("HTTP://Example.org/X", "http://example.org/X"),
        ("https://straße.example/ä", "https://xn--strae-oqa.example/ä"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("ada@example.org", "mailto:ada@example.org"),
        ("mailto:ada@straße.example?subject=Hi%20there", "mailto:ada@xn--strae-oqa.example?subject=Hi%20there"),
    ],
)
def test_what_was_meant_is_completed(typed: str, meant: str) -> None:
    assert links.complete(typed) == meant


@pytest.mark.parametrize(
    "href",
    ["/articles/x/", "/faq/#why", "/", "#why", "https://example.org", "mailto:a@example.org", "tel:+1-202-555-0143"],
)
def test_whole_address_stays(href: str) -> None:
    assert links.complete(href) == href


@pytest.mark.parametrize(
    ("href", "sentence"),
    [
        ("", "has no address"),
        ("#", "names no part of the page after the #"),
        ("htp://example.org", f"cannot start with htp:; {links.WRITE}"),
        ("javascript:alert(1)", f"cannot start with javascript:; {links.WRITE}"),
        ("data:text/html,x", f"cannot start with data:; {links.WRITE}"),
        ("http:/example.org", "needs two slashes after http:"),
        ("https:example.org", "needs two slashes after https:"),
        ("https:///example.org", "needs two slashes after https:"),
        ("https://", "has no site's name such as www.example.org in it"),
        ("https://localhost/", "has no site's name such as www.example.org in it"),
        ("https://1.2.3.4/", "has no site's name such as www.example.org in it"),
        ("https://-a.example/", "has no site's name such as www.example.org in it"),
        ("https://[::1", "has no site's name that can be read"),
        ("https://example.org:99999/", "has no site's name that can be read"),
        ("https://user:pw@example.org/", "has a user's name or a password in it; take it out"),
        ("//", "has no site's name such as www.example.org in it"),
        ("mailto:", "has no mail address such as name@example.org in it"),
        ("mailto:ada", "has no mail address such as name@example.org in it"),
        ("tel:call", "has no telephone number such as +12025550143 in it"),
        ("https://example.org/a b", "has a space in its address; write %20 for one that belongs there"),
        ("java\nscript:alert(1)", "has a space in its address; write %20 for one that belongs there"),
        ("/\\example.org", "has a backslash in its address; write /"),
        ("example.org:8080/x", f"starts with no scheme; {links.WRITE}"),
        ("faq", f"leads to a path below the page it is on; {links.WRITE}"),
        ("../faq/", f"leads to a path below the page it is on; {links.WRITE}"),
        ("leaflet.pdf", f"leads to a path below the page it is on; {links.WRITE}"),
        ("?page=2", f"leads to a path below the page it is on; {links.WRITE}"),
    ],
)
def test_what_leads_nowhere_is_refused_with_the_reason(href: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^") as refused:
        links.complete(href)

    assert str(refused.value) == f"The link “{href.strip()}” {sentence}."


@pytest.mark.parametrize("href", ["/faq/", "#why", "mailto:a@example.org", "tel:+12025550143"])
def test_what_is_no_page_of_a_site_is_no_web_address(href: str) -> None:
    with pytest.raises(ValueError, match="is no web address"):
        links.complete_web(href)


PIECES = "https: http: mailto: tel: javascript: // / www. example.org a@b.example # ? :80 straße.example \\ %20 %40 [ ] @ .. ; +1202 &"
pieces = st.sampled_from([*PIECES.split(), " ", "\t", "\u200b", "\ufeff"])


@given(st.one_of(st.text(max_size=20), st.lists(pieces, max_size=6).map("".join)))
def test_any_text_becomes_an_address_that_leads_where_it_says_or_is_refused(typed: str) -> None:
    try:
        href = links.complete(typed)
    except ValueError:
        return

    assert links.complete(href) == href
    assert not any(sign.isspace() or sign == "\\" for sign in href)
    parts = urlsplit(href)
    assert parts.scheme in {"", *links.SCHEMES}
    if parts.scheme in {"http", "https"}:
        assert parts.hostname is not None
        assert parts.hostname.isascii()
        assert "." in parts.hostname
    elif not parts.scheme:
        assert (href[0] in "/#", parts.netloc) == (True, "")


def test_saved_text_holds_completed_links_and_the_words_of_wrong_ones() -> None:
    html = richtext.clean('<p><a href="www.example.org">A</a> <a href="htp://x.example">B</a></p>')

    assert html == '<p><a href="https://www.example.org">A</a> <a>B</a></p>'


def test_faults_names_each_link_that_leads_nowhere() -> None:
    found = links.faults('<p><a href="htp://x.example">B</a> <a href="/faq/">C</a> <a href>D</a></p>')

    assert found == [
        f"The link “htp://x.example” cannot start with htp:; {links.WRITE}.",
        "The link “” has no address.",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"), [("www.example.org/x", "https://www.example.org/x"), ("http:/x", ""), ("", "")]
)
def test_web_address_is_kept_whole_whoever_saves_it(db: None, typed: str, kept: str) -> None:
    notice = make_notice(source=typed)
    notice.refresh_from_db()

    assert notice.source == kept


def test_web_address_that_leads_nowhere_is_refused_with_the_reason(db: None) -> None:
    notice = make_notice()
    notice.source = "http:/x"

    with pytest.raises(ValidationError) as refused:
        notice.full_clean()

    assert refused.value.message_dict == {"source": ["The link “http:/x” needs two slashes after http:."]}
