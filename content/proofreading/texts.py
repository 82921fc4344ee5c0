"""The texts that editors write for readers, model by model, with what each is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.html import escape

from content.claims.rules import Context, FieldKind
from content.models import (
    Center,
    ClinicProfile,
    Comparison,
    Contributor,
    Criterion,
    DecisionQuestion,
    Finding,
    Notice,
    Policy,
    Question,
    Revision,
    Therapy,
    Topic,
)


class Passage(NamedTuple):
    """A text, plain or HTML, where it stands in words for staff, and what it is about."""

    where: str
    text: str
    context: Context


def public(now: dt.datetime) -> Iterator[Passage]:
    """Yield every text that readers can see at `now`."""
    for read in READERS:
        yield from (passage for passage in read(now) if passage.text.strip())


def articles(now: dt.datetime) -> Iterator[Passage]:
    """Yield the words of articles as readers see them at `now`."""
    for revision in Revision.objects.public(now).select_related("article").prefetch_related("sections"):
        yield from words_of(revision)


def words_of(revision: Revision) -> Iterator[Passage]:
    """Yield the words of one revision, public or not."""
    name = f"article {revision.article.slug}"
    yield Passage(f"{name}, title", revision.title, Context(field=FieldKind.TITLE))
    yield Passage(f"{name}, summary", revision.summary, Context(field=FieldKind.SUMMARY))
    yield Passage(f"{name}, lead", revision.lead, Context(field=FieldKind.TEXT))
    yield Passage(f"{name}, key points", revision.key_points, Context(field=FieldKind.SUMMARY))
    for section in revision.sections.all():
        part = f"{name}, section {section.anchor}"
        yield Passage(f"{part}, heading", section.heading, Context(field=FieldKind.TITLE))
        yield Passage(part, section.body, Context(field=FieldKind.TEXT))
        yield Passage(f"{part}, caption", section.figure_caption, Context(field=FieldKind.CAPTION))
        yield Passage(f"{part}, picture", section.image_alt, Context(field=FieldKind.CAPTION))


def therapies(now: dt.datetime) -> Iterator[Passage]:
    """Yield the words of therapies."""
    for therapy in Therapy.objects.all():
        name, slug = f"therapy {therapy.slug}", therapy.slug
        yield Passage(f"{name}, name", f"{therapy.name}\n{therapy.short_name}", Context(slug, FieldKind.TITLE))
        yield Passage(f"{name}, summary", therapy.summary, Context(slug, FieldKind.SUMMARY))
        yield Passage(f"{name}, description", therapy.description, Context(slug, FieldKind.TEXT))
        yield Passage(f"{name}, regulatory note", therapy.regulatory_note, Context(slug, FieldKind.TEXT))


def findings(now: dt.datetime) -> Iterator[Passage]:
    """Yield the cells of the comparison; a criterion that is a question is read with its answer."""
    for finding in Finding.objects.select_related("therapy", "criterion"):
        asked = f"{finding.criterion.name} " if finding.criterion.name.endswith("?") else ""
        text = f"{asked}{finding.value}. {finding.note}"
        where = f"finding {finding.therapy.slug} × {finding.criterion.slug}"
        yield Passage(where, text, Context(finding.therapy.slug, FieldKind.FINDING, finding.grade))


def questions(now: dt.datetime) -> Iterator[Passage]:
    """Yield frequent questions, each read with its answer."""
    for question in Question.objects.select_related("therapy"):
        context = Context(question.therapy.slug if question.therapy else "", FieldKind.QUESTION)
        yield Passage(f"question {question.slug}", f"<p>{escape(question.question)}</p>{question.answer}", context)


def decision_aid(now: dt.datetime) -> Iterator[Passage]:
    """Yield the questions of the decision aid with their answers."""
    for question in DecisionQuestion.objects.prefetch_related("answers"):
        name = f"decision question {question.slug}"
        yield Passage(name, f"{question.question}\n{question.help}\n{question.ask}", Context(field=FieldKind.QUESTION))
        for answer in question.answers.all():
            text = f"{answer.answer}\n{answer.matters}\n{answer.ask}"
            yield Passage(f"{name}, answer {answer.slug}", text, Context(field=FieldKind.QUESTION))


def notices(now: dt.datetime) -> Iterator[Passage]:
    """Yield the notices that are shown at `now`, wherever."""
    for notice in Notice.objects.current_somewhere(now):
        yield Passage(f"notice {notice.slug}, title", notice.title, Context(field=FieldKind.TITLE))
        yield Passage(f"notice {notice.slug}", notice.text, Context(field=FieldKind.NOTICE))


def policies(now: dt.datetime) -> Iterator[Passage]:
    """Yield the legal texts."""
    for policy in Policy.objects.all():
        name = f"policy {policy.kind}"
        yield Passage(f"{name}, title", policy.title, Context(field=FieldKind.TITLE))
        yield Passage(f"{name}, summary", policy.summary, Context(field=FieldKind.SUMMARY))
        yield Passage(name, policy.body, Context(field=FieldKind.NOTICE))


def tables(now: dt.datetime) -> Iterator[Passage]:
    """Yield the titles of comparisons and the names and help of their rows."""
    for comparison in Comparison.objects.all():
        text = f"{comparison.title}\n{comparison.caption}"
        yield Passage(f"comparison {comparison.slug}", text, Context(field=FieldKind.CAPTION))
    for criterion in Criterion.objects.all():
        text = f"{criterion.group}\n{criterion.name}\n{criterion.help}"
        yield Passage(f"criterion {criterion.slug}", text, Context(field=FieldKind.CAPTION))


def people_and_topics(now: dt.datetime) -> Iterator[Passage]:
    """Yield topics and the people who write and review."""
    for topic in Topic.objects.all():
        yield Passage(f"topic {topic.slug}", f"{topic.name}\n{topic.description}", Context(field=FieldKind.SUMMARY))
    for person in Contributor.objects.all():
        text = f"{person.name}\n{person.credentials}\n{person.role}\n{person.bio}"
        yield Passage(f"contributor {person.slug}", text, Context(field=FieldKind.PROFILE))


def centers(now: dt.datetime) -> Iterator[Passage]:
    """Yield the names of centers."""
    for center in Center.objects.all():
        yield Passage(f"center {center.slug}", center.name, Context(field=FieldKind.PROFILE))


def clinic(now: dt.datetime) -> Iterator[Passage]:
    """Yield the texts of the clinic's profile."""
    for profile in ClinicProfile.objects.all():
        for column in PROFILE_TEXTS:
            yield Passage(f"clinic profile, {column}", getattr(profile, column), Context(field=FieldKind.PROFILE))


PROFILE_TEXTS = (
    "name",
    "short_name",
    "tagline",
    "banner_text",
    "hours_text",
    "disclaimer",
    "emergency_text",
    "consultation_text",
    "about",
    "response_promise",
)
READERS: tuple[Callable[[dt.datetime], Iterator[Passage]], ...] = (
    articles,
    therapies,
    findings,
    questions,
    decision_aid,
    notices,
    policies,
    tables,
    people_and_topics,
    centers,
    clinic,
)
