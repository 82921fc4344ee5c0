"""Writes the articles of a library as revisions of the sample's accounts; what people wrote at the desk is left alone.

An article on which anybody else has worked belongs to the desk from then on. A file that says what the sample's last
revision says makes no new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db.models import Max

from content.choices import RevisionState
from content.loading.rows import Model, column_of, stored
from content.models import Article, ArticleReference, RelatedArticle, Revision, RevisionEvent, Section
from content.publishing import steps

# Two, as nobody approves their own words. Nobody can log in with them.
WRITER, REVIEWER = "the-sample", "the-sample-reviewer"
NAMES = {WRITER: "The sample", REVIEWER: "The sample’s reviewer"}
MODELS: dict[str, Model] = {"sections": Section, "citations": ArticleReference, "related_links": RelatedArticle}
REVIEW = "medical_reviewer_id reviewed_on next_review_on published_at".split()


@dataclass
class Wanted:
    """What a file says of an article: its words and its parts by the names of columns, and its review."""

    words: dict[str, Any]
    review: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]]

    @property
    def is_published(self) -> bool:
        """Whether readers are to see it, now or later."""
        return self.review["published_at"] is not None

    @property
    def compared(self) -> tuple[Any, ...]:
        """Everything that makes one revision differ from another."""
        parts = {
            name: sorted(tuple(row[column] for column in steps.columns_of(name)) for row in rows)
            for name, rows in self.parts.items()
        }
        return self.words, self.review if self.is_published else None, parts


@dataclass
class Done:
    """What became of the articles, by key."""

    changed: set[Any] = field(default_factory=set)
    left: set[Any] = field(default_factory=set)


def write(articles: Mapping[Any, Article], wanted: Mapping[Any, Wanted], *, now: dt.datetime) -> Done:
    """Bring the sample's revisions up to date and return which articles got another one, and which are the desk's."""
    last, desk = _last(articles.values()), _of_the_desk(articles.values())
    known = _parts(last.values())
    done = Done()
    for key, article in articles.items():
        revision = last.get(article.pk)
        if revision and _told(revision, known).compared == wanted[key].compared:
            continue
        if article.pk in desk:
            done.left.add(key)
            continue
        _renew(article, revision, wanted[key], now)
        done.changed.add(key)
    return done


def wanted_of(resolved: Mapping[str, list[dict[str, Any]]]) -> Wanted:
    """Return what a file says, its rows resolved to columns: "revision" and the parts that hang on one."""
    values = resolved["revision"][0]
    words = {name: value for name, value in values.items() if name not in REVIEW}
    review = {name: values[name] for name in REVIEW}
    return Wanted(words, review, {name: [_whole(name, row) for row in resolved[name]] for name in steps.PARTS})


def _whole(part: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with every column of its part, as files do not hold all of them."""
    return {name: column_of(MODELS[part], name).get_default() for name in steps.columns_of(part)} | dict(row)


def _renew(article: Article, revision: Revision | None, wanted: Wanted, now: dt.datetime) -> None:
    """Write what a file says as the sample's newest revision; public where the file says so."""
    writer, reviewer = _account(WRITER), _account(REVIEWER)
    if revision and revision.is_open:
        steps.drop(revision, seen=revision.version, by=writer, now=now)
    draft = steps.begin(article, by=writer, now=now, words=wanted.words | {"based_on": revision})
    for name, rows in wanted.parts.items():
        for values in rows:
            getattr(draft, name).create(**values)
    if wanted.is_published:
        starts: dt.datetime = wanted.review["published_at"]
        # The first is dated back, as the files say; words that are new today are not.
        go_live_at = max(now, starts) if revision and revision.approved_at else starts
        approval = steps.Approval(by=reviewer, go_live_at=go_live_at, **wanted.review)
        steps.go_live(draft, approval, seen=draft.version, states=[RevisionState.DRAFT], now=now)
    elif revision and revision.state == RevisionState.APPROVED and (revision.withdrawn_at or now) >= now:
        steps.end(revision, seen=revision.version, at=now, by=writer, now=now)


def _told(revision: Revision, known: Mapping[str, Mapping[int, list[dict[str, Any]]]]) -> Wanted:
    """Return what a revision says, as a file would say it."""
    words = {column: getattr(revision, column) for column in _words()}
    review = {name: getattr(revision, name) for name in REVIEW}
    return Wanted(words, review, {name: rows.get(revision.pk, []) for name, rows in known.items()})


def _words() -> list[str]:
    return [column_of(Revision, name).attname for name in steps.WORDS]


def _last(articles: Iterable[Article]) -> dict[int, Revision]:
    """Return the sample's newest revision of each article."""
    newest = (
        Revision.objects.filter(article__in=articles, edited_by__username=WRITER)
        .order_by()
        .values("article")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return {revision.article_id: revision for revision in Revision.objects.filter(pk__in=newest)}


def _of_the_desk(articles: Iterable[Article]) -> set[int]:
    """Return the articles on which somebody else has worked."""
    others = RevisionEvent.objects.exclude(by__username__in=NAMES)
    return set(others.filter(revision__article__in=articles).values_list("revision__article", flat=True))


def _parts(revisions: Iterable[Revision]) -> dict[str, dict[int, list[dict[str, Any]]]]:
    """Return the rows that hang on revisions, by part and revision."""
    found: dict[str, dict[int, list[dict[str, Any]]]] = {}
    pks = [revision.pk for revision in revisions]
    for part, model in MODELS.items():
        found[part] = {}
        for row in stored(model, "revision", pks).values("revision_id", *steps.columns_of(part)):
            found[part].setdefault(row.pop("revision_id"), []).append(row)
    return found


def _account(username: str) -> User:
    """Return one of the sample's accounts, made where it is not there: it is not active and has no password."""
    defaults = {"first_name": NAMES[username], "is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(username=username, defaults=defaults)[0]
