"""Home, questions, contact and policies."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from content.found.page import Page
from content.models import Center, Policy, Question, Revision, Therapy
from content.views.base import PageMixin


class HomeView(PageMixin, TemplateView):
    """The front page."""

    template_name = "content/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add therapies, the newest guides and the map's centers."""
        articles = Revision.objects.public(timezone.now()).for_cards()
        return super().get_context_data(
            therapies=list(Therapy.objects.shown()),
            articles=list(articles[:6]),
            centers=list(Center.objects.only("latitude", "longitude", "country_id")),
            **kwargs,
        )

    def get_page(self, context: dict[str, Any]) -> Page:
        """The clinic itself; its name and tagline come from the profile, which every template has."""
        return Page("", "", "/")


class QuestionListView(PageMixin, ListView[Question]):
    """Questions readers ask, in groups."""

    queryset = Question.objects.select_related("therapy")
    template_name = "content/faq.html"
    context_object_name = "questions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add (group, questions) pairs; groups stand in the order of their first question."""
        order = {group: index for index, group in enumerate(dict.fromkeys(q.group for q in self.object_list))}
        questions = sorted(self.object_list, key=lambda question: order[question.group])
        groups = [(group, list(items)) for group, items in groupby(questions, lambda question: question.group)]
        return super().get_context_data(groups=groups, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """No FAQPage markup: search engines no longer show it."""
        return Page(
            "Questions and answers",
            "Plain answers about the therapies, safety and rules, your consultation and what it costs.",
            "/faq/",
            crumbs=[("Home", "/")],
        )


class ContactView(PageMixin, TemplateView):
    """How to reach the clinic; texts come from the profile."""

    template_name = "content/contact.html"

    def get_page(self, context: dict[str, Any]) -> Page:
        """The contact page."""
        return Page(
            "Contact",
            "How to reach us by phone, by email or with a consultation request.",
            "/contact/",
            crumbs=[("Home", "/")],
        )


class PolicyView(PageMixin, TemplateView):
    """One legal text."""

    template_name = "content/policy.html"
    kind = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the text; without it the page does not exist."""
        self.policy = Policy.objects.filter(kind=self.kind).first()
        if self.policy is None:
            raise Http404("This text has not been published yet.")
        return super().get_context_data(policy=self.policy, **kwargs)

    def get_page(self, context: dict[str, Any]) -> Page:
        """The text's title and summary."""
        policy = context["policy"]
        return Page(policy.title, policy.summary, policy.get_absolute_url(), crumbs=[("Home", "/")])
