"""What found nothing is counted by day and words; nothing personal is kept, and nobody fills the table."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from content.models import SearchMiss
from content.search import misses
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[str, int]]:
    return list(SearchMiss.objects.values_list("term", "count"))


def test_same_words_in_another_order_count_together() -> None:
    for query in ("Ozone therapy", "therapy: OZONE", "the ozone therapy"):
        misses.note(query, now=NOW)

    assert kept() == [("ozone therapy", 3)]


@pytest.mark.parametrize(
    "query",
    [
        "ann@mail.example",
        "ann at mail dot example",
        "ann gmail",
        "call 202-555-0143",
        "555 0143",
        " ".join("bcfghjklmnpqrstvwxz") + " " + "q" * 30,
        "what is",
        "",
    ],
)
def test_personal_long_or_empty_query_is_not_kept(query: str) -> None:
    misses.note(query, now=NOW)

    assert kept() == []


def test_day_holds_so_many_terms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "MOST_A_DAY", 2)

    for query in ("one", "two", "three", "two"):
        misses.note(query, now=NOW)

    assert sorted(kept()) == [("one", 1), ("two", 2)]


def test_old_terms_go_with_the_first_of_a_day() -> None:
    misses.note("old", now=NOW - dt.timedelta(days=misses.KEPT_DAYS + 1))

    misses.note("new", now=NOW)

    assert kept() == [("new", 1)]


def test_database_that_cannot_be_written_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(misses, "_count", refuse)

    misses.note("ozone", now=NOW)

    assert kept() == []


def test_personal_query_asks_no_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        misses.note("ann@mail.example", now=NOW)


@pytest.mark.parametrize(("group", "status"), [("Editors", 200), ("Triage", 403)])
def test_list_of_what_was_not_found_is_for_those_who_write(client: Client, group: str, status: int) -> None:
    SearchMiss.objects.create(day=NOW.date(), term="goldfish")
    client.force_login(make_staff(group))

    response = client.get(reverse("admin:content_searchmiss_changelist"))

    assert (response.status_code, b"goldfish" in response.content) == (status, status == HTTPStatus.OK)
