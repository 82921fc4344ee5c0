"""Anchors of editors and ids of templates do not meet."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from content import anchors, richtext
from tests.clinic.pages import Page
from tests.factories import (
    make_article,
    make_center,
    make_draft,
    make_notice,
    make_policy,
    make_question,
    make_reference,
    make_section,
    make_therapy,
    section_words,
)


def fixed_ids() -> set[str]:
    """Return the ids that stand in the templates of public pages with words of editors."""
    folder = settings.BASE_DIR / "templates"
    # The first page, the decision aid and the search hold no anchors of editors.
    without = {"home", "decide", "search"}
    paths = [folder / "base.html", *(path for path in (folder / "content").glob("*.html") if path.stem not in without)]
    return {found for path in paths for found in re.findall(r'\bid="([a-z][a-z-]*)"', path.read_text(encoding="utf-8"))}


def test_every_id_of_a_template_is_reserved() -> None:
    assert sorted(fixed_ids() - anchors.RESERVED) == []


@pytest.mark.parametrize("anchor", ["references", "main", "ref-1", "cite-12", "notice-ut", "group-risks"])
def test_anchor_of_the_page_itself_is_refused_with_another_proposed(anchor: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        anchors.validate(anchor)

    assert refusal.value.messages == [
        f"“{anchor}” is an anchor of the page itself; choose another, such as {anchor}-more."
    ]


@given(st.sampled_from(sorted(anchors.RESERVED)), st.from_regex(r"[a-z]{1,6}", fullmatch=True))
def test_other_anchors_are_free(reserved: str, more: str) -> None:
    assert anchors.is_reserved(reserved)
    assert not anchors.is_reserved(f"x{more}{reserved}")


@pytest.mark.parametrize("anchor", ["references", "Main", "ref-1", "NOTICE-x"])
def test_form_refuses_the_anchor_of_a_section_and_of_a_question(db: None, anchor: str) -> None:
    section, question = make_section(make_draft(), anchor="why"), make_question()
    section.anchor = question.slug = anchor

    with pytest.raises(ValidationError) as of_section:
        section.full_clean()
    with pytest.raises(ValidationError) as of_question:
        question.full_clean()

    assert list(of_section.value.message_dict) == ["anchor"]
    assert list(of_question.value.message_dict) == ["slug"]


def test_ids_of_headings_stay_only_where_asked_for_and_free() -> None:
    html = '<h2 id="why">A</h2><h2 id="why">B</h2><h3 id="main">C</h3><h3 id="a b">D</h3>'

    assert richtext.clean(html) == "<h2>A</h2><h2>B</h2><h3>C</h3><h3>D</h3>"
    assert richtext.clean(html, headings_named=True) == '<h2 id="why">A</h2><h2>B</h2><h3>C</h3><h3>D</h3>'


@given(st.lists(st.one_of(st.sampled_from(["main", "ref-1", "why", "Why", ""]), st.text(max_size=8))))
def test_ids_of_cleaned_headings_are_unique_and_free(names: list[str]) -> None:
    html = "".join(f'<h2 id="{name}">A</h2>' for name in names)

    page = Page(richtext.clean(html, headings_named=True))

    assert [name for name, times in page.ids.items() if times > 1 or not anchors.is_free(name)] == []


def test_ids_are_unique_on_pages_whose_texts_all_name_the_same_heading(client: Client, db: None) -> None:
    named = '<h2 id="why">A</h2><h3 id="main">B</h3><p>C [1].</p>'
    sections = [section_words(anchor=anchor, body=named) for anchor in ("why", "how-long")]
    therapy = make_therapy(description=named)
    article = make_article(lead=named, citations=[make_reference()], sections=sections)
    make_question(slug="why", answer=named, therapy=therapy)
    make_question(slug="why-not", answer=named, therapy=therapy)
    make_notice(slug="why", text=named)
    policy = make_policy(body=named + named)
    center = make_center()

    addresses = [article.get_absolute_url(), therapy.get_absolute_url(), policy.get_absolute_url()]
    addresses += [center.get_absolute_url(), "/centers/", "/faq/"]
    pages = {address: Page(client.get(address).content.decode()) for address in addresses}

    assert {address: page.tags["h1"] for address, page in pages.items()} == dict.fromkeys(addresses, 1)
    doubled = {address: [name for name, times in page.ids.items() if times > 1] for address, page in pages.items()}
    assert doubled == {address: [] for address in addresses}
    assert pages[policy.get_absolute_url()].ids["why"] == 1
