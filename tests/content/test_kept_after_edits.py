"""After an edit of anything, a page that is kept or put together from kept parts says what one says of which nothing was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import (
    BooleanField,
    CharField,
    ForeignKey,
    IntegerField,
    Model,
    ProtectedError,
    SlugField,
    TextField,
    TimeField,
)
from django.test import Client

from content import versions
from content.models import (
    AnswerTimes,
    ClaimRule,
    ClaimRuleVersion,
    ContentVersion,
    FormerSlug,
    ImageFile,
    SearchSynonym,
    TableVersion,
)
from content.publishing import steps
from content.site import memory
from tests.content.views.test_pages import COLD, fill
from tests.factories import NOW, desk_account, make_article, make_center, make_image, make_policy, section_words

# Nothing of these is on a page, or nothing of what is written here.
UNSEEN = {AnswerTimes, ClaimRule, ClaimRuleVersion, FormerSlug, ImageFile, SearchSynonym}
FOLLOWED = [
    model
    for model in apps.get_app_config("content").get_models()
    if model not in versions.DESK | versions.FOLLOWS | {ContentVersion, TableVersion}
]
# Those of which there is another one much alike.
ALIKE = {"/compare/a-vs-b/?differences=1", "/articles/?topic=joints", "/decide/?goal=a"}
PATHS = [path for path in COLD if path not in ALIKE]
PATHS += ["/articles/long/?utm_source=spring", "/articles/pictured/", "/privacy/", "/feed/", "/sitemap.xml"]
# What is put in the place of a value, by the kind of its field: the first that fits.
OTHERS: dict[type[Any], Callable[[Any], Any]] = {
    SlugField: lambda value: f"{value}-x",
    CharField: lambda value: f"{value} Changed".strip(),
    TextField: lambda value: f"{value} Changed".strip(),
    BooleanField: lambda value: not value,
    TimeField: lambda value: value and dt.time(value.hour, 30),
    # So that what stands side by side changes places.
    IntegerField: lambda value: 20 - (value or 0),
}


@pytest.fixture
def world(db: None) -> None:
    """Two rows of everything, a policy, and an article with a picture."""
    fill(2)
    make_policy()
    make_article(slug="pictured", sections=[section_words(image=make_image(), image_alt="A hand")])


def answers(client: Client) -> dict[str, bytes]:
    """Return what each page says; a link that is gone counts as well."""
    found = {path: client.get(path) for path in PATHS}
    return {path: answer.content if answer.status_code == 200 else b"" for path, answer in found.items()}


def drawn_anew(client: Client) -> dict[str, bytes]:
    """Return what each page says once nothing is kept."""
    cache.clear()
    memory.forget()
    return answers(client)


def change(row: Model) -> None:
    """Change as many fields of a row as may be changed, and what it is joined with."""
    for field in row._meta.concrete_fields:
        before = getattr(row, field.attname)
        value = other_value(field, before)
        if field.primary_key or value is None:
            continue
        setattr(row, field.attname, value)
        try:
            row.full_clean()
            with transaction.atomic():
                row.save()
        except (ValidationError, DatabaseError):
            setattr(row, field.attname, before)
    for many in row._meta.many_to_many:
        through = many.remote_field.through
        if through is not None and through._meta.auto_created:
            getattr(row, many.name).set(list(many.remote_field.model._default_manager.all())[:1])


def other_value(field: Any, value: Any) -> Any:
    """Return another value for a field; None where there is none."""
    if isinstance(field, ForeignKey):
        others = field.remote_field.model._default_manager.exclude(pk=value)
        return getattr(others.first(), "pk", None)
    if field.choices:
        return next((key for key, _ in field.flatchoices if key != value), None)
    return next((other(value) for kind, other in OTHERS.items() if isinstance(field, kind)), None)


@pytest.mark.parametrize("model", FOLLOWED)
@time_machine.travel(NOW, tick=False)
def test_row_that_was_changed_or_deleted_is_so_on_every_page(world: None, client: Client, model: type[Model]) -> None:
    before = answers(client)

    for row in model._default_manager.all():
        change(row)
    changed = answers(client)
    assert changed == drawn_anew(client)
    assert (changed != before) is (model not in UNSEEN)

    for row in model._default_manager.all():
        with suppress(ProtectedError, DatabaseError), transaction.atomic():
            row.delete()
    assert answers(client) == drawn_anew(client)


@time_machine.travel(NOW, tick=False)
def test_article_that_is_approved_or_withdrawn_is_seen_on_every_page(world: None, client: Client) -> None:
    answers(client)

    other = make_article(title="Something else")
    there = answers(client)
    assert there == drawn_anew(client)
    assert b"Something else" in there["/articles/"]

    steps.end(other, seen=other.version, at=NOW, by=desk_account("desk-editor"), now=NOW)
    gone = answers(client)
    assert gone == drawn_anew(client)
    assert [path for path, content in gone.items() if b"Something else" in content] == []


@time_machine.travel(NOW, tick=False)
def test_page_that_shows_nothing_of_an_edit_is_not_drawn_again(
    world: None, client: Client, django_assert_num_queries: Any
) -> None:
    center = make_center()
    client.get("/articles/long/")
    client.get("/articles/long/?utm_source=spring")

    center.city = "Elsewhere"
    center.save()

    # The version, and the facts that every page needs.
    with django_assert_num_queries(2):
        client.get("/articles/long/")
    with django_assert_num_queries(0):
        client.get("/articles/long/?utm_source=spring")


@time_machine.travel(NOW, tick=False)
def test_first_reader_after_an_edit_waits_for_the_part_that_it_changed_alone(
    world: None, client: Client, django_assert_num_queries: Any
) -> None:
    article = make_article(slug="with-guides", related=[make_article(title="Before")])
    client.get(article.get_absolute_url())

    make_article(article=article.related.get(), title="After", published_at=NOW)

    # The version, the facts, the revision at this address, and the related guides.
    with django_assert_num_queries(4):
        text = client.get(article.get_absolute_url()).content.decode()
    assert ("Before" in text, "After" in text) == (False, True)
