"""The sample site answers more than 60 queries with the same things on every database: run on SQLite and on PostgreSQL.

Where the sample site says something new, read each line that differs, then run this with REWRITE=1 in the environment.
corpus.toml is what search answers; expected.toml is what a reader expects, written before search was asked.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.search import finding, index, results

CORPUS = Path(__file__).with_name("corpus.toml")
ASKED: list[dict[str, Any]] = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["asked"]
EXPECTED: list[dict[str, Any]] = tomllib.loads(CORPUS.with_name("expected.toml").read_text(encoding="utf-8"))[
    "expected"
]
# Found first are the questions about risks, of which there is one for each therapy.
NOT_AS_EXPECTED = {"efectos secundarios"}
HEAD = (
    "# What the sample site answers to more than 60 queries: how many things are found, and the first three of them.\n"
)

pytestmark = pytest.mark.usefixtures("sample_site", "db")


def test_corpus_is_answered_as_written_down() -> None:
    known = index.read(timezone.now())

    found = [_answer(known, one["query"]) for one in ASKED]

    if os.environ.get("REWRITE"):
        CORPUS.write_text(HEAD + "".join(map(_table, found)), encoding="utf-8")
    assert len(ASKED) >= 60
    assert found == ASKED


def test_page_that_a_reader_expects_is_first_or_among_the_first_three() -> None:
    known = index.read(timezone.now())

    missed = {
        one["query"] for one in EXPECTED if one["page"] not in _answer(known, one["query"])["first"][: one["within"]]
    }

    assert len(EXPECTED) >= 60
    assert missed == NOT_AS_EXPECTED


def _answer(known: index.Index, query: str) -> dict[str, Any]:
    hits = finding.find(known, query).hits
    return {"query": query, "found": len(hits), "first": [one.path for one in results.results_of(hits[:3])]}


def _table(one: dict[str, Any]) -> str:
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in one.items()]
    return "".join(["\n[[asked]]\n", *lines])


def test_search_takes_three_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = finding.find(index.read(timezone.now()), "exsome injections")
        shown = results.results_of(answer.hits[:20])

    assert len(shown) > 0
    assert len(captured) == 3
