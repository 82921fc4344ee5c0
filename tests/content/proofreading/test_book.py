"""The book is that of the database, and never older than it."""

from __future__ import annotations

import pytest

from content.proofreading import book
from tests.factories import make_claim_rule


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_site")
def test_the_loaded_rules_are_those_of_the_sample() -> None:
    assert book.current().rules == book.sample().rules
    assert book.current().therapies == book.sample().therapies


@pytest.mark.django_db
def test_a_change_of_a_rule_is_known_at_once() -> None:
    rule = make_claim_rule(patterns="wow")
    before = len(book.current().check("wow"))
    rule.patterns = "gosh"
    rule.save()

    assert (before, len(book.current().check("wow")), len(book.current().check("gosh"))) == (1, 0, 1)
