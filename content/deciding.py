"""The decision aid: what it asks, which answers were chosen, and the sheet they make in plain words. Imports models.

It recommends no therapy. Standard care and what everybody should ask are part of every sheet, whatever was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from content.models import DecisionAnswer, DecisionQuestion, Therapy
from content.models.decision import MOST_ANSWERS, MOST_QUESTIONS

# Of the site, not of a clinic: no edit takes standard care out of the sheet.
ALWAYS_ASK = (
    "What can standard care do for me, and have I tried all of it?",
    "What is likely to happen if I wait, or do nothing for now?",
)


@dataclass(frozen=True)
class Asked:
    """A question with the answers on offer and the chosen one, if any."""

    question: DecisionQuestion
    answers: list[DecisionAnswer]
    chosen: DecisionAnswer | None


@dataclass(frozen=True)
class Sheet:
    """What the decision aid shows."""

    asked: list[Asked]
    standard_care: Therapy | None
    always_ask: Sequence[str] = ALWAYS_ASK

    @property
    def is_answered(self) -> bool:
        """Whether any answer was chosen."""
        return any(each.chosen for each in self.asked)


def read(answers: Mapping[str, str]) -> Sheet:
    """Return the sheet for answers by question, both as slugs; those that are not on offer are passed over. Three queries."""
    # Answers are approved one by one; a question without any asks nothing yet.
    offered_any = DecisionQuestion.objects.filter(Exists(DecisionAnswer.objects.filter(question=OuterRef("pk"))))
    questions = offered_any.prefetch_related("answers")[:MOST_QUESTIONS]
    asked = []
    for question in questions:
        offered = list(question.answers.all())[:MOST_ANSWERS]
        wanted = answers.get(question.slug, "")
        asked.append(Asked(question, offered, next((one for one in offered if one.slug == wanted), None)))
    return Sheet(asked, Therapy.objects.shown().filter(standard_care=True).first())


def in_words(sheet: Sheet) -> str:
    """Return what was chosen and what to ask as plain text in lines; "" where nothing was chosen."""
    if not sheet.is_answered:
        return ""
    return "\n".join(_lines(sheet))


def _lines(sheet: Sheet) -> Iterator[str]:
    chosen = [(each.question, each.chosen) for each in sheet.asked if each.chosen]
    yield "What matters to me:"
    yield from (f"- {question.question} {answer.answer}" for question, answer in chosen)
    yield ""
    yield "What I would like to ask:"
    general = [line for each in sheet.asked for line in each.question.ask_list]
    special = [line for _, answer in chosen for line in answer.ask_list]
    # Two answers may lead to the same question.
    yield from (f"- {line}" for line in dict.fromkeys([*sheet.always_ask, *general, *special]))
