"""Loading a library again: nothing changes, or only what a file changed; what editors made stays."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from content import models, versions
from content.choices import RevisionState
from content.publishing import verbs
from tests.content.library_builder import TinyLibrary, changed_by, load
from tests.content.loading.newest import last_of
from tests.factories import make_staff
from tests.sample_site import load_sample_site

pytestmark = pytest.mark.django_db

# One for each of 14 kinds, one for each of 6 kinds of rows that belong to others, five for revisions (those of the sample,
# what was done at the desk, and their three parts), the addresses of the four kinds of pages, two for texts that were
# written before what they link to, one for what was approved since of other words, one for waiting for other edits, and the transaction’s two.
QUERIES = 14 + 6 + 5 + 4 + 2 + 1 + 1 + 2


def test_the_sample_site_loaded_twice_changes_nothing() -> None:
    # The rows that many tests begin with, so that these are known to be those of a load.
    load_sample_site()
    revisions = list(models.Revision.objects.values_list("pk", "version").order_by("pk"))
    version = versions.current()
    out = StringIO()

    call_command("load_library", stdout=out)

    assert [line for line in out.getvalue().splitlines() if not line.endswith("(0 new, 0 changed)")] == [
        "Nothing had to be changed."
    ]
    assert list(models.Revision.objects.values_list("pk", "version").order_by("pk")) == revisions
    assert versions.current() == version


def test_loading_once_leaves_what_was_edited_since() -> None:
    call_command("load_library", once=True, verbosity=0)
    models.Topic.objects.filter(slug="platelet-rich-plasma").update(name="Our own name")
    out = StringIO()

    call_command("load_library", once=True, stdout=out)

    assert out.getvalue() == "There are articles already; they stay as they are.\n"
    assert models.Topic.objects.filter(name="Our own name").count() == 1
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


def test_a_changed_section_makes_a_new_revision_that_takes_the_place_of_the_old(library: TinyLibrary) -> None:
    load(library)
    old = last_of("what-is-prp")
    library.change("articles/what-is-prp.md", "## Risks {#risks}", "## What can go wrong {#risks}")

    assert changed_by(library) == ["Articles: 2 (0 new, 1 changed)", "Loaded: 0 new, 1 changed."]
    new, now = last_of("what-is-prp"), timezone.now()
    old.refresh_from_db()
    assert [list(one.sections.values_list("heading", flat=True)) for one in (old, new)] == [
        ["What it holds", "Risks"],
        ["What it holds", "What can go wrong"],
    ]
    assert (old.withdrawn_at, old.is_public(now), new.is_public(now)) == (new.go_live_at, False, True)
    assert (new.number, new.published_at, new.reviewed_on) == (2, old.published_at, old.reviewed_on)
    assert last_of("exosomes").number == 1


def test_a_draft_of_the_files_is_given_up_for_the_next_one(library: TinyLibrary) -> None:
    load(library)
    old = last_of("exosomes")
    library.change("articles/exosomes.md", "A draft.", "Another draft.")

    assert changed_by(library) == ["Articles: 2 (0 new, 1 changed)", "Loaded: 0 new, 1 changed."]
    old.refresh_from_db()
    assert [(one.state, one.lead) for one in (old, last_of("exosomes"))] == [
        (RevisionState.WITHDRAWN, "<p>A draft.</p>"),
        (RevisionState.DRAFT, "<p>Another draft.</p>"),
    ]


def test_an_article_that_is_no_longer_published_is_withdrawn(library: TinyLibrary) -> None:
    load(library)
    library.change("articles/what-is-prp.md", "published = 2026-09-01\n", "")

    load(library)

    assert models.Revision.objects.public(timezone.now()).count() == 0
    assert last_of("what-is-prp").state == RevisionState.DRAFT
    assert changed_by(library) == ["Nothing had to be changed."]


def test_an_article_that_somebody_works_on_is_left_to_them(library: TinyLibrary) -> None:
    load(library)
    article, now = models.Article.objects.get(slug="what-is-prp"), timezone.now()
    draft = verbs.start(article, by=make_staff("Editors"), now=now)
    assert changed_by(library) == ["Nothing had to be changed."]
    library.change("articles/what-is-prp.md", "## Risks {#risks}", "## What can go wrong {#risks}")

    assert load(library)[10] == "Articles: 2 (0 new, 0 changed, 1 left to those who wrote at the desk)"
    assert last_of("what-is-prp") == draft
    assert article.revisions.public(now).get().number == 1


def test_the_sample_s_accounts_cannot_log_in(library: TinyLibrary) -> None:
    load(library)

    revision = last_of("what-is-prp")
    accounts = [revision.edited_by, revision.approved_by]
    assert [(one.is_active, one.is_staff, one.has_usable_password()) for one in accounts if one] == [
        (False, False, False)
    ] * 2
    assert revision.medical_reviewer == models.Contributor.objects.get(slug="dr-bo")


def test_references_that_change_places_are_renumbered(library: TinyLibrary) -> None:
    load(library)
    library.change("articles/what-is-prp.md", '["alert-2020", "trial-2021"]', '["trial-2021", "alert-2020"]')

    load(library)

    article = last_of("what-is-prp")
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
        "Centers: 3 (0 new, 1 changed)",
        "Articles: 2 (0 new, 1 changed)",
        "Notices: 1 (0 new, 1 changed)",
        "Loaded: 0 new, 4 changed.",
    ]
    assert last_of("what-is-prp").related_links.count() == 0
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
