"""What may be said of a therapy follows its regulatory status, in every field and spelling, and its approved status every page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from content.choices import RegulatoryStatus
from content.models import ClaimRule, Criterion, Finding, ProposedChange, Question, Therapy
from content.publishing import changes
from content.publishing.exceptions import Blocked
from tests.change_factories import make_change
from tests.factories import NOW, make_finding, make_notice, make_question, make_reviewer, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_site")]

SPELLINGS = [
    "{} is FDA-approved.",
    "{} is F.D.A. approved.",
    "{} is f d a ap\u00adproved.",
    "{} is \uff26\uff24\uff21 APPROVED.",
    "{} is F\u200bDA-appr\u043eved.",
    "{} has the approval of the FDA.",
]


@pytest.fixture
def editor() -> User:
    """Who writes."""
    return make_staff("Editors")


@pytest.fixture
def reviewer() -> User:
    """Who approves."""
    return make_reviewer()[0]


def refused(change: ProposedChange | None, reviewer: User) -> bool:
    """Return whether the claim check keeps a change from readers."""
    assert change is not None
    try:
        changes.approve(change, seen=change.version, by=reviewer, now=NOW)
    except Blocked:
        return True
    return False


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_approval_that_a_therapy_does_not_have_is_not_published(editor: User, reviewer: User, spelling: str) -> None:
    therapy = Therapy.objects.get(slug="exosomes")
    words = spelling.format("Exosome therapy")
    finding = Finding.objects.filter(therapy=therapy).first()
    texts = [
        (therapy, {"summary": words}),
        (therapy, {"description": f"<p>{words.replace('is', 'i<em>s</em>', 1)}</p>"}),
        (therapy, {"regulatory_note": words}),
        (finding, {"note": words}),
        (make_question(), {"answer": f"<p>{words}</p>"}),
        (make_notice(), {"text": f"<p>{words}</p>"}),
        (Criterion.objects.first(), {"help": words}),
    ]

    passed = [values for row, values in texts if not refused(make_change(row, by=editor, **values), reviewer)]

    assert passed == []


@pytest.mark.parametrize("value", ["Yes", "Yes, since 2019"])
def test_a_cell_is_read_with_the_head_of_its_row(editor: User, reviewer: User, value: str) -> None:
    criterion = Criterion.objects.create(slug="approved", name="FDA-approved", group="Law")
    cell = make_finding(therapy=Therapy.objects.get(slug="exosomes"), criterion=criterion, value="No")

    assert refused(make_change(cell, by=editor, value=value), reviewer)


def test_an_approved_status_is_on_every_page(editor: User, reviewer: User, client: Client) -> None:
    therapy = Therapy.objects.get(slug="exosomes")
    old, new = str(RegulatoryStatus(therapy.regulatory_status).label), str(RegulatoryStatus.INVESTIGATIONAL.label)
    pages = ("/therapies/exosomes/", "/therapies/", "/compare/exosomes-vs-prp/")
    change = make_change(therapy, by=editor, regulatory_status=RegulatoryStatus.INVESTIGATIONAL)
    before = [client.get(page).content.decode().count(new) for page in pages]

    changes.approve(change, seen=1, by=reviewer, now=NOW)

    after = [client.get(page).content.decode().count(new) for page in pages]
    assert old != new
    assert all(now > then for now, then in zip(after, before, strict=True))


def test_a_status_is_not_lost_while_public_words_rest_on_it(editor: User, reviewer: User) -> None:
    therapy = Therapy.objects.get(slug="exosomes")
    Therapy.objects.filter(pk=therapy.pk).update(regulatory_status=RegulatoryStatus.APPROVED)
    Question.objects.create(
        slug="q", question="Is it allowed?", answer="<p>Exosomes are FDA-approved.</p>", group="Law"
    )
    therapy.refresh_from_db()
    change = make_change(therapy, by=editor, regulatory_status=RegulatoryStatus.UNAPPROVED)

    with pytest.raises(Blocked) as refusal:
        changes.approve(change, seen=1, by=reviewer, now=NOW)

    assert "question q" in {block.place for block in refusal.value.blocks}
    assert Therapy.objects.get(pk=therapy.pk).regulatory_status == RegulatoryStatus.APPROVED


def test_a_rule_follows_the_therapy_that_it_is_limited_to() -> None:
    rule = ClaimRule.objects.create(
        slug="only",
        name="Only",
        family="miracle",
        patterns="wow",
        reason="Why.",
        source="Law",
        therapies="prp, exosomes",
    )
    therapy = Therapy.objects.get(slug="exosomes")
    therapy.slug = "vesicles"
    therapy.save()

    rule.refresh_from_db()
    assert (rule.therapies, rule.version) == ("prp, vesicles", 2)


def test_sample_site_passes() -> None:
    call_command("check_claims", verbosity=0)
