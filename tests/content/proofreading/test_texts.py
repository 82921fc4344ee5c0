"""Everything that readers can see is read, and the sample site passes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from content.proofreading import book, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_site")]


def test_every_kind_of_text_is_read() -> None:
    kinds = {passage.where.split()[0] for passage in texts.public(timezone.now())}

    assert kinds == {
        "article",
        "therapy",
        "finding",
        "question",
        "decision",
        "notice",
        "policy",
        "comparison",
        "criterion",
        "topic",
        "contributor",
        "center",
        "country",
        "glossary",
        "clinic",
    }


def test_an_article_that_is_not_public_yet_is_not_read() -> None:
    early = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    assert list(texts.revisions(early)) == []


def test_the_sample_site_claims_nothing_that_may_not_be_claimed() -> None:
    rules = book.sample()

    found = [
        (passage.where, finding.rule.slug, finding.words)
        for passage in texts.public(timezone.now())
        for finding in rules.check(passage.text, passage.context)
    ]

    assert found == []
