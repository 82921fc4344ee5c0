"""Editors write the decision aid; there is room for five questions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from content.models import DecisionQuestion
from tests import factories

pytestmark = pytest.mark.django_db
ADD = "admin:content_decisionquestion_add"


def test_editor_writes_a_question_with_its_answers(client: Client) -> None:
    client.force_login(factories.make_staff("Editors"))
    answers = {"answers-TOTAL_FORMS": "1", "answers-INITIAL_FORMS": "0", "answers-0-answer": "Less pain"}
    answers |= {"answers-0-slug": "pain", "answers-0-matters": "How much less.", "answers-0-position": ""}

    client.post(reverse(ADD), {"slug": "goal", "question": "What?", "position": "10", **answers})

    question = DecisionQuestion.objects.get()
    assert [(answer.slug, answer.position) for answer in question.answers.all()] == [("pain", 10)]


@pytest.mark.parametrize(("there", "then"), [(4, 5), (5, 5)])
def test_sixth_question_is_refused(client: Client, there: int, then: int) -> None:
    for _ in range(there):
        factories.make_decision_question()
    client.force_login(factories.make_staff("Editors"))
    answers = {"answers-TOTAL_FORMS": "0", "answers-INITIAL_FORMS": "0"}

    client.post(reverse(ADD), {"slug": "goal", "question": "What?", "position": "10", **answers})

    assert DecisionQuestion.objects.count() == then


def test_reviewer_reads_and_does_not_write(client: Client) -> None:
    question = factories.make_decision_question("pain")
    client.force_login(factories.make_staff("Medical reviewers"))

    read = client.get(reverse("admin:content_decisionquestion_change", args=[question.pk]))

    assert (read.status_code, client.get(reverse(ADD)).status_code) == (200, 403)
