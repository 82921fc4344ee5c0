"""The table says of every field that pages can show which way its words go."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, Model, TextField, URLField

from content.models import Country, Therapy
from content.proofreading import texts
from content.publishing.fields import ELSEWHERE, TABLE, Way, needs_review
from tests import factories
from tests.change_factories import make_change

MODELS = [model for model in apps.get_app_config("content").get_models() if model not in ELSEWHERE]
# Words of others, and what is no sentence.
NOT_READ = {
    ("reference", "title"),
    ("reference", "authors"),
    ("reference", "publisher"),
    ("reference", "doi"),
    ("reference", "pmid"),
    ("notice", "regions"),
    ("policy", "version"),
}


def fields_of(model: type[Model]) -> list[str]:
    """Return the names of everything that can be typed or chosen in a model."""
    columns = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [column.name for column in columns if not column.primary_key or column.name == "code"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_table_names_every_field(model: type[Model]) -> None:
    assert sorted(TABLE.get(model, {})) == sorted(fields_of(model))


def test_a_field_that_the_table_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE[Therapy], "summary")

    with pytest.raises(AssertionError):
        test_table_names_every_field(Therapy)


def is_text(column: Field[object, object]) -> bool:
    """Return whether somebody types words into it."""
    return isinstance(column, CharField | TextField) and not (column.choices or isinstance(column, URLField))


@pytest.mark.parametrize("model", [model for model in MODELS if model in TABLE], ids=lambda model: model.__name__)
def test_claim_check_reads_every_text_that_the_table_calls_words(model: type[Model]) -> None:
    words = {name for name, way in TABLE[model].items() if way != Way.PLAIN}
    columns = [column for column in model._meta.concrete_fields if column.name in words and is_text(column)]
    row = model(**{column.name: f"mark{column.name}" for column in columns})
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey) and column.related_model in TABLE:
            setattr(row, column.name, column.related_model(pk="US" if column.related_model is Country else 1))

    read = " ".join(passage.text for passage in texts.of(row))

    unread = {column.name for column in columns if f"mark{column.name}" not in read}
    assert unread == {name for kind, name in NOT_READ if kind == model._meta.model_name}


def test_what_may_hold_a_medical_statement_needs_a_reviewer() -> None:
    for name in ("name", "summary", "description", "regulatory_status", "regulatory_note", "standard_care"):
        assert TABLE[Therapy][name] == Way.REVIEWED


@pytest.mark.django_db
def test_people_and_sources_need_a_reviewer_once_somebody_is_to_read_of_them() -> None:
    person, source = factories.make_contributor(), factories.make_reference()
    draft = factories.make_draft(author=person)
    draft.citations.create(reference=source, number=1)
    before = needs_review(person), needs_review(source)

    finding_source = factories.make_reference()
    factories.make_finding(reference=finding_source)
    public = factories.make_article(author=factories.make_contributor())

    assert before == (False, False)
    assert needs_review(finding_source)
    assert needs_review(public.author)


@pytest.mark.django_db
def test_reviewers_words_and_sources_that_wait_with_a_change_are_read_before_readers_see_them() -> None:
    _, reviewer = factories.make_reviewer()
    source, regulator = factories.make_reference(), factories.make_reference()
    before = needs_review(source), needs_review(regulator)

    make_change(factories.make_finding(), reference=source)
    make_change(factories.make_therapy(), regulatory_reference=regulator)

    # The byline is on no draft: with the approval it is public.
    assert needs_review(reviewer)
    assert (before, needs_review(source), needs_review(regulator)) == ((False, False), True, True)
