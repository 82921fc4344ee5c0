"""References as people read them out."""

from __future__ import annotations

import pytest

from consultations.models import references


@pytest.mark.parametrize(
    "said", ["R-RZBY-EE4Z", "r-rzby-ee4z", "RRZBYEE4Z", "RZBYEE4Z", " rzby ee4z ", "R RZBY EE4Z", "r zby ee4z"]
)
def test_reference_that_begins_with_the_letter_of_the_sign_is_read_whole(said: str) -> None:
    assert references.normalise(said) == "R-RZBY-EE4Z"


@pytest.mark.parametrize("said", ["7K2M9QXD", "R7K2M9QXD", "r-7k2m-9qxd", " r 7k2m 9qxd "])
def test_reference_is_read_with_the_sign_and_without(said: str) -> None:
    assert references.normalise(said) == "R-7K2M-9QXD"


def test_what_is_no_reference_stays_as_it_is() -> None:
    assert references.normalise("Okafor") == "Okafor"
