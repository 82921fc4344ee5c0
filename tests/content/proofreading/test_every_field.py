"""“FDA-approved” is not published for a therapy that is not: in no field that readers see, in no spelling."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import User
from django.db.models import Model

from content.admin.proposing import ReadWords
from content.models import Finding, Image, Therapy
from content.publishing import changes, verbs
from content.publishing.exceptions import Blocked
from content.publishing.fields import TABLE, Way, needs_review
from tests.change_factories import make_change
from tests.content.publishing.test_fields import NOT_READ, is_text
from tests.factories import NOW, make_draft, make_reviewer, make_section, make_staff, section_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_site")]

CLAIMS = [
    "Exosomes are FDA-approved",
    "Exosomes are F.D.A. approved",
    "Exosomes are f d a ap\u00adproved",
    "Exosomes are \uff26\uff24\uff21 APPROVED",
    "Exosomes have the approval of the FDA",
    "Exosomes are F\u200bDA-appr\u043eved",
]
# Every field of words that readers see, apart from articles.
FIELDS = [
    (model, column.name)
    for model, ways in TABLE.items()
    for column in model._meta.concrete_fields
    if ways.get(column.name) in {Way.REVIEWED, Way.AT_ONCE}
    and is_text(column)
    and (str(model._meta.model_name), column.name) not in NOT_READ
]


def refused(row: Model, name: str, claim: str, editor: User, reviewer: User) -> bool:
    """Return whether a claim is kept from readers: by the form where it would be public at once, else at the approval."""
    if TABLE[type(row)][name] == Way.AT_ONCE or not needs_review(row):
        form_class: Any = forms.modelform_factory(
            type(row), form=type("Form", (ReadWords, forms.ModelForm), {}), fields=[name]
        )
        form = form_class({name: claim}, instance=row)
        return not form.is_valid() and "Exosomes" in str(form.errors[name])
    change = make_change(row, by=editor, **{name: claim})
    try:
        changes.approve(change, seen=change.version, by=reviewer, now=NOW)
    except Blocked:
        return True
    return False


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=[f"{model.__name__}.{name}" for model, name in FIELDS])
def test_approval_that_exosomes_do_not_have_is_published_nowhere(model: type[Model], name: str) -> None:
    editor, reviewer = make_staff(is_superuser=True), make_reviewer()[0]
    rows = model._default_manager.all()
    about = {Therapy: {"slug": "exosomes"}, Finding: {"therapy__slug": "exosomes"}}.get(model, {})
    column = model._meta.get_field(name)
    longest = getattr(column, "max_length", None) or len(max(CLAIMS, key=len))

    # A therapy's names are read against everything that is public, each time.
    claims = CLAIMS[::5] if (model, name) in {(Therapy, "name"), (Therapy, "short_name")} else CLAIMS

    passed = []
    for claim in claims:
        row = rows.filter(**about).first()
        assert row is not None
        if len(claim) <= longest and not refused(row, name, claim, editor, reviewer):
            passed.append(claim)

    assert passed == []


@pytest.mark.parametrize("name", ["title", "summary", "lead", "key_points"])
def test_it_is_submitted_in_no_word_of_an_article(name: str) -> None:
    editor = make_staff("Editors")

    for claim in CLAIMS:
        draft = make_draft(edited_by=editor, sections=[section_words()], **{name: claim})  # type: ignore[arg-type]  # a word of the draft
        with pytest.raises(Blocked):
            verbs.submit(draft, seen=draft.version, by=editor, now=NOW)


@pytest.mark.parametrize("name", ["heading", "body", "figure_caption", "image_alt"])
def test_it_is_submitted_in_no_part_of_an_article(name: str) -> None:
    editor = make_staff("Editors")
    image = Image.objects.create(
        digest="0" * 64, title="A joint", width=1, height=1, kinds="png", uploaded_by=editor, uploaded_at=NOW
    )

    for claim in CLAIMS:
        draft = make_draft(edited_by=editor)
        make_section(draft, **{"image": image, "image_alt": "A joint.", name: claim})
        with pytest.raises(Blocked):
            verbs.submit(draft, seen=draft.version, by=editor, now=NOW)
