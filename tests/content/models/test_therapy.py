"""No therapy is shown to readers while a row that must be filled, such as its risks, is empty."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from content.models import Criterion, Finding, Therapy
from tests.factories import make_criterion, make_finding, make_therapy

pytestmark = pytest.mark.django_db


def shown() -> list[str]:
    """Return the slugs of the therapies that readers see, having checked that the others are the hidden ones."""
    seen, hidden = Therapy.objects.shown(), Therapy.objects.hidden()
    assert {*seen} | {*hidden} == {*Therapy.objects.all()}
    assert {*seen} & {*hidden} == set()
    return [therapy.slug for therapy in seen]


def test_therapy_is_shown_while_nothing_is_required() -> None:
    make_criterion()
    make_therapy(slug="a")

    assert shown() == ["a"]


def test_therapy_is_shown_only_with_a_finding_in_every_required_row() -> None:
    risks, limits = make_criterion(required=True), make_criterion(required=True)
    full, half, bare = make_therapy(slug="full"), make_therapy(slug="half"), make_therapy(slug="bare")
    for therapy, criterion in ((full, risks), (full, limits), (half, risks), (bare, make_criterion())):
        make_finding(therapy=therapy, criterion=criterion)

    assert shown() == ["full"]


def test_therapy_whose_risks_are_deleted_past_all_forms_is_hidden() -> None:
    risks = make_finding(criterion=make_criterion(required=True), therapy=make_therapy(slug="a"))
    assert shown() == ["a"]

    Finding.objects.filter(pk=risks.pk).delete()

    assert shown() == []


def test_therapy_with_risks_that_nobody_reviewed_is_shown() -> None:
    make_finding(criterion=make_criterion(required=True), therapy=make_therapy(slug="a"), reviewed_on=None)

    assert shown() == ["a"]


@pytest.mark.parametrize("value", ["–", "-", "?", "…", "( )"])
def test_finding_that_is_a_sign_says_nothing(value: str) -> None:
    finding = make_finding()
    finding.value = value

    with pytest.raises(ValidationError) as refused:
        finding.full_clean()

    assert refused.value.message_dict == {
        "value": ["Say it in words; where nothing is known, write “Not reported”."],
    }


@pytest.mark.parametrize("value", ["Not reported", "No", "5", "Ningún riesgo", "無"])
def test_finding_in_words_of_any_alphabet_says_something(value: str) -> None:
    finding = make_finding()
    finding.value = value

    finding.full_clean()


def test_row_is_not_made_required_while_a_therapy_has_nothing_in_it() -> None:
    criterion = make_criterion()
    make_finding(therapy=make_therapy(short_name="Full"), criterion=criterion)
    make_therapy(short_name="Bare")
    criterion.required = True

    with pytest.raises(ValidationError) as refused:
        criterion.full_clean()

    assert refused.value.message_dict == {
        "required": ["First fill this row for Bare; readers would no longer see them."],
    }


def test_row_that_is_filled_is_made_required() -> None:
    criterion = make_finding().criterion
    criterion.required = True

    criterion.full_clean()


def test_new_row_cannot_be_required_at_once() -> None:
    make_therapy(short_name="Bare")

    with pytest.raises(ValidationError):
        Criterion(slug="new", name="New", group="Risks", required=True).full_clean()
