"""The sample's rules, compiled once: a book is only read."""

from __future__ import annotations

import pytest

from content.claims.checking import Book
from content.proofreading.book import sample


@pytest.fixture(scope="session")
def book() -> Book:
    """The rules of content/library/claim_rules.toml and the therapies of the sample site."""
    return sample()
