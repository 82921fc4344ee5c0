"""Comments on what is being written: who says something, about what, and whether it is settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from content.models import Revision, RevisionComment
from content.publishing import commenting
from content.publishing.exceptions import ChangedMeanwhile, NotAllowed, PublishingError, WordsMissing, WrongState
from tests.content.publishing.desk import history
from tests.factories import NOW, make_article, make_draft, make_section, make_staff

pytestmark = pytest.mark.django_db


def test_comment_stays_with_its_section_after_that_is_removed(editor: User, reviewer: User) -> None:
    draft = make_draft()
    section = make_section(draft, heading="Risks", anchor="risks")
    said = commenting.comment(draft, words=" Cite this. ", anchor="risks", by=reviewer, now=NOW)
    section.delete()

    said.refresh_from_db()
    assert (str(said), said.words, said.by, said.resolved_at) == ("Risks", "Cite this.", reviewer, None)


def test_comment_is_resolved_once_and_opened_again(editor: User, reviewer: User) -> None:
    draft = make_draft()
    said = commenting.comment(draft, words="x" * 100, by=reviewer, now=NOW)

    commenting.resolve(said, by=editor, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        commenting.resolve(said, by=reviewer, now=NOW)
    assert (said.resolved_by, said.resolved_at) == (editor, NOW)

    commenting.reopen(said, by=reviewer, now=NOW)
    assert (said.resolved_by, said.resolved_at) == (None, None)
    assert history(draft)[1:] == [
        ("resolved", f"The whole article: {'x' * 80}…"),
        ("reopened", f"The whole article: {'x' * 80}…"),
    ]


@pytest.mark.parametrize(
    ("refusal", "groups", "words", "anchor"),
    [
        (NotAllowed, "Managers", "Hidden", ""),
        (WordsMissing, "Editors", "  ", ""),
        (WrongState, "Editors", "Hidden", "gone"),
    ],
)
def test_comment_is_refused(refusal: type[PublishingError], groups: str, words: str, anchor: str) -> None:
    with pytest.raises(refusal):
        commenting.comment(make_draft(), words=words, anchor=anchor, by=make_staff(groups), now=NOW)
    assert RevisionComment.objects.count() == 0


def test_comment_on_what_is_approved_is_refused(editor: User) -> None:
    with pytest.raises(WrongState):
        commenting.comment(make_article(), words="Late", by=editor, now=NOW)


FORGERIES: list[Callable[[RevisionComment, Revision], object]] = [
    lambda said, other: RevisionComment.objects.filter(pk=said.pk).update(words="Forged"),
    lambda said, other: RevisionComment.objects.filter(pk=said.pk).update(revision=other),
    lambda said, other: RevisionComment.objects.filter(pk=said.pk).delete(),
]


@pytest.mark.parametrize("forge", FORGERIES, ids=["words", "revision", "deleted"])
def test_words_of_a_comment_never_change(forge: Callable[[RevisionComment, Revision], object], editor: User) -> None:
    said = commenting.comment(make_draft(), words="As said.", by=editor, now=NOW)

    with pytest.raises(IntegrityError, match="stays written"), transaction.atomic():
        forge(said, make_draft())
