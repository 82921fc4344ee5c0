"""The decision aid's sheet in plain words: what was chosen, and what to ask."""

from __future__ import annotations

import pytest

from content import deciding
from tests.factories import make_criterion, make_decision_question, make_therapy

pytestmark = pytest.mark.django_db


def test_read_offers_five_questions_of_six_answers_at_most() -> None:
    for _ in range(6):
        make_decision_question(*"abcdefg")

    sheet = deciding.read({})

    assert [len(each.answers) for each in sheet.asked] == [6] * 5


def test_read_passes_over_answers_that_are_not_on_offer() -> None:
    make_decision_question("pain", slug="goal")
    make_decision_question("cost", slug="means")

    sheet = deciding.read({"goal": "gold", "means": "cost", "utm_source": "mail"})

    assert [each.chosen and each.chosen.slug for each in sheet.asked] == [None, "cost"]
    assert sheet.is_answered


def test_read_without_answers_is_not_answered() -> None:
    make_decision_question("pain", slug="goal")

    assert deciding.read({"goal": ""}).is_answered is False


def test_read_names_standard_care_only_while_readers_may_see_it() -> None:
    care = make_therapy(standard_care=True)
    assert deciding.read({}).standard_care == care

    make_criterion(required=True)

    assert deciding.read({}).standard_care is None


def test_in_words_says_what_was_chosen_and_asks_of_standard_care_first() -> None:
    make_decision_question("pain", "moving", slug="goal", question="What?", ask="For everybody?\n\nAnd this?")
    make_decision_question("cost", slug="means", question="How?")

    assert deciding.in_words(deciding.read({"goal": "pain", "means": "cost"})).splitlines() == [
        "What matters to me:",
        "- What? Answer pain",
        "- How? Answer cost",
        "",
        "What I would like to ask:",
        "- What can standard care do for me, and have I tried all of it?",
        "- What is likely to happen if I wait, or do nothing for now?",
        "- For everybody?",
        "- And this?",
        "- Ask about pain?",
        "- Ask about cost?",
    ]


def test_in_words_asks_nothing_twice() -> None:
    make_decision_question("pain", slug="goal", ask="Ask about pain?")

    assert deciding.in_words(deciding.read({"goal": "pain"})).count("Ask about pain?") == 1


def test_in_words_without_answers_is_nothing() -> None:
    make_decision_question("pain", slug="goal", ask="For everybody?")

    assert deciding.in_words(deciding.read({})) == ""
