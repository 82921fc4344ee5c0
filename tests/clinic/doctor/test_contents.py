"""What the doctor says of reviews and search."""

from __future__ import annotations

import datetime as dt

import pytest

from clinic.doctor import contents
from clinic.doctor.findings import Finding
from content.models import Question, Revision, SearchEntry
from tests.factories import NOW, make_article, make_question

pytestmark = pytest.mark.django_db


def test_reviews_that_are_overdue_are_counted() -> None:
    make_article()
    due = Revision.objects.get().next_review_on
    assert due is not None
    day = dt.datetime.combine(due, dt.time(), dt.UTC)

    assert list(contents.reviews(day)) == []
    assert list(contents.reviews(day + dt.timedelta(days=1))) == [
        Finding(f"The review of 1 article is overdue, the longest since {due}.")
    ]


def test_search_that_missed_a_change_or_a_thing_is_named() -> None:
    make_article()
    changed, unknown = make_question(), make_question()
    assert list(contents.search(NOW)) == []

    Question.objects.filter(pk=changed.pk).update(answer="<p>Something else.</p>")
    SearchEntry.objects.filter(question=unknown).delete()

    assert list(contents.search(NOW)) == [
        Finding("Search does not know 2 things as readers see them: run `manage.py rebuild_search`.")
    ]
