"""The texts that editors write for readers, row by row, with what each is about.

Titles of sources are not read: they are the words of others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.html import escape

from content.claims.rules import Context, FieldKind
from content.claims.rules import Finding as Claim
from content.models import (
    Center,
    ClinicProfile,
    Comparison,
    Contributor,
    Country,
    Criterion,
    DecisionAnswer,
    DecisionQuestion,
    Finding,
    Notice,
    Policy,
    Question,
    Revision,
    Section,
    Term,
    Therapy,
    Topic,
)


class Passage(NamedTuple):
    """A text, plain or HTML, where it stands in words for staff, what it is about, and the row and fields that it is made of."""

    where: str
    text: str
    context: Context
    row: Model
    fields: tuple[str, ...]

    def field_of(self, claim: Claim) -> str:
        """Return the field in which a claim stands: the first one where it is made by several together."""
        holds = (name for name in self.fields if claim.words in str(getattr(self.row, name)))
        return next(holds, self.fields[0])


def public(now: dt.datetime) -> Iterator[Passage]:
    """Yield every text that readers can see, or are sent, at `now`."""
    for rows in PUBLIC.values():
        for row in rows(now):
            yield from of(row)


def of(row: Model) -> Iterator[Passage]:
    """Yield the texts of one row, public or not, saved or not; of a revision those of its sections too."""
    read = READERS.get(type(row))
    return (passage for passage in (read(row) if read else ()) if passage.text.strip())


def revisions(now: dt.datetime) -> Iterable[Revision]:
    """Return what readers see of articles at `now`."""
    return Revision.objects.public(now).select_related("article").prefetch_related("sections")


def _text(row: Model, where: str, kind: FieldKind, *fields: str, therapy: str = "") -> Passage:
    return Passage(where, "\n".join(str(getattr(row, name)) for name in fields), Context(therapy, kind), row, fields)


def _revision(revision: Revision) -> Iterator[Passage]:
    name = f"article “{revision.title}”"
    yield _text(revision, f"{name}, title", FieldKind.TITLE, "title")
    yield _text(revision, f"{name}, summary", FieldKind.SUMMARY, "summary")
    yield _text(revision, f"{name}, lead", FieldKind.TEXT, "lead")
    yield _text(revision, f"{name}, key points", FieldKind.SUMMARY, "key_points")
    for section in revision.sections.all():
        yield from _section(section, f"{name}, section “{section.heading}”")


def _section(section: Section, where: str) -> Iterator[Passage]:
    yield _text(section, f"{where}, heading", FieldKind.TITLE, "heading")
    yield _text(section, where, FieldKind.TEXT, "body")
    yield _text(section, f"{where}, caption", FieldKind.CAPTION, "figure_caption")
    yield _text(section, f"{where}, picture", FieldKind.CAPTION, "image_alt")


def _therapy(therapy: Therapy) -> Iterator[Passage]:
    name, slug = f"therapy {therapy.name}", therapy.slug
    yield _text(therapy, f"{name}, name", FieldKind.TITLE, "name", "short_name", therapy=slug)
    yield _text(therapy, f"{name}, summary", FieldKind.SUMMARY, "summary", therapy=slug)
    yield _text(therapy, f"{name}, description", FieldKind.TEXT, "description", therapy=slug)
    yield _text(therapy, f"{name}, regulatory note", FieldKind.TEXT, "regulatory_note", therapy=slug)


def _finding(finding: Finding) -> Iterator[Passage]:
    """Yield the cell, read with the head of its row: a question with its answer, another head as what the cell is about."""
    head = finding.criterion.name
    text = f"{head}{'' if head.endswith('?') else ':'} {finding.value}. {finding.note}"
    where = f"finding {finding.therapy.name} × {finding.criterion.name}"
    context = Context(finding.therapy.slug, FieldKind.FINDING, finding.grade)
    yield Passage(where, text, context, finding, ("value", "note"))


def _question(question: Question) -> Iterator[Passage]:
    """Yield a frequent question read with its answer, and the heading that it stands under."""
    where, therapy = f"question “{question.question}”", question.therapy.slug if question.therapy else ""
    text = f"<p>{escape(question.question)}</p>{question.answer}"
    yield Passage(where, text, Context(therapy, FieldKind.QUESTION), question, ("question", "answer"))
    yield _text(question, f"{where}, group", FieldKind.TITLE, "group")


def _decision_question(question: DecisionQuestion) -> Iterator[Passage]:
    yield _text(question, f"decision question “{question.question}”", FieldKind.QUESTION, "question", "help", "ask")


def _decision_answer(answer: DecisionAnswer) -> Iterator[Passage]:
    where = f"decision question “{answer.question.question}”, answer “{answer.answer}”"
    yield _text(answer, where, FieldKind.QUESTION, "answer", "matters", "ask")


def _notice(notice: Notice) -> Iterator[Passage]:
    name = f"notice “{notice.title}”"
    yield _text(notice, f"{name}, title", FieldKind.TITLE, "title")
    yield _text(notice, name, FieldKind.NOTICE, "text")
    yield _text(notice, f"{name}, basis", FieldKind.NOTICE, "basis")


def _policy(policy: Policy) -> Iterator[Passage]:
    name = f"policy “{policy.title}”"
    yield _text(policy, f"{name}, title", FieldKind.TITLE, "title")
    yield _text(policy, f"{name}, summary", FieldKind.SUMMARY, "summary")
    yield _text(policy, name, FieldKind.NOTICE, "body")


def _comparison(comparison: Comparison) -> Iterator[Passage]:
    yield _text(comparison, f"comparison “{comparison.title}”", FieldKind.CAPTION, "title", "caption")


def _criterion(criterion: Criterion) -> Iterator[Passage]:
    yield _text(criterion, f"criterion {criterion.name}", FieldKind.CAPTION, "group", "name", "help")


def _topic(topic: Topic) -> Iterator[Passage]:
    yield _text(topic, f"topic {topic.name}", FieldKind.SUMMARY, "name", "description")


def _term(term: Term) -> Iterator[Passage]:
    """Yield a term read with its definition, so that a sentence that begins with "It" is about it."""
    where = f"glossary term {term.name}"
    text = f"{term.name}: {term.definition}"
    yield Passage(where, text, Context("", FieldKind.TEXT), term, ("definition", "name"))
    yield _text(term, f"{where}, other spellings", FieldKind.TITLE, "spellings")


def _contributor(person: Contributor) -> Iterator[Passage]:
    where = f"contributor {person.name}"
    yield _text(person, where, FieldKind.PROFILE, "name", "credentials", "role", "bio")


def _center(center: Center) -> Iterator[Passage]:
    yield _text(center, f"center {center.name}", FieldKind.PROFILE, "name", "city", "address")


def _country(country: Country) -> Iterator[Passage]:
    yield _text(country, f"country {country.name}", FieldKind.PROFILE, "name")


def _clinic(profile: ClinicProfile) -> Iterator[Passage]:
    for column in PROFILE_TEXTS:
        yield _text(profile, f"clinic profile, {column}", FieldKind.PROFILE, column)


PROFILE_TEXTS = (
    "name short_name tagline legal_name address banner_text hours_text disclaimer emergency_text consultation_text about "
    "response_promise"
).split()
READERS: dict[type[Model], Callable[[Any], Iterator[Passage]]] = {
    Revision: _revision,
    Therapy: _therapy,
    Finding: _finding,
    Question: _question,
    DecisionQuestion: _decision_question,
    DecisionAnswer: _decision_answer,
    Notice: _notice,
    Policy: _policy,
    Comparison: _comparison,
    Criterion: _criterion,
    Topic: _topic,
    Term: _term,
    Contributor: _contributor,
    Center: _center,
    Country: _country,
    ClinicProfile: _clinic,
}
# By model; other apps add theirs to both when they are ready.
PUBLIC: dict[type[Model], Callable[[dt.datetime], Iterable[Model]]] = {
    Revision: revisions,
    Therapy: lambda now: Therapy.objects.all(),
    Finding: lambda now: Finding.objects.select_related("therapy", "criterion"),
    Question: lambda now: Question.objects.select_related("therapy"),
    DecisionQuestion: lambda now: DecisionQuestion.objects.all(),
    DecisionAnswer: lambda now: DecisionAnswer.objects.select_related("question"),
    Notice: Notice.objects.current_somewhere,
    Policy: lambda now: Policy.objects.all(),
    Comparison: lambda now: Comparison.objects.all(),
    Criterion: lambda now: Criterion.objects.all(),
    Topic: lambda now: Topic.objects.all(),
    Term: lambda now: Term.objects.all(),
    Contributor: lambda now: Contributor.objects.all(),
    Center: lambda now: Center.objects.all(),
    Country: lambda now: Country.objects.all(),
    ClinicProfile: lambda now: ClinicProfile.objects.all(),
}
