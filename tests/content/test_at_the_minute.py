"""An approved revision goes live and ends at its moment, everywhere at once, with pages kept and no job run."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from content import versions
from content.choices import RevisionState
from content.models import Revision
from content.publishing import steps
from tests.factories import (
    desk_account,
    make_article,
    make_comparison,
    make_contributor,
    make_criterion,
    make_draft,
    make_therapy,
    make_topic,
    publish,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")

# Two in the afternoon in Paris, and one o'clock UTC.
MOMENT = dt.datetime(2026, 11, 20, 14, tzinfo=dt.timezone(dt.timedelta(hours=1), "Europe/Paris"))
SECOND = dt.timedelta(seconds=1)
PLACES = [
    "/articles/",
    "/articles/?topic=joints",
    "/",
    "/feed/",
    "/sitemap.xml",
    "/articles/known/",
    "/therapies/prp/",
    "/search/?q=ozonated",
]


def found(client: Client) -> list[bool]:
    """Return for the page itself, and for each place that leads to it, whether it is there; asked twice, as pages are kept."""
    for _ in range(2):
        answer = [client.get("/articles/new/").status_code == 200]
        answer += ["/articles/new/" in client.get(place).content.decode() for place in PLACES]
    return answer


def make_site() -> Revision:
    """Write a public article that leads to a draft, which speaks of a therapy."""
    topic, therapy = make_topic(slug="joints"), make_therapy(slug="prp")
    table = make_comparison(therapies=[therapy], criteria=[make_criterion()])
    draft = make_draft(slug="new", title="Ozonated water", topic=topic, sections=[section_words(comparison=table)])
    make_article(slug="known", topic=topic, related=[draft])
    return draft


def test_scheduled_revision_is_there_at_its_second_and_not_before(client: Client) -> None:
    with time_machine.travel(MOMENT - dt.timedelta(hours=3), tick=False) as clock:
        publish(make_site(), at=MOMENT)
        assert found(client) == [False] * (1 + len(PLACES))

        clock.move_to(MOMENT - SECOND)
        assert found(client) == [False] * (1 + len(PLACES))
        clock.move_to(MOMENT)

        assert found(client) == [True] * (1 + len(PLACES))


def test_withdrawn_revision_is_there_until_its_second(client: Client) -> None:
    with time_machine.travel(MOMENT - dt.timedelta(hours=3), tick=False) as clock:
        revision = publish(make_site(), at=MOMENT - dt.timedelta(days=1))
        by = desk_account("desk-editor")
        steps.end(revision, seen=revision.version, at=MOMENT, by=by, now=MOMENT - dt.timedelta(hours=3))
        assert found(client) == [True] * (1 + len(PLACES))

        clock.move_to(MOMENT - SECOND)
        assert found(client) == [True] * (1 + len(PLACES))
        clock.move_to(MOMENT)

        assert found(client) == [False] * (1 + len(PLACES))


def test_new_words_take_the_place_of_the_old_at_their_second(client: Client) -> None:
    with time_machine.travel(MOMENT - dt.timedelta(hours=3), tick=False) as clock:
        old = make_article(title="Old words", published_at=MOMENT - dt.timedelta(days=1))
        publish(make_draft(article=old.article, title="New words"), at=MOMENT, reviewer=make_contributor())
        seen = []
        for moment in (MOMENT - dt.timedelta(hours=3), MOMENT - SECOND, MOMENT):
            clock.move_to(moment)
            places = (old.get_absolute_url(), "/articles/", "/feed/", "/search/?q=words")
            pages = [client.get(path).content.decode() for path in places]
            seen.append([("Old words" in page, "New words" in page) for page in map(unmarked, pages)])

    assert seen == [[(True, False)] * 4, [(True, False)] * 4, [(False, True)] * 4]


def unmarked(page: str) -> str:
    """Return a page without the marks of what was looked for."""
    return re.sub("</?mark>", "", page)


def test_work_on_a_draft_leaves_kept_pages_as_they_are() -> None:
    article = make_article()
    before = versions.current()

    draft = make_draft(article=article.article, author=article.author, title="Not yet", sections=[section_words()])
    steps.change(draft, seen=1, states=[RevisionState.DRAFT])
    assert versions.current() == before
    publish(draft)

    assert versions.current() > before
