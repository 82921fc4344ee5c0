"""Editors write the decision aid; there is room for five questions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from content.models import DecisionQuestion, ProposedChange
from content.publishing import changes
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADD, CHANGE = "admin:content_decisionquestion_add", "admin:content_decisionquestion_change"


def approve_everything() -> None:
    """Let a reviewer approve what waits."""
    reviewer = factories.make_reviewer()[0]
    for change in ProposedChange.objects.open():
        changes.approve(change, seen=change.version, by=reviewer, now=NOW)


def test_editor_writes_a_question_and_then_its_answers(client: Client) -> None:
    client.force_login(factories.make_staff("Editors"))
    answers = {"answers-TOTAL_FORMS": "1", "answers-INITIAL_FORMS": "0", "answers-0-answer": "Less pain"}
    answers |= {"answers-0-slug": "pain", "answers-0-matters": "How much less.", "answers-0-position": ""}

    words = {"slug": "goal", "question": "What?", "position": "10"}

    client.post(reverse(ADD), words)
    approve_everything()
    question = DecisionQuestion.objects.get()
    client.post(reverse(CHANGE, args=[question.pk]), words | answers | {"answers-0-question": question.pk})
    approve_everything()

    assert [(answer.slug, answer.position) for answer in question.answers.all()] == [("pain", 10)]


@pytest.mark.parametrize(("there", "then"), [(4, 5), (5, 5)])
def test_sixth_question_is_refused(client: Client, there: int, then: int) -> None:
    for _ in range(there):
        factories.make_decision_question()
    client.force_login(factories.make_staff("Editors"))
    answers = {"answers-TOTAL_FORMS": "0", "answers-INITIAL_FORMS": "0"}

    client.post(reverse(ADD), {"slug": "goal", "question": "What?", "position": "10", **answers})

    approve_everything()
    assert DecisionQuestion.objects.count() == then


def test_reviewer_reads_and_does_not_write(client: Client) -> None:
    question = factories.make_decision_question("pain")
    client.force_login(factories.make_staff("Medical reviewers"))

    read = client.get(reverse("admin:content_decisionquestion_change", args=[question.pk]))

    assert (read.status_code, client.get(reverse(ADD)).status_code) == (200, 403)
