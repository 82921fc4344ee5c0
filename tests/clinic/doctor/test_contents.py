"""What the doctor says of the clinic's own texts, reviews and search."""

from __future__ import annotations

import datetime as dt

import pytest

from clinic.doctor import contents
from clinic.doctor.findings import Finding
from content.choices import PolicyKind
from content.models import Question, Revision, SearchEntry
from tests.factories import NOW, make_article, make_clinic, make_policy, make_question

pytestmark = pytest.mark.django_db


def test_texts_that_every_site_needs_are_asked_for_until_they_are_there() -> None:
    nothing = [(one.says, one.serious) for one in contents.own_words(NOW)]
    make_clinic()
    make_policy(kind=PolicyKind.PRIVACY)
    make_policy(kind=PolicyKind.CONSUMER_HEALTH_DATA)
    some = [one.says for one in contents.own_words(NOW)]
    make_policy(kind=PolicyKind.ACCESSIBILITY)

    assert nothing == [
        ("Pages have no name and mails no sender: write the clinic profile in the admin.", True),
        (missing("privacy notice", "the request form"), True),
        (missing("consumer health data notice", "the request form"), True),
        (missing("accessibility statement", "the foot of every page"), False),
    ]
    assert some == [missing("accessibility statement", "the foot of every page")]
    assert list(contents.own_words(NOW)) == []


def missing(policy: str, led_from: str) -> str:
    return f"The {policy}, to which {led_from} leads, is not there: write it in the admin, under Policies."


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
