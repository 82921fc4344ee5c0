"""The facts of an edition, and parts that its pages share: read once, and never shown in the next edition."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from content import site, versions
from content.models import ClinicProfile
from content.publishing import freshness
from tests.asking import queries_of
from tests.factories import (
    NOW,
    make_article,
    make_clinic,
    make_comparison,
    make_criterion,
    make_finding,
    make_reference,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def test_same_article_for_another_campaign_costs_no_query_but_the_content_version(client: Client) -> None:
    path = make_article().get_absolute_url()
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(path)
        at_once = queries_of(client, f"{path}?utm_source=spring")
        clock.shift(versions.BELIEVED)

        assert [at_once, queries_of(client, f"{path}?utm_source=autumn")] == [0, 1]


def test_parts_are_drawn_as_they_are_when_nothing_is_kept(client: Client) -> None:
    source = make_reference()
    finding = make_finding(value="Seven days", reference=source)
    table = make_comparison(therapies=[finding.therapy], criteria=[finding.criterion])
    article = make_article(lead="<p>It lasts [1].</p>", citations=[source], sections=[section_words(comparison=table)])
    fresh = client.get(article.get_absolute_url()).content
    cache.clear()

    assert client.get(article.get_absolute_url()).content == fresh
    assert fresh.count(b'id="cite-1"') == 1
    assert fresh.count(b"Seven days") == 1


def test_edit_is_seen_under_an_address_asked_for_the_first_time(client: Client) -> None:
    section = section_words(heading="Old heading", body="<p>Old body.</p>")
    article = make_article(title="Before", lead="<p>Old words.</p>", sections=[section])
    client.get(article.get_absolute_url())

    make_clinic(banner_text="Another call")
    section = section_words(heading="New heading", body="<p>New body.</p>")
    make_article(article=article.article, title="After", lead="<p>New words.</p>", sections=[section], published_at=NOW)
    text = client.get(f"{article.get_absolute_url()}?utm_source=spring").content.decode()

    assert [word for word in ["Before", "Old words", "Old heading", "Old body"] if word in text] == []
    assert [
        word for word in ["After", "New words", "New heading", "New body", "Another call"] if word not in text
    ] == []


def test_finding_edited_is_seen_in_a_table_that_was_kept(client: Client) -> None:
    finding = make_finding(value="Seven days", criterion=make_criterion())
    table = make_comparison(therapies=[finding.therapy], criteria=[finding.criterion])
    article = make_article(sections=[section_words(comparison=table)])
    client.get(article.get_absolute_url())

    finding.value = "Nine days"
    with freshness.vouched():
        finding.save()
    text = client.get(f"{article.get_absolute_url()}?utm_source=spring").content.decode()

    assert (text.count("Seven days"), text.count("Nine days")) == (0, 1)


def test_review_that_falls_due_is_told_at_midnight(client: Client) -> None:
    due = dt.date(2026, 11, 16)
    with time_machine.travel(dt.datetime(2026, 11, 16, 23, 59, tzinfo=dt.UTC), tick=False) as clock:
        path = make_article(reviewed_on=dt.date(2025, 11, 16), next_review_on=due).get_absolute_url()
        assert b"is due for its review" not in client.get(path).content

        clock.shift(dt.timedelta(minutes=1))

        assert b"is due for its review" in client.get(path).content


def test_slow_request_of_the_edition_before_leaves_nothing_in_the_next(rf: RequestFactory) -> None:
    slow, quick = rf.get("/"), rf.get("/")

    def made_slowly() -> str:
        # Meanwhile an edit, and a request that came after it.
        versions.bump()
        assert site.kept(quick, "part", lambda: "new") == "new"
        return "old"

    assert site.kept(slow, "part", made_slowly) == "old"
    assert site.kept(rf.get("/"), "part", lambda: "made again") == "new"


def test_facts_are_read_once_and_again_after_an_edit(rf: RequestFactory, clinic: ClinicProfile) -> None:
    def asked() -> int:
        request = rf.get("/")
        request.content_version = versions.current()  # type: ignore[attr-defined]  # as the page cache notes it
        with CaptureQueriesContext(connection) as captured:
            site.facts(request)
        return len(captured)

    counts = [asked(), asked()]
    clinic.save()

    assert [*counts, asked(), asked()] == [1, 0, 1, 0]


def test_parts_do_not_grow_without_end(rf: RequestFactory) -> None:
    for number in range(site.MOST_PARTS + 10):
        site.kept(rf.get("/"), number, lambda: "part")

    assert len(site.memory.parts) == site.MOST_PARTS
    assert site.MOST_PARTS + 9 in site.memory.parts
