"""What a revision says, as texts to be compared: nothing that readers see may change without a word of it."""

from __future__ import annotations

from typing import Any

import pytest

from content.choices import CardKind, Illustration
from content.publishing import steps
from content.publishing.differences import compare
from content.publishing.words import words_of
from tests import factories

pytestmark = pytest.mark.usefixtures("clinic")


def test_whatever_changes_in_a_section_is_told_to_the_reviewer() -> None:
    draft = factories.make_draft(sections=[])
    section = factories.make_section(draft)
    one, other = (factories.make_image(digest=f"{sign * 64}") for sign in "ab")
    table = factories.make_comparison(therapies=[factories.make_therapy()], criteria=[factories.make_criterion()])
    without = {"image": None, "image_alt": "", "image_decorative": False}
    changes: list[dict[str, Any]] = [
        {"heading": "Another heading"},
        {"body": "<p>Another text.</p>"},
        {"comparison": table},
        {"card": CardKind.URGENT},
        {"figure": Illustration.values[0], "figure_caption": "A drawing"},
        {"figure": "", "figure_caption": "", "image": one, "image_alt": "A knee"},
        {"image": other},
        {"image_alt": "A healed knee"},
        {"image_alt": "", "image_decorative": True},
        without,
    ]
    told = []
    for values in changes:
        before = words_of(draft)
        for name, value in values.items():
            setattr(section, name, value)
        section.save()
        told.append([each.label for each in compare(before, words_of(draft))])

    assert told == [["Heading"], ["Text"], ["Table"], ["Card"], ["Drawing"], ["Drawing", "Picture"], *[["Picture"]] * 4]
    looked_at = {name for values in changes for name in values} | {"position", "anchor"}
    assert looked_at == set(steps.PARTS["sections"])
