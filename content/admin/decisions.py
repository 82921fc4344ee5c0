"""Admin of the decision aid."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse

from content.admin.fields import NamedInputs
from content.admin.formsets import OrderedFormSet
from content.admin.proposing import ProposedInline, ProposedWords
from content.models import DecisionAnswer, DecisionQuestion
from content.models.decision import MOST_ANSWERS


class AnswerInline(ProposedInline, NamedInputs, admin.StackedInline[DecisionAnswer, DecisionQuestion]):
    """What somebody may answer, and what that gives them to think about and to ask."""

    model = DecisionAnswer
    formset = OrderedFormSet
    extra = 0
    max_num = MOST_ANSWERS
    fields = [("answer", "slug", "position"), "matters", "ask"]


@admin.register(DecisionQuestion)
class DecisionQuestionAdmin(ProposedWords, admin.ModelAdmin[DecisionQuestion]):
    """The questions of the decision aid; there are at most five."""

    list_display = ["question", "slug", "position"]
    search_fields = ["question", "slug"]
    inlines = [AnswerInline]

    def view_on_site(self, obj: DecisionQuestion) -> str:
        """Lead to the page that asks it."""
        return reverse("content:decide")
