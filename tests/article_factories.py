"""Rows of articles for tests: drafts, and what readers see; with the numbers and the moment that all rows of tests share."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User

from content.choices import RevisionState
from content.models import Article, Contributor, Reference, Revision, Section, Topic
from content.publishing import steps

# A Monday noon, UTC; tests that are about time say their own.
NOW = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
TEN_DAYS_AGO = NOW - dt.timedelta(days=10)
IN_A_YEAR = NOW.date() + dt.timedelta(days=355)
_numbers = itertools.count(1)


def number() -> int:
    """Return a number that no other row of this run has."""
    return next(_numbers)


def make_topic(**kwargs: Any) -> Topic:
    """Write a topic."""
    n = number()
    return Topic.objects.create(**{"slug": f"topic-{n}", "name": f"Topic {n}"} | kwargs)


def make_contributor(**kwargs: Any) -> Contributor:
    """Write a person who writes or reviews."""
    n = number()
    return Contributor.objects.create(**{"slug": f"person-{n}", "name": f"Person {n}", "role": "Writer"} | kwargs)


def make_reference(**kwargs: Any) -> Reference:
    """Write a source."""
    n = number()
    defaults = {"key": f"source-{n}", "title": f"Source {n}", "publisher": "Journal", "year": 2024}
    return Reference.objects.create(**defaults | {"url": f"https://journal.example/{n}"} | kwargs)


def make_draft(
    *,
    article: Article | None = None,
    sections: Iterable[dict[str, Any]] = (),
    citations: Iterable[Reference] = (),
    related: Iterable[Revision] = (),
    **kwargs: Any,
) -> Revision:
    """Write a draft, of a new article unless one is given; topic, author and editor are made where they are not given.

    `citations` are numbered from 1, `related` leads to the articles of these revisions.
    """
    n = number()
    page = {name: kwargs.pop(name) for name in ("slug", "topic") if name in kwargs}
    if article is None:
        article = Article.objects.create(
            **{"slug": f"article-{n}", "topic": page.pop("topic", None) or make_topic()} | page
        )
    editor = kwargs.pop("edited_by", None) or desk_account("desk-editor")
    words: dict[str, Any] = {
        "title": f"Article {n}",
        "summary": f"What article {n} says.",
        "lead": "<p>First of all.</p>",
    }
    words |= {"author": kwargs.pop("author", None) or make_contributor()} | kwargs
    draft = steps.begin(article, by=editor, now=NOW - dt.timedelta(days=11), words=words)
    for values in sections:
        draft.sections.create(**values)
    for position, reference in enumerate(citations, start=1):
        draft.citations.create(reference=reference, number=position)
    for position, guide in enumerate(related):
        draft.related_links.create(related=guide.article, position=position)
    return draft


def make_article(
    *,
    published_at: dt.datetime | None = TEN_DAYS_AGO,
    reviewed_on: dt.date | None = None,
    next_review_on: dt.date = IN_A_YEAR,
    medical_reviewer: Contributor | None = None,
    **kwargs: Any,
) -> Revision:
    """Write an article that readers see from `published_at` on, round the verbs; None: a draft. Keywords as for `make_draft`."""
    draft = make_draft(**kwargs)
    if published_at is None:
        return draft
    reviewer = medical_reviewer or make_contributor()
    return publish(draft, at=published_at, reviewer=reviewer, reviewed_on=reviewed_on, next_review_on=next_review_on)


def publish(
    draft: Revision,
    *,
    at: dt.datetime = TEN_DAYS_AGO,
    reviewer: Contributor | None = None,
    reviewed_on: dt.date | None = None,
    next_review_on: dt.date = IN_A_YEAR,
) -> Revision:
    """Let readers see a draft from `at` on, round the verbs."""
    reviewer = reviewer or make_contributor()
    approval = steps.Approval(
        desk_account("desk-reviewer"), reviewer.pk, reviewed_on or TEN_DAYS_AGO.date(), next_review_on, at
    )
    steps.go_live(draft, approval, seen=draft.version, states=[RevisionState.DRAFT], now=at)
    return draft


def section_words(**kwargs: Any) -> dict[str, Any]:
    """Return what a section says, for `make_article` and `make_draft`: an approved revision gets no more of them."""
    n = number()
    defaults = {"heading": f"Section {n}", "anchor": f"section-{n}", "body": "<p>Some words.</p>", "position": n}
    return defaults | kwargs


def make_section(draft: Revision, **kwargs: Any) -> Section:
    """Write a section of a draft."""
    return draft.sections.create(**section_words(**kwargs))


def make_reviewer(name: str = "Dr. Ada Reviewer") -> tuple[User, Contributor]:
    """Write a medical reviewer who has a byline; the account and who readers see."""
    account = User.objects.create_user(f"reviewer-{number()}", is_staff=True)
    account.groups.set(Group.objects.filter(name="Medical reviewers"))
    return account, make_contributor(name=name, account=account)


def desk_account(username: str) -> User:
    """Return an account that wrote or approved what no test is about."""
    return User.objects.get_or_create(username=username)[0]
