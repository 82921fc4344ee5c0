"""Text from outside, tidied: what is taken off, what is kept, and that tidying again changes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content import text

# Everything Unicode has, with surrogates, and more often than by chance what the module is about.
ODD = "\x00\x0b\u200b\u200c\u200d\u200e\u2060\u202e\u2066\u3164\uffa0\u2800\ufb2c\u0301\ufe0f\ufffe\ud800\U000e0061<>\"'@. :;%"
WILD = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(ODD)), max_size=40)
TIDIERS = [text.printable, text.in_lines, text.on_one_line, text.mail_address, text.phone_number]


@pytest.mark.parametrize("tidy", TIDIERS)
@given(typed=WILD)
@example(typed="<<mailto:%3Cada@visitor.example%3E>>")
@example(typed="a\u200c \u200cb")
def test_tidied_again_is_the_same(tidy: Callable[[str], str], typed: str) -> None:
    once = tidy(typed)

    assert tidy(once) == once


@pytest.mark.parametrize("tidy", TIDIERS[1:])
@given(typed=WILD)
def test_tidied_is_normal_text_without_direction_marks(tidy: Callable[[str], str], typed: str) -> None:
    tidied = tidy(typed)

    assert unicodedata.is_normalized("NFC", tidied)
    assert [sign for sign in tidied if unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO", "PDF"}] == []
    assert [sign for sign in tidied if unicodedata.bidirectional(sign) in {"LRI", "RLI", "FSI", "PDI"}] == []
    assert [sign for sign in tidied if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"] == []


@given(typed=WILD, invisible=st.sampled_from("\u200b\u2060\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\xad\u061c"))
def test_what_cannot_be_seen_makes_no_other_address(typed: str, invisible: str) -> None:
    plain = text.mail_address(typed)

    assert text.mail_address(f"{invisible}{plain[:3]}{invisible}{plain[3:]}{invisible}") == plain


@pytest.mark.parametrize(
    "typed",
    ["", "\u3164", "\u200b", "\u2060\u200e", "\u2800 \u2800", "\u0301", "\xad\xad", "\uffa0", "\x00", "\u200d\ufe0f"],
)
def test_what_cannot_be_seen_does_not_show(typed: str) -> None:
    assert not text.shows(typed)


@pytest.mark.parametrize("typed", ["x", "李", "علی", ".", "🙂", "5", "\u3164x", "\ue000"])
def test_what_can_be_seen_shows(typed: str) -> None:
    assert text.shows(typed)


@settings(max_examples=50)
@given(
    st.text(
        st.characters(categories=["Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"])
        | st.sampled_from("\u3164\uffa0\u115f\u2800")
    ),
    st.sampled_from("x李5.🙂"),
)
def test_only_a_sign_that_can_be_seen_shows(unseen: str, seen: str) -> None:
    assert not text.shows(unseen)
    assert text.shows(f"{unseen}{seen}{unseen}")


@pytest.mark.parametrize(
    "name",
    [
        "می\u200cخواهم",
        "ക്\u200dഷ",
        "👩\u200d👧",
        "❤\ufe0f",
        "葛\U000e0100",
        "O’Brien",
        "Åsa",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_what_shapes_letters_stays_in_words(name: str) -> None:
    assert text.on_one_line(name) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ada\u202e Lovelace", "Ada Lovelace"),
        ("\u2067Ada\u2069", "Ada"),
        ("Ada\u200d", "Ada"),
        ("A\u030asa", "Åsa"),
        ("Ada\u2028Lovelace", "Ada Lovelace"),
        ("Ada \ufffe\x0b Lovelace", "Ada Lovelace"),
    ],
)
def test_direction_marks_and_the_like_leave_a_name(typed: str, name: str) -> None:
    assert text.on_one_line(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "o'brien@visitor.example\u200b",
        "mailto:o'brien@visitor.example?subject=Hello",
        "MAILTO:o%27brien@visitor.example",
        "<o'brien@visitor.example>",
        "Ann O'Brien <o’brien@visitor.example>,",
        "o’brien@visitor.example",
        "ｏ＇brien＠visitor．example",
        "“o'brien@visitor.example”",
        "o'brien@visitor.example.",
        "(o'brien@visitor.example.)",
        "o'brien @ visitor . example",
        "\u202ao'brien@visi\xadtor.example\u202c",
    ],
)
def test_address_leaves_what_it_came_in(typed: str) -> None:
    assert text.mail_address(typed) == "o'brien@visitor.example"


@pytest.mark.parametrize(
    "typed",
    [
        "+1 202\u2060-555 0147\u200e",
        "tel:+1%20202-555%200147",
        "TEL: +1 202-555 0147",
        "<+1 202-555 0147>",
        "＋１ 202‑555 0147",
        "\u202a+1 202–555 0147\u202c",
        "“+1 202-555 0147”,",
    ],
)
def test_number_leaves_what_it_came_in(typed: str) -> None:
    assert text.phone_number(typed) == "+1 202-555 0147"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ada", "The @ is missing."),
        ("ada@home@visitor.example", "There is more than one @ in it."),
        ("@visitor.example", "There is nothing before the @."),
        ("ada@", "There is nothing after the @."),
        ("ada lovelace@visitor.example", "There is a space in it."),
        ("ädа@visitor.example", "We cannot send mail to an address with “ä” before the @."),
        ("ada@visitor", "The end is missing, such as .com."),
        ("ada..l@visitor.example", "There are two dots side by side in it."),
        ("ada.@visitor.example", "There is a dot beside the @."),
        ("ada@-visitor.example", ""),
    ],
)
def test_fault_of_an_address_is_named(address: str, sentence: str) -> None:
    assert text.address_fault(address) == sentence


def test_lines_are_those_that_say_something() -> None:
    assert text.lines(" a \n\n\tb\r\nc") == ["a", "b", "c"]
