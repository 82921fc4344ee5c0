"""What the database holds of sources, terms, unsaved words, old addresses and the search, tried past the forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from content.models import FormerSlug, SearchEntry, SearchMiss, SearchSynonym, UnsavedWords
from tests.factories import NOW, desk_account, make_article, make_draft, make_reference, make_term, make_therapy
from tests.refusals import refused_by


def twice(write: Callable[[], Any]) -> None:
    write()
    write()


def entry(**columns: Any) -> SearchEntry:
    return SearchEntry.objects.create(**{"title": "A", "text": "A", "words": ""} | columns)


def old_address_of_two() -> None:
    for _ in range(2):
        FormerSlug.objects.create(kind="article", slug="old", article=make_article().article, changed_at=NOW)


def same_therapy() -> None:
    therapy = make_therapy()
    SearchEntry.objects.all().delete()
    twice(lambda: entry(kind="therapy", therapy=therapy))


def same_comparison() -> None:
    first, second = make_therapy(), make_therapy()
    SearchEntry.objects.all().delete()
    twice(lambda: entry(kind="comparison", therapy=first, compared=second))


def unsaved_twice() -> None:
    draft, editor = make_draft(), desk_account("a")
    twice(lambda: UnsavedWords.objects.create(revision=draft, by=editor, form="", kept_at=NOW))


REFUSED: dict[str, Callable[[], Any]] = {
    "content_reference_doi_once": lambda: [make_reference(doi=doi) for doi in ("10.1000/a", "10.1000/A")],
    "content_reference_pmid_once": lambda: twice(lambda: make_reference(doi="", pmid="26287849")),
    "content_term_name_once": lambda: [make_term(name=name) for name in ("Platelet", "platelet")],
    "content_term_slug_not_reserved": lambda: make_term(slug="Main"),
    "content_unsavedwords_once_per_person": unsaved_twice,
    "content_formerslug_leads_to_one_page": old_address_of_two,
    "content_searchentry_row_of_its_kind": lambda: entry(kind="article"),
    "content_searchentry_comparison_once": same_comparison,
    "content_searchentry_therapy_once": same_therapy,
    "content_searchsynonym_has_two": lambda: SearchSynonym.objects.create(slug="prp", phrases="PRP"),
    "content_searchmiss_once_a_day": lambda: twice(lambda: SearchMiss.objects.create(day=NOW.date(), term="gold")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(db: None, name: str) -> None:
    with refused_by(name):
        REFUSED[name]()
