"""Rich text: what survives sanitising, what Markdown becomes, and where citations lead."""

from __future__ import annotations

import pytest

from content import richtext


@pytest.mark.parametrize(
    "html",
    [
        "<p>A <strong>strong</strong> and <em>fine</em> point.</p>",
        "<ul>\n<li>One</li>\n</ul>",
        '<p><a href="/articles/what-is-prp/">Inside</a> <a href="mailto:a@b.example">mail</a></p>',
        "<h3>A heading</h3>",
        '<table><tbody><tr><th scope="row">A</th><td>B</td></tr></tbody></table>',
    ],
)
def test_what_editors_may_use_survives(html: str) -> None:
    assert richtext.clean(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>alert(1)</script><p>A</p>", "<p>A</p>"),
        ("<style>p{}</style><p>A</p>", "<p>A</p>"),
        ('<p style="color:red" onclick="x()" class="c">A</p>', "<p>A</p>"),
        ('<p><img src="x" onerror="x()">A</p>', "<p>A</p>"),
        ('<p><a href="javascript:alert(1)">A</a></p>', "<p><a>A</a></p>"),
        ('<p><a href="data:text/html,x">A</a></p>', "<p><a>A</a></p>"),
        ("<iframe src='/'></iframe><p>A</p>", "<p>A</p>"),
        ("<form action='/'><input></form>", ""),
        ("<p>A", "<p>A</p>"),
        ("<!-- note --><p>A</p>", "<p>A</p>"),
    ],
)
def test_what_could_do_harm_is_taken_away(html: str, left: str) -> None:
    assert richtext.clean(html) == left


def test_cleaning_twice_changes_nothing() -> None:
    once = richtext.clean("<p>A &amp; B &lt; C “D” <b>E</b>\u00a0F</p><ul><li>G")

    assert richtext.clean(once) == once


def test_markdown_becomes_paragraphs_lists_and_links() -> None:
    html = richtext.from_markdown("One **two**\nthree.\n\n- [four](/faq/)\n- five\n\n### Six")

    assert html == (
        '<p>One <strong>two</strong>\nthree.</p>\n<ul>\n<li><a href="/faq/">four</a></li>\n<li>five</li>\n</ul>\n<h3>Six</h3>'
    )


def test_raw_html_in_markdown_stays_visible_as_text() -> None:
    assert richtext.from_markdown("A <b>bold</b> claim") == "<p>A &lt;b&gt;bold&lt;/b&gt; claim</p>"


def test_the_words_of_rich_text_stand_on_one_line() -> None:
    assert richtext.to_text("<h3>One</h3>\n<p>two <em>three</em></p><ul><li>four</li></ul>") == "One two three four"


def test_nothing_comes_between_a_link_and_the_comma_after_it() -> None:
    html = '<p>It is <a href="term:1">allogeneic</a>: from <strong>donors</strong>, 10<sup>9</sup>.<br>Ask.</p>'

    assert richtext.to_text(html) == "It is allogeneic: from donors, 109. Ask."


def test_a_citation_becomes_a_link_and_only_the_first_place_gets_an_anchor() -> None:
    seen: set[int] = set()

    first = richtext.link_citations("<p>A.[2]</p>", {1, 2}, seen)
    second = richtext.link_citations("<p>B.[2]</p>", {1, 2}, seen)

    assert first == '<p>A.<a class="cite" href="#ref-2" id="cite-2" aria-label="Reference 2">[2]</a></p>'
    assert second == '<p>B.<a class="cite" href="#ref-2" aria-label="Reference 2">[2]</a></p>'
    assert seen == {2}


def test_adjacent_citations_are_links_of_their_own() -> None:
    html = richtext.link_citations(richtext.from_markdown(r"A.\[1\]\[2\](b)"), {1, 2}, set())

    assert html == (
        '<p>A.<a class="cite" href="#ref-1" id="cite-1" aria-label="Reference 1">[1]</a>'
        '<a class="cite" href="#ref-2" id="cite-2" aria-label="Reference 2">[2]</a>(b)</p>'
    )


def test_a_number_without_a_reference_stays_as_typed() -> None:
    assert richtext.link_citations("<p>A.[3]</p>", {1, 2}, set()) == "<p>A.[3]</p>"


def test_a_number_in_an_address_is_no_citation() -> None:
    html = '<p><a href="https://authority.example/?page[1]=&gt;">A</a></p>'

    assert richtext.link_citations(html, {1}, set()) == html


@pytest.mark.parametrize(
    ("span", "left"),
    [
        ("1", ' colspan="1"'),
        ("20", ' colspan="20"'),
        ("21", ""),
        ("1000", ""),
        ("99999999999999999999", ""),
        ("0", ""),
        ("-3", ""),
        ("2px", ""),
        ("٣", ""),
        ("", ""),
    ],
)
def test_cell_spans_at_most_twenty_columns(span: str, left: str) -> None:
    html = f'<table><tbody><tr><td colspan="{span}">A</td><th colspan="{span}">B</th></tr></tbody></table>'

    cleaned = richtext.clean(html)

    assert cleaned == f"<table><tbody><tr><td{left}>A</td><th{left}>B</th></tr></tbody></table>"
