"""Forbidden sentences are found and honest ones are left alone, on text that the rules were tuned to and on text they were not."""

from __future__ import annotations

import pytest

from content.claims.checking import Book
from tests.content.claims import corpus


@pytest.mark.parametrize("verdict", ["forbidden", "honest"])
def test_sentences_that_the_rules_were_tuned_to_are_all_judged_right(book: Book, verdict: str) -> None:
    wrong = [
        sentence
        for sentence in corpus.sentences(corpus.read("tuning"), verdict)
        if corpus.is_blocked(book, sentence) != (verdict == "forbidden")
    ]

    assert wrong == []


@pytest.mark.parametrize("name", ["unseen", "fresh"])
def test_nearly_all_forbidden_sentences_that_nobody_tuned_to_are_found(book: Book, name: str) -> None:
    forbidden = corpus.sentences(corpus.read(name), "forbidden")

    found = sum(corpus.is_blocked(book, sentence) for sentence in forbidden)

    assert found / len(forbidden) >= 57 / 60


@pytest.mark.parametrize("name", ["unseen", "fresh"])
def test_nearly_no_honest_sentence_that_nobody_tuned_to_is_flagged(book: Book, name: str) -> None:
    honest = corpus.sentences(corpus.read(name), "honest")

    flagged = sum(corpus.is_blocked(book, sentence) for sentence in honest)

    assert flagged / len(honest) <= 3 / 60


@pytest.mark.parametrize(("verdict", "least"), [("forbidden", 0.95), ("honest", 0.99)])
def test_idiom_that_the_tone_was_learned_from_is_nearly_all_judged_right(
    book: Book, verdict: str, least: float
) -> None:
    sentences = corpus.sentences(corpus.read("idiom"), verdict)

    right = sum(corpus.is_blocked(book, sentence) == (verdict == "forbidden") for sentence in sentences)

    assert right / len(sentences) >= least


def test_the_two_halves_share_no_sentence() -> None:
    halves = [
        {sentence for verdict in ("forbidden", "honest") for sentence in corpus.sentences(corpus.read(name), verdict)}
        for name in ("tuning", "unseen")
    ]

    assert halves[0] & halves[1] == set()
    assert len(halves[0]) >= 200
    assert len(halves[1]) >= 200
