"""Anchors of editors and ids of templates do not meet."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from content import anchors, richtext


def fixed_ids() -> set[str]:
    """Return the ids that stand in the templates of public pages with words of editors."""
    folder = settings.BASE_DIR / "templates"
    # The first page holds no anchors of editors.
    paths = [folder / "base.html", *(path for path in (folder / "content").glob("*.html") if path.stem != "home")]
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


def test_heading_in_a_text_loses_an_id_of_the_page_and_keeps_its_own() -> None:
    html = richtext.clean('<h2 id="references">A</h2><h2 id="your-rights">B</h2>')

    assert html == '<h2>A</h2><h2 id="your-rights">B</h2>'
