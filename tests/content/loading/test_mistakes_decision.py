"""Mistakes in the decision aid, and therapies that pass over a required row in silence; nothing is loaded."""

from __future__ import annotations

import pytest

from tests.content.library_builder import DECISION, TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

# What a file holds, what somebody wrote instead, and what they are told.
MISTAKES = {
    "therapy that says nothing of its risks": (
        "criteria.toml",
        "position = 20",
        "position = 20\nrequired = true",
        'therapies/standard-care.toml:1: there is no finding under "risks"; every therapy needs one, if only "Not reported"',
    ),
    "finding that is a dash": (
        "therapies/prp.toml",
        '"Soreness"',
        '"–"',
        'therapies/prp.toml:24: "value" is "–": Say it in words; where nothing is known, write “Not reported”.',
    ),
    "finding of spaces": (
        "therapies/prp.toml",
        '"Soreness"',
        '" "',
        'therapies/prp.toml:24: "value" must not be empty',
    ),
    "answers in a list": (
        "decision.toml",
        DECISION[DECISION.index("[[question.answer]]") :],
        'answer = ["Less pain"]\n',
        "decision.toml:6: answers are tables [[question.answer]]",
    ),
    "answer without what matters": (
        "decision.toml",
        'matters = "How much less."\n',
        "",
        'decision.toml:6: "matters" is missing',
    ),
    "answer with an unknown field": (
        "decision.toml",
        'matters = "How much less."\n',
        'matters = "How much less."\ntherapy = "prp"\n',
        'decision.toml:10: "therapy" is an unknown field; known are slug, answer, matters, ask',
    ),
    "answer that has another's slug": (
        "decision.toml",
        'slug = "moving"',
        'slug = "pain"',
        'decision.toml:7: another answer to this question has the slug "pain"\n'
        'decision.toml:12: another answer to this question has the slug "pain"',
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "report"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_and_line(
    library: TinyLibrary, path: str, old: str, new: str, report: str
) -> None:
    library.change(path, old, new)

    assert mistakes(library.folder) == report.splitlines()


@pytest.mark.parametrize("number", [1, 7])
def test_a_question_with_too_few_or_too_many_answers_is_named(library: TinyLibrary, number: int) -> None:
    answers = "".join(f'[[question.answer]]\nslug = "a{n}"\nanswer = "A"\nmatters = "B"\n' for n in range(number))
    library.write("decision.toml", f'[[question]]\nslug = "goal"\nquestion = "What?"\n{answers}')

    assert mistakes(library.folder) == [f"decision.toml:1: a question has 2 to 6 answers, not {number}"]


def test_more_questions_than_the_page_asks_are_named(library: TinyLibrary) -> None:
    texts = [DECISION.replace('"goal"', f'"goal-{number}"') for number in range(6)]
    library.write("decision.toml", "".join(texts))

    assert mistakes(library.folder) == ["decision.toml:71: the decision aid has at most 5 questions"]
