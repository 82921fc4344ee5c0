"""A forbidden claim in a draft stands in the way of submitting and approving it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from content.choices import RevisionState
from content.models import Revision
from content.publishing import verbs
from content.publishing.exceptions import Blocked
from tests.factories import NOW, make_draft, make_section, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_site")]


@pytest.fixture
def editor() -> User:
    """Somebody who writes, at a clinic with the sample's rules."""
    return make_staff("Editors")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Exosome therapy cures arthritis, guaranteed", "<p>Ask first.</p>"),
        ("Exosomes", "<p>Ask first. Exo<em>some</em> therapy cu\u00adres arthritis, guaranteed.</p>"),
    ],
)
def test_forbidden_claim_is_not_submitted(editor: User, title: str, body: str) -> None:
    draft = make_draft(edited_by=editor, title=title)
    make_section(draft, body=body)

    with pytest.raises(Blocked) as refusal:
        verbs.submit(draft, seen=draft.version, by=editor, now=NOW)

    assert "cu" in refusal.value.blocks[0].sentence
    assert Revision.objects.get(pk=draft.pk).state == RevisionState.DRAFT


@pytest.mark.parametrize("name", ["summary", "lead"])
def test_article_without_a_text_that_every_one_has_is_not_submitted(editor: User, name: str) -> None:
    draft = make_draft(edited_by=editor, **{name: ""})  # type: ignore[arg-type]  # a word of the draft

    with pytest.raises(Blocked, match=f"Write the {name} first."):
        verbs.submit(draft, seen=draft.version, by=editor, now=NOW)


def test_honest_words_about_a_claim_are_submitted(editor: User) -> None:
    draft = make_draft(edited_by=editor, title="Why no clinic may promise that exosomes cure arthritis")

    verbs.submit(draft, seen=draft.version, by=editor, now=NOW)

    assert Revision.objects.get(pk=draft.pk).state == RevisionState.SUBMITTED
