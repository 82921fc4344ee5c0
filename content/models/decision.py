"""The questions of the decision aid, their answers, and what each answer gives to think about and to ask."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from content import text

MOST_QUESTIONS, MOST_ANSWERS = 5, 6


class DecisionQuestion(models.Model):
    """A question that somebody asks themselves before they decide; the page shows the first five."""

    slug = models.SlugField(
        "name in links", max_length=40, unique=True, help_text="Its name in a link that a visitor makes."
    )
    question = models.CharField(max_length=120)
    help = models.CharField(max_length=200, blank=True)
    ask = models.TextField("questions for everybody", blank=True, help_text="To ask a doctor, one a line.")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        """Refuse a question that the page would not show."""
        if self._state.adding and DecisionQuestion.objects.count() >= MOST_QUESTIONS:
            raise ValidationError(f"There are {MOST_QUESTIONS} questions already: change one of them, or delete one.")

    @property
    def ask_list(self) -> list[str]:
        """What anybody should ask a doctor about it."""
        return text.lines(self.ask)


class DecisionAnswer(models.Model):
    """An answer: what it says about the person, never which therapy to take; the page shows the first six of a question."""

    question = models.ForeignKey(DecisionQuestion, models.CASCADE, related_name="answers")
    slug = models.SlugField("name in links", max_length=40, help_text="Its name in a link that a visitor makes.")
    answer = models.CharField(max_length=100)
    matters = models.CharField("what matters then", max_length=240)
    ask = models.TextField("questions to ask", blank=True, help_text="To ask a doctor, one a line.")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "slug"],
                name="content_decisionanswer_slug_once_per_question",
                violation_error_message="Another answer to this question has this name in links.",
            )
        ]

    def __str__(self) -> str:
        return self.answer

    @property
    def ask_list(self) -> list[str]:
        """What to ask a doctor."""
        return text.lines(self.ask)
