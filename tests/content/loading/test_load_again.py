"""Loading a library again: nothing changes, or only what a file changed; what editors made stays."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from pytest_django import DjangoAssertNumQueries

from content import models, versions
from tests.content.library_builder import TinyLibrary, changed_by, load

pytestmark = pytest.mark.django_db

# One for each of 14 kinds, one for each of 9 kinds of rows that belong to others, and the transaction's two.
QUERIES = 14 + 9 + 2


def test_the_sample_site_loaded_twice_changes_nothing() -> None:
    call_command("load_library", stdout=StringIO())
    stamps = list(models.Article.objects.values_list("slug", "updated_at"))
    version = versions.current()
    out = StringIO()

    call_command("load_library", stdout=out)

    assert [line for line in out.getvalue().splitlines() if not line.endswith("(0 new, 0 changed)")] == [
        "Nothing had to be changed."
    ]
    assert list(models.Article.objects.values_list("slug", "updated_at")) == stamps
    assert versions.current() == version


def test_loading_once_leaves_what_was_edited_since() -> None:
    call_command("load_library", once=True, verbosity=0)
    models.Article.objects.filter(slug="what-is-prp").update(title="Our own title")
    out = StringIO()

    call_command("load_library", once=True, stdout=out)

    assert out.getvalue() == "There are articles already; they stay as they are.\n"
    assert models.Article.objects.filter(title="Our own title").count() == 1
    assert models.Article.objects.count() > 1


def test_a_second_load_saves_no_row(library: TinyLibrary) -> None:
    load(library)
    saved: list[object] = []

    def note(instance: object, **kwargs: object) -> None:
        saved.append(instance)

    post_save.connect(note)
    try:
        load(library)
    finally:
        post_save.disconnect(note)

    assert saved == []


def test_a_second_load_runs_as_many_queries_for_more_centers(
    library: TinyLibrary, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load(library)
    with django_assert_num_queries(QUERIES):
        load(library)
    line = "{0},Fernhill {0},GB,United Kingdom,,{0},5 Lane,X1,Europe/London,,Mo-Fr 09:00-13:00,50.0,0.1\n"
    old = (library.folder / "centers.csv").read_text(encoding="utf-8")
    library.write("centers.csv", old + "".join(line.format(f"place-{number}") for number in range(20)))
    load(library)

    with django_assert_num_queries(QUERIES):
        load(library)


def test_a_changed_text_changes_only_its_row(library: TinyLibrary) -> None:
    load(library)
    library.change("topics.toml", 'name = "Platelets"', 'name = "Platelet-rich plasma"')

    assert changed_by(library) == ["Topics: 2 (0 new, 1 changed)", "Loaded: 0 new, 1 changed."]
    assert list(models.Topic.objects.values_list("slug", "name").order_by("slug")) == [
        ("exosomes", "Exosomes"),
        ("prp", "Platelet-rich plasma"),
    ]


def test_a_changed_section_changes_its_row_and_stamps_its_article(library: TinyLibrary) -> None:
    load(library)
    article = models.Article.objects.get(slug="what-is-prp")
    other = models.Article.objects.get(slug="exosomes")
    ids = list(article.sections.values_list("id", flat=True))
    library.change("articles/what-is-prp.md", "## Risks {#risks}", "## What can go wrong {#risks}")

    assert changed_by(library) == ["Articles: 2 (0 new, 1 changed)", "Loaded: 0 new, 1 changed."]
    assert list(article.sections.values_list("id", "heading")) == [
        (ids[0], "What it holds"),
        (ids[1], "What can go wrong"),
    ]
    assert models.Article.objects.get(slug="what-is-prp").updated_at > article.updated_at
    assert models.Article.objects.get(slug="exosomes").updated_at == other.updated_at


def test_references_that_change_places_are_renumbered(library: TinyLibrary) -> None:
    load(library)
    library.change("articles/what-is-prp.md", '["alert-2020", "trial-2021"]', '["trial-2021", "alert-2020"]')

    load(library)

    article = models.Article.objects.get(slug="what-is-prp")
    assert list(article.citations.values_list("number", "reference__key")) == [(1, "trial-2021"), (2, "alert-2020")]
    assert article.sections.all()[0].body.startswith("<p>Platelets.[1][2](see") is True


def test_parts_that_are_gone_from_a_file_are_removed(library: TinyLibrary) -> None:
    load(library)
    library.change("articles/what-is-prp.md", 'related = ["exosomes"]\n', "")
    library.change("therapies/prp.toml", '[findings.risks]\nvalue = "Soreness"\n', "")
    library.change("centers.csv", "Mo-Fr 09:00-13:00 14:00-18:00", "Mo 09:00-13:00")
    library.change("notices.toml", 'therapies = ["prp"]', "therapies = []")

    assert changed_by(library) == [
        "Therapies: 2 (0 new, 1 changed)",
        "Articles: 2 (0 new, 1 changed)",
        "Notices: 1 (0 new, 1 changed)",
        "Centers: 3 (0 new, 1 changed)",
        "Loaded: 0 new, 4 changed.",
    ]
    assert models.RelatedArticle.objects.count() == 0
    assert models.Finding.objects.count() == 1
    assert models.OpeningPeriod.objects.filter(center__slug="york").count() == 1
    assert models.Notice.objects.get().therapies.count() == 0


def test_rows_that_an_editor_made_stay(library: TinyLibrary) -> None:
    load(library)
    topic = models.Topic.objects.create(slug="own", name="An editor's own")
    models.Question.objects.create(slug="own", question="Mine?", answer="<p>Yes.</p>", group="Own")

    assert changed_by(library) == ["Nothing had to be changed."]
    assert models.Topic.objects.get(slug="own") == topic
    assert models.Question.objects.filter(slug="own").count() == 1


def test_a_row_that_is_gone_from_the_files_stays(library: TinyLibrary) -> None:
    load(library)
    library.remove("questions.toml")

    load(library)

    assert [question.slug for question in models.Question.objects.all()] == ["does-it-hurt"]


def test_what_an_editor_changed_in_a_loaded_row_becomes_the_files_again(library: TinyLibrary) -> None:
    load(library)
    models.Question.objects.update(question="Will it hurt?")

    assert changed_by(library) == ["Questions: 1 (0 new, 1 changed)", "Loaded: 0 new, 1 changed."]
    assert models.Question.objects.get().question == "Does it hurt?"


def test_a_column_that_no_file_holds_is_left_to_editors(library: TinyLibrary) -> None:
    load(library)
    models.Center.objects.filter(slug="york").update(open_to_requests=False)

    assert changed_by(library) == ["Nothing had to be changed."]
    assert models.Center.objects.get(slug="york").open_to_requests is False


def test_a_name_passed_from_one_row_to_another_is_loaded(library: TinyLibrary) -> None:
    load(library)
    library.change("topics.toml", 'name = "Exosomes"', 'name = "Vesicles"')
    library.change("topics.toml", 'name = "Platelets"', 'name = "Exosomes"')

    assert changed_by(library) == ["Topics: 2 (0 new, 2 changed)", "Loaded: 0 new, 2 changed."]


def test_a_row_of_an_editor_in_the_way_is_named_and_nothing_is_loaded(library: TinyLibrary) -> None:
    models.Topic.objects.create(slug="own", name="Exosomes")

    with pytest.raises(CommandError) as refused:
        load(library)

    assert str(refused.value).splitlines()[1:] == [
        "topics.toml:7: the database does not take this beside what it holds: Topic with this Name already exists."
    ]
    assert models.ClinicProfile.objects.count() == 0
    assert [topic.slug for topic in models.Topic.objects.all()] == ["own"]
