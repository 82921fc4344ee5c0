"""Passages mark what was looked for, and nothing in a text is taken for markup."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from content.search.results import PASSAGE, marked, passage


def test_words_are_marked_in_their_own_spelling() -> None:
    assert marked("Exosomes, and an exosome.", frozenset({"exosomes"})) == "<mark>Exosomes</mark>, and an exosome."


def test_markup_in_a_text_is_shown_and_not_followed() -> None:
    assert (
        marked("<script>prp</script> & more", frozenset({"prp"}))
        == "&lt;script&gt;<mark>prp</mark>&lt;/script&gt; &amp; more"
    )


def test_passage_is_taken_where_the_words_stand() -> None:
    text = "Nothing here. " * 40 + "The knee and the cartilage of it. " + "Nothing there. " * 40

    found = passage(text, frozenset({"knee", "cartilage"}))

    assert "The <mark>knee</mark> and the <mark>cartilage</mark> of it." in found
    assert found.startswith("… ")
    assert found.endswith(" …")


@settings(max_examples=40, deadline=None)
@given(st.text(), st.frozensets(st.text(max_size=4), max_size=4))
def test_any_text_is_shown_as_it_is(text: str, words: frozenset[str]) -> None:
    assert html.unescape(re.sub("</?mark>", "", marked(text, words))) == html.unescape(html.escape(text))
    assert len(re.sub("</?mark>|&[#a-z0-9]+;", "", passage(text, words))) <= PASSAGE + 4
