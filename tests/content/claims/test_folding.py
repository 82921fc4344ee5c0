"""Text is read as a person sees it, and every place in it is known in the source."""

from __future__ import annotations

import re

import pytest

from content.claims.folding import BLOCK, CELL, ITEM, ROW, TABLE, fold


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("CURES", "cures"),
        ("сurеs", "cures"),
        ("ｃｕｒｅｓ", "cures"),
        ("𝐜𝐮𝐫𝐞𝐬", "cures"),
        ("cu\xadres", "cures"),
        ("cu\u200bres", "cures"),
        ("cu<b>res</b>", "cures"),
        ("cu[3]res", "cures"),
        ("cu<sup>2</sup>res", "cures"),
        ("cu<!-- x -->res", "cures"),
        ("caf&eacute;s &amp; cures", "cafes & cures"),
        ("can’t", "can't"),
        ("a\xa0b", "a b"),
    ],
)
def test_a_word_is_read_as_it_looks(source: str, seen: str) -> None:
    assert fold(source).text == seen


def test_markup_that_makes_blocks_ends_sentences() -> None:
    folded = fold("<p>one</p><ul><li>two</li></ul><table><tr><td>three</td><td>four</td></tr></table>")

    assert (
        "".join(sign for sign in folded.text if sign in BLOCK + ITEM + CELL).replace(BLOCK * 2, BLOCK).count(ITEM) == 1
    )
    assert folded.text.count(CELL) == 2
    assert [word for word in re.split(f"[{BLOCK}{ITEM}{CELL}{TABLE}{ROW}]", folded.text) if word] == [
        "one",
        "two",
        "three",
        "four",
    ]


def test_a_line_of_plain_text_is_a_block_and_one_of_html_is_not() -> None:
    assert fold("one\ntwo").text == f"one{BLOCK}two"
    assert fold("<p>one\ntwo</p>").text == f"{BLOCK}one two{BLOCK}"
    assert fold("one:\n- two").text == f"one:{ITEM}- two"


@pytest.mark.parametrize("source", ["<p>We <b>cu</b>re.</p>", "We\xad сurе", "&quot;We cure&quot;"])
def test_places_lead_back_to_the_source(source: str) -> None:
    folded = fold(source)

    begin = folded.source_of(folded.text.index("we"))

    assert source[begin : begin + 2].lower() == "we"
