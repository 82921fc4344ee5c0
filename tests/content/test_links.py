"""Links as editors write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import links, richtext


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/prp?x=1#y", "https://example.org/prp?x=1#y"),
        ("//example.org/x", "https://example.org/x"),
        ("HTTP://example.org", "http://example.org"),
        ("https://straße.example/", "https://straße.example/"),
        ("ada@example.org", "mailto:ada@example.org"),
        ("mailto:ada@example.org?subject=Hi", "mailto:ada@example.org?subject=Hi"),
        ("tel:+12025550143", "tel:+12025550143"),
        ("/articles/what-is-prp/", "/articles/what-is-prp/"),
        ("#risks", "#risks"),
        (" www.example.org ", "https://www.example.org"),
    ],
)
def test_link_is_completed_where_it_is_plain_what_was_meant(written: str, leads_to: str) -> None:
    assert links.complete(written) == leads_to


@pytest.mark.parametrize(
    "written",
    ["htp://example.org", "javascript:alert(1)", "data:text/html,x", "https://", "http:/x", "mailto:", "mailto:nobody", "tel:", "articles", "", "https://no host/"],
)  # fmt: skip
def test_link_that_leads_nowhere_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"^(The link|A link) .*\.$|with #"):
        links.complete(written)


@given(st.text(max_size=40))
def test_completed_link_stays_as_it_is(written: str) -> None:
    try:
        once = links.complete(written)
    except ValueError:
        return

    assert links.complete(once) == once
    assert once.startswith(("/", "#", "https:", "http:", "mailto:", "tel:"))


def test_saved_text_holds_completed_links_and_the_words_of_wrong_ones() -> None:
    html = richtext.clean('<p><a href="www.example.org">A</a> <a href="htp://x.example">B</a></p>')

    assert html == '<p><a href="https://www.example.org">A</a> <a>B</a></p>'


def test_faults_names_each_link_that_leads_nowhere() -> None:
    found = links.faults('<p><a href="htp://x.example">B</a> <a href="/faq/">C</a></p>')

    assert found == ["A link cannot start with “htp:”. Use https://, mailto: or tel:."]
