"""What a sentence does with a claim decides, not the words in it."""

from __future__ import annotations

import pytest

from content.claims.checking import Book
from tests.content.claims.corpus import is_blocked


@pytest.mark.parametrize(
    "sentence",
    [
        "Exosomes do not cure arthritis.",
        "No exosome has ever cured arthritis.",
        "A cure for arthritis does not exist.",
        "Claims that exosomes cure arthritis are false.",
        "Some clinics claim that exosomes cure arthritis.",
        "Beware of anyone who says that exosomes cure arthritis.",
        "If a clinic tells you that exosomes cure arthritis, ask for the trials.",
        "Do exosomes cure arthritis?",
        "Researchers are testing whether exosomes cure arthritis.",
        "Exosomes cured arthritis in mice.",
        "Antibiotics cure many infections.",
        "Is it FDA-approved? No.",
    ],
)
def test_a_claim_that_is_not_made_is_left_alone(book: Book, sentence: str) -> None:
    assert not is_blocked(book, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Exosomes are not approved, but they cure arthritis.",
        "Exosomes not only relieve pain, they cure arthritis.",
        "Do not wait: our exosomes cure arthritis.",
        "Other clinics only promise; we cure arthritis.",
        "Unlike clinics that only promise relief, we cure arthritis.",
        "Ready to cure your arthritis?",
        "Did you know that exosomes cure arthritis?",
        "Why live with arthritis when exosomes can cure it and your pain?",
        "Can exosomes cure arthritis? Yes, they can.",
        "Our study shows that exosomes cure arthritis.",
        "Unlike antibiotics, exosomes cure every infection and all diseases.",
        "Nothing works better than exosomes.",
        "It is not a myth: exosomes cure arthritis.",
    ],
)
def test_a_claim_behind_words_that_only_look_like_a_denial_is_found(book: Book, sentence: str) -> None:
    assert is_blocked(book, sentence)


def test_a_list_is_denied_by_its_stem_and_claimed_by_it(book: Book) -> None:
    items = "<ul><li>cure arthritis</li><li>reverse diabetes</li></ul>"

    assert not is_blocked(book, f"<p>Exosomes do not:</p>{items}")
    assert [finding.words for finding in book.check(f"<p>Our exosomes:</p>{items}")] == [
        "cure arthritis",
        "reverse diabetes",
    ]


def test_a_verb_in_the_stem_reaches_the_items(book: Book) -> None:
    assert is_blocked(book, "<p>Our exosomes cure:</p><ul><li>arthritis</li></ul>")


def test_a_hedge_turns_a_block_into_a_warning(book: Book) -> None:
    assert [finding.severity for finding in book.check("Exosomes may cure arthritis.")] == ["warn"]
