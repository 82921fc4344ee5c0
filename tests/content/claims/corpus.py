"""The sentences that the claim check is measured on."""

from __future__ import annotations

import tomllib
from pathlib import Path

from content.claims.checking import Book
from content.claims.rules import Severity

type Corpus = dict[str, dict[str, list[str]]]


def read(name: str) -> Corpus:
    """Return sentences by verdict (forbidden, honest) and kind."""
    corpus: Corpus = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
    return corpus


def is_blocked(book: Book, sentence: str) -> bool:
    """Return whether a sentence cannot be published."""
    return any(finding.severity == Severity.BLOCK for finding in book.check(sentence))


def sentences(corpus: Corpus, verdict: str) -> list[str]:
    """Return all sentences of a verdict."""
    return [sentence for kind in corpus[verdict].values() for sentence in kind]
