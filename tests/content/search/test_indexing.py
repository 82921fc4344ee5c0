"""What search knows follows what is saved, approved and deleted, and is public at a moment when its page is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from content.models import SearchEntry, SearchSynonym, Therapy
from content.publishing import steps
from content.search import finding, index, indexing, results
from tests.factories import (
    NOW,
    desk_account,
    make_article,
    make_center,
    make_country,
    make_criterion,
    make_draft,
    make_finding,
    make_policy,
    make_question,
    make_term,
    make_therapy,
    publish,
    section_words,
)

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


def found(query: str, *, now: dt.datetime = NOW) -> list[str]:
    return [one.path for one in results.results_of(finding.find(index.read(now), query).hits)]


def test_draft_is_not_found() -> None:
    make_draft(title="Ozonated water")

    assert found("ozonated") == []


def test_words_of_a_draft_correct_no_slip() -> None:
    make_draft(title="Ozonated water")

    assert finding.find(index.read(NOW), "ozonatd").hits == []
    assert index.read(NOW).vocabulary == {}


def test_scheduled_revision_is_found_at_its_second_and_not_before() -> None:
    moment = NOW + dt.timedelta(hours=2)
    publish(make_draft(slug="new", title="Ozonated water"), at=moment)

    assert found("ozonated", now=moment - SECOND) == []
    assert found("ozonated", now=moment) == ["/articles/new/"]


def test_withdrawn_revision_is_not_found_from_its_moment_on() -> None:
    revision = make_article(slug="old", title="Ozonated water")
    moment = NOW + dt.timedelta(hours=2)

    steps.end(revision, seen=revision.version, at=moment, by=desk_account("desk-editor"), now=NOW)

    assert found("ozonated", now=moment - SECOND) == ["/articles/old/"]
    assert found("ozonated", now=moment) == []


def test_words_of_a_public_article_stay_until_its_next_revision_is_public() -> None:
    first = make_article(slug="page", title="Ozonated water", sections=[section_words(heading="Bubbles")])
    publish(make_draft(article=first.article, title="Carbonated water"), at=NOW + dt.timedelta(hours=1))

    assert found("ozonated bubbles") == ["/articles/page/"]
    assert found("carbonated") == []
    assert found("carbonated", now=NOW + dt.timedelta(hours=1)) == ["/articles/page/"]
    assert found("ozonated", now=NOW + dt.timedelta(hours=1)) == []


def test_therapy_is_found_by_its_findings_and_follows_them() -> None:
    therapy, criterion = make_therapy(slug="gel"), make_criterion(name="Downtime")
    finding_ = make_finding(therapy=therapy, criterion=criterion, value="Fortnight")
    assert found("fortnight") == ["/therapies/gel/"]

    finding_.value = "Weekend"
    finding_.save()
    assert found("fortnight") == []
    assert found("weekend") == ["/therapies/gel/"]

    criterion.name = "Recovery"
    criterion.save()
    assert found("recovery weekend") == ["/therapies/gel/"]


def test_therapy_that_readers_do_not_see_is_not_found_nor_are_its_comparisons() -> None:
    make_therapy(slug="gel", name="Zingiber gel", short_name="Gel")
    make_therapy(slug="oil", name="Zingiber oil", short_name="Oil")
    assert found("zingiber") == ["/therapies/gel/", "/therapies/oil/", "/compare/gel-vs-oil/"]

    make_criterion(required=True)

    assert found("zingiber") == []


def test_deleted_therapy_takes_its_entries_along() -> None:
    gel, oil = make_therapy(name="Zingiber gel"), make_therapy(slug="oil", name="Zingiber oil")
    make_finding(therapy=gel)

    Therapy.objects.filter(pk=gel.pk).delete()

    assert list(SearchEntry.objects.values_list("therapy", flat=True)) == [oil.pk]
    assert not SearchEntry.objects.filter(compared__isnull=False).exists()


def test_question_center_and_policy_are_found_where_they_are() -> None:
    make_question(slug="why", question="Why zingiber?")
    make_center(slug="there", city="Zingiberton")
    make_policy(summary="Of zingiber.")

    assert found("zingiber") == ["/faq/#why", "/privacy/"]
    assert found("zingiberton") == ["/centers/there/"]


def test_term_of_the_glossary_is_found_by_every_spelling_and_follows_what_is_saved() -> None:
    term = make_term(slug="ginger", name="zingiber", spellings="Ingwer\nzingibers", definition="A root.")

    assert found("zingiber") == found("ingwer") == found("root") == ["/glossary/#ginger"]

    term.definition = "A rhizome."
    term.save()
    assert (found("root"), found("rhizome")) == ([], ["/glossary/#ginger"])

    term.delete()
    assert found("zingiber") == []


def test_guide_stands_before_the_term_that_it_explains() -> None:
    make_term(slug="ginger", name="zingiber", definition="Zingiber.")
    make_question(slug="why", question="Why zingiber?")

    assert found("zingiber") == ["/faq/#why", "/glossary/#ginger"]


def test_center_follows_the_name_of_its_country() -> None:
    country = make_country("ZZ", "Zedland")
    make_center(slug="there", country=country)

    country.name = "Farawayland"
    country.save()

    assert found("zedland") == []
    assert found("farawayland") == ["/centers/there/"]


def test_group_of_synonyms_finds_each_for_each() -> None:
    make_question(slug="pain", question="Does the kneecap hurt?")
    SearchSynonym.objects.create(slug="knee", phrases="kneecap\nrótula del pie")

    assert found("rotulas pie") == ["/faq/#pain"]


def test_rebuilding_repairs_what_was_lost() -> None:
    make_article(slug="page", title="Ozonated water")
    make_therapy(name="Zingiber gel", slug="gel")
    before = list(SearchEntry.objects.values_list("kind", "title", "words"))
    SearchEntry.objects.all().delete()

    call_command("rebuild_search", verbosity=0)

    assert list(SearchEntry.objects.values_list("kind", "title", "words")) == before
    assert indexing.rebuild(now=NOW) == len(before)


def test_entry_names_the_row_of_its_kind() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.create(kind="policy", title="Nothing", text="", words="")


def test_synonym_needs_two_phrases() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchSynonym.objects.create(slug="one", phrases="one")
