"""Pages ask the database a fixed number of questions: the same with one and with three rows of everything."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOW,
    make_article,
    make_center,
    make_clinic,
    make_comparison,
    make_country,
    make_criterion,
    make_decision_question,
    make_finding,
    make_notice,
    make_question,
    make_reference,
    make_term,
    make_therapy,
    make_topic,
    section_words,
)

MOST_COLD = 8
# The literal number of queries of each page; one more is a decision, not an accident.
COLD = {
    "/": 4,
    "/articles/": 3,
    "/articles/?topic=joints": 3,
    "/articles/long/": 8,
    "/therapies/": 2,
    "/therapies/a/": 7,
    "/compare/": 4,
    "/compare/a-vs-b/": 5,
    "/compare/a-vs-b/?differences=1": 5,
    "/decide/": 4,
    "/decide/?goal=a": 4,
    "/centers/": 2,
    "/centers/here/": 6,
    "/faq/": 2,
    "/glossary/": 6,
    "/notices/": 4,
}


def fill(rows: int) -> None:
    """Write `rows` of everything that a page may show."""
    make_clinic()
    therapies = [make_therapy(slug=slug, name=slug.upper(), short_name=slug.upper()) for slug in ("a", "b")]
    therapies += [make_therapy() for _ in range(rows)]
    criteria = [make_criterion() for _ in range(rows)]
    references = [make_reference() for _ in range(rows)]
    for therapy in therapies:
        for criterion, reference in zip(criteria, references, strict=True):
            make_finding(therapy=therapy, criterion=criterion, reference=reference)
    topic, sections, guides = make_topic(slug="joints"), [], []
    for position in range(rows):
        sections.append(section_words(comparison=make_comparison(therapies=therapies[:3], criteria=criteria)))
        sections.append(
            section_words(card="standard-care", body=f'<p><a href="/glossary/#{make_term().slug}">Word</a></p>')
        )
        sections.append(section_words(figure="how-prp-is-made", figure_caption="How it is made."))
        guides.append(make_article(topic=topic))
        make_question(therapy=therapies[0])
        make_question(group=f"Group {position}")
        make_notice().therapies.add(*therapies)
        make_notice(regions="US")
        make_center(country=make_country("GB", "United Kingdom"))
        make_center()
    make_article(slug="long", topic=topic, sections=sections, citations=references, related=guides)
    make_center(slug="here")
    make_decision_question(*"abc"[:rows], slug="goal")
    for _ in range(rows - 1):
        make_decision_question("a", "b")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", COLD)
@time_machine.travel(NOW, tick=False)
def test_page_asks_a_fixed_number_of_questions(client: Client, db: None, path: str, rows: int) -> None:
    fill(rows)
    cache.clear()

    with CaptureQueriesContext(connection) as cold:
        response = client.get(path)
    with CaptureQueriesContext(connection) as warm:
        client.get(path)

    assert response.status_code == 200
    assert len(cold) == COLD[path], "\n".join(query["sql"] for query in cold.captured_queries)
    assert len(cold) <= MOST_COLD
    # A page with a visitor's answers is kept by nobody.
    assert len(warm) == (COLD[path] - 1 if "goal=" in path else 0)
