"""Choices: each drawing has words that say the same."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.conf import settings

from content.choices import Illustration

FOLDER = Path(settings.BASE_DIR) / "static" / "img" / "illustrations"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("drawing", Illustration)
def test_words_for_a_drawing_are_those_of_its_file(drawing: Illustration) -> None:
    title = ET.parse(FOLDER / f"{drawing}.svg").findtext(f"{SVG}title")  # noqa: S314  our own file

    assert drawing.says == f"{title}."
