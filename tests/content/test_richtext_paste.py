"""Text pasted from Word, Google Docs and web pages comes out clean, and what is hostile in it is gone."""

from __future__ import annotations

import re
import time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from content import richtext
from content.admin.editor import LONGEST_TEXT, EditorField
from tests.factories import make_notice, make_staff

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>Draft 7 (Ines)</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style>p.MsoNormal {mso-style-parent:""; font-family:"Calibri"}</style></head><body lang=EN-US style='tab-interval:36pt'>
<!--StartFragment--><h2 style='mso-outline-level:2'>About <o:p></o:p></h2>
<p class=MsoNormal style='margin-bottom:0cm'><span style='color:red;mso-fareast-language:EN-US'>PRP is <strong>your own</strong>
blood.<o:p></o:p></span></p><p class=MsoListParagraph><![if !supportLists]><![endif]>Second</p>
<table class=MsoTableGrid border=1><tr style='mso-yfti-irow:0'><td width=200 valign=top colspan=2>Cell</td></tr></table>
<!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1f2e"><p dir="ltr" style="line-height:1.38">
<span style="font-size:11pt;font-family:Arial">PRP is your own blood.</span></p><ul style="padding:0"><li dir="ltr"
aria-level="1"><p role="presentation"><span>Second</span></p></li></ul><br class="Apple-interchange-newline"></b>"""
WEB = """<article class="post" onmouseover="steal()"><script>steal()</script><noscript>Switch it on</noscript>
<p style="background:url(https://tracker.example/x)">PRP is your own blood.</p><img src="data:image/png;base64,AAAA" onerror="steal()">
<svg onload="steal()"><text>Drawn</text></svg><iframe src="https://ads.example"></iframe><a href="java&#115;cript:steal()">One</a>
<a href="data:text/html,<script>steal()</script>">Two</a> <a href=" /faq/ " target="_blank" onclick="steal()">Three</a>
<form action="https://phish.example"><select><option>Card</option></select><textarea>Number</textarea></form>
<math><mtext><table><mglyph><style><img src=x onerror=steal()></style></mglyph></table></mtext></math></article>"""
HARMFUL = re.compile(
    r"<(script|style|svg|math|iframe|object|img|form|input|meta|link|base)|\son\w+\s*=|\sstyle=|javascript:|data:", re.I
)


def flat(html: str) -> str:
    return re.sub(r">\s+<", "><", " ".join(html.split()))


def test_word_leaves_headings_paragraphs_and_tables() -> None:
    assert flat(richtext.clean(WORD)) == (
        "<h2>About </h2><p>PRP is <strong>your own</strong> blood.</p><p>Second</p>"
        '<table><tbody><tr><td colspan="2">Cell</td></tr></tbody></table>'
    )


def test_google_docs_leaves_paragraphs_and_lists() -> None:
    assert flat(richtext.clean(DOCS)) == "<p> PRP is your own blood.</p><ul><li><p>Second</p></li></ul><br>"


def test_web_page_leaves_its_words_and_nothing_that_acts() -> None:
    cleaned = flat(richtext.clean(WEB))

    assert cleaned == '<p>PRP is your own blood.</p><a>One</a><a>Two</a><a href="/faq/">Three</a>'
    assert HARMFUL.search(cleaned) is None


@pytest.mark.parametrize(
    "html",
    [
        "<scr<script>ipt>steal()</scr</script>ipt>",
        "<p/onclick=steal()>A</p>",
        "<a href='jav\tascript:steal()'>A</a>",
        "<a href='//evil.example/x' onfocus=steal() autofocus>A</a>",
        "<noscript><p title='</noscript><img src=x onerror=steal()>'>",
        "<svg></p><style><a id='</style><img src=1 onerror=steal()>'>",
        "<math><mi//xlink:href='data:x,<script>steal()</script>'>",
        "<!--><img src=x onerror=steal()>-->",
        "<textarea><img title='</textarea><img src=x onerror=steal()>'></textarea>",
        "<template><script>steal()</script></template>",
        "<p>A\x00<\x00script>steal()</script></p>",
    ],
)
def test_what_hides_from_a_simple_filter_is_gone(html: str) -> None:
    cleaned = richtext.clean(html)

    assert HARMFUL.search(cleaned) is None
    assert richtext.clean(cleaned) == cleaned


PIECES = [
    WORD[:400],
    DOCS[:200],
    "<script>",
    "</script>",
    "<svg ",
    "onload=x ",
    "<a href='",
    "data:text/html,",
    "'>",
    "<!--",
    "-->",
    "é",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
def test_any_mixture_is_clean_and_stays_as_it_is(html: str) -> None:
    cleaned = richtext.clean(html)

    # As tags: in words anybody may write of scripts.
    assert re.search(r"<[^>]*(script|svg|onload|data:)", cleaned, re.I) is None
    assert richtext.clean(cleaned) == cleaned


def test_text_that_is_too_long_is_refused_in_words_beside_the_field() -> None:
    with pytest.raises(ValidationError) as refusal:
        EditorField(config={"extensions": {}}).to_python(f"<p>{'word ' * (LONGEST_TEXT // 5)}</p>")

    assert refusal.value.messages == [
        "This text has 200,007 characters with its markup; at most 200,000 can be kept. "
        "Spread it over several sections or articles."
    ]


def test_five_megabytes_of_text_are_refused_in_words_and_change_nothing(client: Client, db: None) -> None:
    notice = make_notice(text="<p>As it was.</p>")
    client.force_login(make_staff("Editors"))
    began = time.monotonic()

    response = client.post(reverse("admin:content_notice_change", args=[notice.pk]), {"text": "<b>x</b>" * 655_360})

    notice.refresh_from_db()
    assert response.status_code == 413
    assert "That was more than we can take" in response.content.decode()
    assert notice.text == "<p>As it was.</p>"
    assert time.monotonic() - began < 5
