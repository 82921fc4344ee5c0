"""Table of the kinds of rows a library holds, in writing order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from content import richtext
from content.loading import sections, values
from content.loading.children import (
    Children,
    listed,
    read_answers,
    read_findings,
    read_opening_periods,
    read_sections,
    reference_numbers,
)
from content.loading.kind import Kind
from content.loading.rows import Row, columns, read_row
from content.loading.source import BODY, Entry, Passage, Problems
from content.models import (
    Article,
    ArticleReference,
    Center,
    ClaimRule,
    ClinicProfile,
    Comparison,
    ComparisonCriterion,
    ComparisonTherapy,
    Contributor,
    Country,
    Criterion,
    DecisionAnswer,
    DecisionQuestion,
    Finding,
    Notice,
    OpeningPeriod,
    Policy,
    Question,
    Reference,
    RelatedArticle,
    Revision,
    SearchSynonym,
    Section,
    Term,
    Therapy,
    Topic,
)

if TYPE_CHECKING:
    from content.loading.values import Column

HEADING_WITH_ANCHOR = re.compile(r"<h2>(.*?) *\{#([\w-]+)\}</h2>")


def article_lead(entry: Entry) -> Entry:
    """Return the entry with the text before the first heading as its lead."""
    lead = sections.split(entry.texts[BODY])[0].text
    return entry.with_text("lead", sections.number_citations(lead, reference_numbers(entry)))


def read_revision(entry: Entry, problems: Problems) -> list[Row]:
    """Return what an article says and who reviewed it."""
    return [read_row(Revision, REVISION, entry, problems, {"key_points": values.read_lines})]


def policy_body(entry: Entry) -> Entry:
    """Return the entry with all of its text as its body, ## headings included."""
    body = entry.texts[BODY]
    return entry.with_text("body", Passage(body.path, body.line, body.text, headings=("h2", "h3", "h4")))


def read_body(column: Column, raw: object) -> Any:
    """Markdown with anchors behind its ## headings, turned into HTML with ids."""
    html: str = values.read(column, raw)
    return richtext.clean(HEADING_WITH_ANCHOR.sub(r'<h2 id="\2">\1</h2>', html), headings_named=True)


REVISION = columns(
    "title",
    "summary",
    "author",
    "illustration",
    "key_points",
    "lead",
    reviewer="medical_reviewer",
    published="published_at",
    reviewed="reviewed_on",
    next_review="next_review_on",
)
CRITERION = columns("slug", "name", "help", "group", "position", "required")
THERAPY = columns(
    "slug",
    "name",
    "short_name",
    "summary",
    "description",
    "source_kind",
    "regulatory_status",
    "regulatory_note",
    "regulatory_reference",
    "standard_care",
    "illustration",
    "position",
)
CLINIC = columns(
    *(
        "name short_name legal_name tagline phone email address banner_text hours_text hours time_zone "
        "response_promise response_hours discreet_mail disclaimer emergency_text consultation_text about"
    ).split()
)
COUNTRY = columns(country="code", country_name="name")
CENTER = columns(
    "slug", "name", "country", "region", "city", "address", "postal_code", "time_zone", "phone", "latitude", "longitude"
)
# Two kinds share the lines of one file: a country stands on the line of each of its centers.
CENTERS_HEAD = (
    "slug",
    "name",
    "country",
    "country_name",
    "region",
    "city",
    "address",
    "postal_code",
    "time_zone",
    "phone",
    "hours",
    "latitude",
    "longitude",
)
CLAIM_LISTS = "despite spared therapies fields grades".split()
CLAIM_RULE = columns(
    *"slug name family severity hedged patterns unless reason wording source active".split(), *CLAIM_LISTS
)
NOTICE = columns(
    *"slug title text regions basis source counsel_confirmed".split(),
    starts="starts_on",
    ends="ends_on",
    default="is_default",
)

KINDS = (
    Kind(ClinicProfile, "id", "clinic.toml", CLINIC, "[clinic]", readers={"hours": values.read_hours}),
    Kind(Topic, "slug", "topics.toml", columns("slug", "name", "description", "position"), "[[topic]]"),
    Kind(
        Contributor,
        "slug",
        "contributors.toml",
        columns("slug", "name", "credentials", "role", "bio"),
        "[[contributor]]",
    ),
    Kind(
        Reference,
        "key",
        "references/*.toml",
        columns("key", "title", "authors", "publisher", "year", "url", "doi", "pmid"),
        "[[reference]]",
    ),
    Kind(Criterion, "slug", "criteria.toml", CRITERION, "[[criterion]]"),
    # Before whatever holds texts that may refer to them.
    Kind(
        Term,
        "slug",
        "glossary.toml",
        columns("slug", "name", "spellings", "definition"),
        "[[term]]",
        readers={"spellings": values.read_lines},
    ),
    Kind(
        Therapy,
        "slug",
        "therapies/*.toml",
        THERAPY,
        named_by_file=True,
        children=(Children(Finding, "therapy", ("criterion",), ("findings",), read_findings),),
    ),
    Kind(
        Comparison,
        "slug",
        "comparisons.toml",
        columns("slug", "title", "caption"),
        "[[comparison]]",
        children=(
            listed("therapies", ComparisonTherapy, Therapy, parent="comparison", link="therapy", number="position"),
            listed(
                "criteria", ComparisonCriterion, Criterion, parent="comparison", link="criterion", number="position"
            ),
        ),
    ),
    Kind(Country, "code", "centers.csv", COUNTRY, head=CENTERS_HEAD, repeats=True),
    Kind(
        Center,
        "slug",
        "centers.csv",
        CENTER,
        head=CENTERS_HEAD,
        children=(Children(OpeningPeriod, "center", ("weekday", "opens", "closes"), ("hours",), read_opening_periods),),
    ),
    Kind(
        Article,
        "slug",
        "articles/*.md",
        columns("slug", "topic"),
        named_by_file=True,
        prepare=article_lead,
        # All of them are written together, as a revision: see articles.py.
        children=(
            Children(Revision, "article", (), tuple(REVISION), read_revision),
            Children(Section, "revision", (), (), read_sections),
            listed(
                "references", ArticleReference, Reference, parent="revision", link="reference", number="number", first=1
            ),
            listed("related", RelatedArticle, Article, parent="revision", link="related", number="position"),
        ),
    ),
    Kind(
        Question,
        "slug",
        "questions.toml",
        columns("slug", "question", "answer", "group", "therapy", "position"),
        "[[question]]",
    ),
    Kind(
        DecisionQuestion,
        "slug",
        "decision.toml",
        columns("slug", "question", "help", "ask", "position"),
        "[[question]]",
        children=(Children(DecisionAnswer, "question", ("slug",), ("answer",), read_answers),),
    ),
    Kind(
        Notice,
        "slug",
        "notices.toml",
        NOTICE,
        "[[notice]]",
        readers={"regions": values.read_codes},
        children=(listed("therapies", Notice.therapies.through, Therapy, parent="notice", link="therapy"),),
    ),
    Kind(
        Policy,
        "kind",
        "policies/*.md",
        columns("kind", "title", "summary", "version", "body", effective="effective_on"),
        named_by_file=True,
        prepare=policy_body,
        readers={"body": read_body},
    ),
    Kind(
        ClaimRule,
        "slug",
        "claim_rules.toml",
        CLAIM_RULE,
        "[[claim_rule]]",
        readers=dict.fromkeys(CLAIM_LISTS, values.read_codes),
    ),
    Kind(
        SearchSynonym,
        "slug",
        "search_synonyms.toml",
        columns("slug", "phrases"),
        "[[synonym]]",
        readers={"phrases": values.read_lines},
    ),
)
