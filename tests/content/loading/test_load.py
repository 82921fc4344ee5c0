"""Loading a library: what ends in the database, what a second run does, and what stays untouched."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content import models, versions
from content.choices import RevisionState
from tests.content.library_builder import TinyLibrary, load
from tests.content.loading.newest import last_of

pytestmark = pytest.mark.django_db


def test_the_sample_site_is_loaded_whole() -> None:
    out = StringIO()

    call_command("load_library", stdout=out)

    labels = [line.split(":")[0] for line in out.getvalue().splitlines()]
    assert labels == [
        "Clinic profile",
        "Topics",
        "Contributors",
        "References",
        "Criteria",
        "Glossary terms",
        "Therapies",
        "Comparisons",
        "Countries",
        "Centers",
        "Articles",
        "Questions",
        "Decision questions",
        "Notices",
        "Policies",
        "Claim rules",
        "Search synonyms",
        "Loaded",
    ]
    assert models.Article.objects.count() == models.Revision.objects.public(timezone.now()).count() == 11
    assert models.Therapy.objects.count() == 6
    assert models.Finding.objects.count() == 6 * models.Criterion.objects.count()
    assert models.Policy.objects.count() == 3
    assert models.Center.objects.count() >= 84
    assert models.Country.objects.count() >= 20
    assert models.Question.objects.count() >= 20


def test_progress_is_told_kind_by_kind(library: TinyLibrary) -> None:
    assert load(library) == [
        "Clinic profile: 1 (1 new, 0 changed)",
        "Topics: 2 (2 new, 0 changed)",
        "Contributors: 2 (2 new, 0 changed)",
        "References: 2 (2 new, 0 changed)",
        "Criteria: 2 (2 new, 0 changed)",
        "Glossary terms: 0 (0 new, 0 changed)",
        "Therapies: 2 (2 new, 0 changed)",
        "Comparisons: 1 (1 new, 0 changed)",
        "Countries: 2 (2 new, 0 changed)",
        "Centers: 3 (3 new, 0 changed)",
        "Articles: 2 (2 new, 0 changed)",
        "Questions: 1 (1 new, 0 changed)",
        "Decision questions: 1 (1 new, 0 changed)",
        "Notices: 1 (1 new, 0 changed)",
        "Policies: 1 (1 new, 0 changed)",
        "Claim rules: 0 (0 new, 0 changed)",
        "Search synonyms: 0 (0 new, 0 changed)",
        "Loaded: 23 new, 0 changed.",
    ]


def test_a_load_raises_the_content_version_once(library: TinyLibrary) -> None:
    before = versions.current()

    load(library)

    assert versions.current() == before + 1


def test_an_articles_text_becomes_lead_sections_and_numbered_citations(library: TinyLibrary) -> None:
    load(library)

    article = last_of("what-is-prp")
    assert article.lead == "<p>The lead.</p>"
    assert list(article.sections.values_list("position", "heading", "anchor", "figure", "figure_caption")) == [
        (1, "What it holds", "what-it-holds", "how-prp-is-made", "Blood is spun"),
        (2, "Risks", "risks", "", ""),
    ]
    first, second = article.sections.all()
    assert first.comparison == models.Comparison.objects.get(slug="prp-and-care")
    assert second.comparison is None
    assert first.body == ('<p>Platelets.[2][1](see also the <a href="https://authority.example/alert">alert</a>)</p>')
    assert list(article.citations.values_list("number", "reference__key")) == [(1, "alert-2020"), (2, "trial-2021")]
    assert list(article.related.values_list("slug", flat=True)) == ["exosomes"]
    assert article.key_point_list == ["It is your own blood.", "It is spun."]


def test_a_publishing_date_is_nine_in_the_morning_utc(library: TinyLibrary) -> None:
    load(library)

    published, draft = last_of("what-is-prp"), last_of("exosomes")
    assert published.published_at == published.go_live_at == dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
    assert (draft.state, draft.published_at) == (RevisionState.DRAFT, None)


def test_a_therapys_findings_are_its_tables(library: TinyLibrary) -> None:
    load(library)

    findings = models.Therapy.objects.get(slug="prp").findings.order_by("criterion__position")
    assert list(findings.values_list("criterion__slug", "value", "tone", "grade", "reference__key", "reviewed_on")) == [
        ("source", "Your own blood", "neutral", "high", "alert-2020", dt.date(2026, 10, 12)),
        ("risks", "Soreness", "neutral", "not_graded", None, None),
    ]


def test_a_comparison_keeps_the_order_of_its_lists(library: TinyLibrary) -> None:
    library.change("comparisons.toml", '["prp", "standard-care"]', '["standard-care", "prp"]')
    load(library)

    comparison = models.Comparison.objects.get()
    assert [str(column) for column in comparison.columns.all()] == ["Standard care", "Platelet-rich plasma"]
    assert [str(row) for row in comparison.rows.all()] == ["Source", "Known risks"]


def test_a_question_of_the_decision_aid_has_its_answers_in_the_order_of_the_file(library: TinyLibrary) -> None:
    load(library)

    question = models.DecisionQuestion.objects.get()
    assert (question.slug, question.ask_list) == ("goal", ["How would we know?", "And when?"])
    assert [(answer.slug, answer.ask_list) for answer in question.answers.all()] == [
        ("pain", ["How much less pain?"]),
        ("moving", []),
    ]


def test_a_notice_knows_its_therapies_and_regions(library: TinyLibrary) -> None:
    load(library)

    notice = models.Notice.objects.get()
    assert [therapy.slug for therapy in notice.therapies.all()] == ["prp"]
    assert notice.regions == "US, GB-SCT"
    assert notice.starts_on == dt.date(2026, 3, 2)
    assert notice.ends_on is None


def test_a_policys_headings_keep_their_anchors(library: TinyLibrary) -> None:
    load(library)

    policy = models.Policy.objects.get()
    assert (policy.kind, policy.version, policy.effective_on) == ("privacy", "1.0", dt.date(2026, 10, 1))
    assert policy.body == '<p>We keep little.</p>\n<h2 id="what">What we keep</h2>\n<p>Your name.</p>'


def test_centers_have_countries_coordinates_phones_and_hours(library: TinyLibrary) -> None:
    load(library)

    york = models.Center.objects.get(slug="york")
    assert list(models.Country.objects.values_list("code", "name")) == [
        ("GB", "United Kingdom"),
        ("US", "United States"),
    ]
    assert (york.country_id, york.address, york.time_zone) == ("GB", "2 Wall Street, Floor 1", "Europe/London")
    assert (str(york.latitude), str(york.longitude), str(york.phone)) == ("53.9600", "-1.0800", "")
    assert york.opening_periods.count() == 10
    assert york.opening_periods.filter(weekday=0).first() == york.opening_periods.get(weekday=0, opens=dt.time(9))
    assert str(models.Center.objects.get(slug="seattle").phone) == "+12065550112"


@pytest.mark.parametrize(("line", "discreet"), [("", True), ("discreet_mail = false\n", False)])
def test_discreet_mail_is_what_the_file_says_and_else_the_careful_way(
    library: TinyLibrary,
    line: str,
    discreet: bool,  # noqa: FBT001  a case's outcome
) -> None:
    library.change("clinic.toml", "response_hours = 8\n", f"response_hours = 8\n{line}")

    load(library)

    assert models.ClinicProfile.objects.get().discreet_mail is discreet


def test_address_without_its_scheme_is_completed(library: TinyLibrary) -> None:
    library.change("clinic.toml", "(/faq/)", "(www.elsewhere.example)")
    library.change("references/sources.toml", "https://authority.example/alert", "authority.example/alert")
    load(library)

    assert 'href="https://www.elsewhere.example"' in models.ClinicProfile.objects.get().about
    assert models.Reference.objects.filter(url="https://authority.example/alert").count() == 1


def test_hours_past_midnight_are_loaded_and_shown(library: TinyLibrary, client: Client) -> None:
    library.change("centers.csv", "Sa 09:00-12:00", "Mo-Fr 22:00-01:30")
    load(library)

    periods = models.OpeningPeriod.objects.filter(center__slug="seattle").values_list("weekday", "opens", "closes")
    assert list(periods) == [(day, dt.time(22), dt.time(1, 30)) for day in range(5)]
    assert "22:00–01:30" in client.get("/centers/seattle/").content.decode()


def test_terms_and_cards_of_an_article_are_loaded_and_loading_again_changes_nothing(library: TinyLibrary) -> None:
    term = 'slug = "plasma"\nname = "plasma"\nspellings = ["blood plasma", "plasmas"]\ndefinition = "A liquid."'
    library.write("glossary.toml", f"[[term]]\n{term}\n")
    library.change("articles/what-is-prp.md", "The lead.", "The [lead](/glossary/#plasma).")
    library.change(
        "articles/what-is-prp.md", "{{comparison: prp-and-care}}", "{{comparison: prp-and-care}}\n{{card: urgent}}"
    )

    load(library)
    again = load(library)

    plasma, article = models.Term.objects.get(), last_of("what-is-prp")
    assert (plasma.name, plasma.spelling_list) == ("plasma", ["blood plasma", "plasmas"])
    assert article.lead == f'<p>The <a href="ref:term/{plasma.pk}">lead</a>.</p>'
    assert list(article.sections.values_list("card", flat=True)) == ["urgent", ""]
    assert again[-1] == "Nothing had to be changed."
