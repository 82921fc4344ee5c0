"""A name that no pattern could hold does not stop the check of everything else."""

from __future__ import annotations

import pytest

from content.claims.checking import Book
from content.claims.forms import forms_of
from content.claims.rules import Therapy


@pytest.mark.parametrize("name", ["", "w" * 200, " ".join(["word"] * 40), "超音波", "-".join("abcdefghijklmnopqr")])
def test_book_with_an_odd_therapy_still_checks(name: str) -> None:
    book = Book([], [Therapy("odd", (name,), "approved")])

    assert book.check("PRP cures arthritis.") == []


def test_verb_of_one_letter_has_forms() -> None:
    assert forms_of("y")[0] == "y"
