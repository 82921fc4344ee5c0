"""The picture that a shared link shows: what is written on it, and what has none."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from content.found import cards
from content.models import Article, Revision

REVIEWED = dt.date(2026, 10, 3)


def words_of(title: str, clinic: str = "Tarnwell", reviewed_on: dt.date | None = REVIEWED) -> cards.Words | None:
    return cards.words_of(Revision(title=title, reviewed_on=reviewed_on), clinic)


def test_card_says_title_clinic_and_review() -> None:
    words = words_of("PRP – what is known")

    assert words == ("PRP - what is known", "Tarnwell", "Medically reviewed 3 October 2026")


@pytest.mark.parametrize(
    ("title", "clinic", "reviewed_on"),
    [
        ("Células madre", "Tarnwell", REVIEWED),
        ("Knee gel", "Clínica", REVIEWED),
        ("Knee gel", "W" * 60, REVIEWED),
        ("W" * 60, "Tarnwell", REVIEWED),
        ("Knee gel", "Tarnwell", None),
    ],
)
def test_what_cannot_be_written_whole_has_no_card(title: str, clinic: str, reviewed_on: dt.date | None) -> None:
    assert words_of(title, clinic, reviewed_on) is None


@pytest.mark.parametrize("title", ["PRP", "words " * 20])
def test_picture_has_the_size_that_networks_ask_for(title: str) -> None:
    words = words_of(title)
    assert words is not None

    picture = Image.open(io.BytesIO(cards.draw(words)))

    assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_other_words_are_another_card() -> None:
    one, other = words_of("Knee gel"), words_of("Knee oil")
    revision = Revision(article=Article(slug="knee"))
    assert one is not None
    assert other is not None

    assert cards.draw(one) != cards.draw(other)
    assert cards.address(revision, one) != cards.address(revision, other)
    assert cards.address(revision, one) == cards.address(revision, one)
