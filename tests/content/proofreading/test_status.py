"""What may be said of a therapy follows its regulatory status, and every page follows its approved status. Every field: test_every_field.py."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.choices import RegulatoryStatus
from content.models import ClaimRule, Criterion, ProposedChange, Question, Therapy
from content.publishing import changes
from content.publishing.exceptions import Blocked
from tests.change_factories import make_change
from tests.factories import NOW, make_finding, make_reviewer, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_site")]

NEW_SUMMARY = "Signalling particles that were reviewed. Ask what for."


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


@pytest.mark.parametrize("value", ["Yes", "Yes, since 2019"])
def test_a_cell_is_read_with_the_head_of_its_row(editor: User, reviewer: User, value: str) -> None:
    criterion = Criterion.objects.create(slug="approved", name="FDA-approved", group="Law")
    cell = make_finding(therapy=Therapy.objects.get(slug="exosomes"), criterion=criterion, value="No")

    assert refused(make_change(cell, by=editor, value=value), reviewer)


# Pages with a badge of the therapy's status.
BADGES = [
    "/",
    "/therapies/",
    "/therapies/exosomes/",
    "/compare/",
    "/compare/exosomes-vs-prp/",
    "/articles/exosomes-vs-prp/",
]
DEFAULT_NOTICE = "Where laws differ"


def shown(client: Client, status: RegulatoryStatus) -> dict[str, object]:
    """Return what every place says of exosomes: how often a status stands there, and what else follows from it."""
    pages = {path: client.get(path).content.decode() for path in BADGES}
    data = json.loads(pages["/therapies/exosomes/"].partition('application/ld+json">')[2].partition("</script>")[0])
    page = next(one for one in data if one["@type"] == "MedicalWebPage")
    found = client.get("/search/", {"q": "signalling exosome particles"}).content.decode()
    return {
        "badges": [text.count(f">{status.label}<") for text in pages.values()],
        "notice": DEFAULT_NOTICE in pages["/therapies/exosomes/"],
        "structured data": (page["about"]["legalStatus"], page["description"] == NEW_SUMMARY),
        "card and snippet": [NEW_SUMMARY in re.sub("</?mark>", "", text) for text in (pages["/therapies/"], found)],
        # It weighs what matters to a visitor, and names no status that could be out of date.
        "decision aid": str(status.label) in client.get("/decide/").content.decode(),
    }


def test_an_approved_status_is_everywhere_and_the_old_one_nowhere(editor: User, reviewer: User, client: Client) -> None:
    old, new = RegulatoryStatus.UNAPPROVED, RegulatoryStatus.APPROVED
    therapy = Therapy.objects.get(slug="exosomes")
    change = make_change(therapy, by=editor, regulatory_status=new, summary=NEW_SUMMARY)
    before = {
        "badges": [1, 1, 3, 1, 1, 1],
        "notice": True,
        "structured data": (old.label, False),
        "card and snippet": [False, False],
        "decision aid": False,
    }
    # Another therapy is approved, and stands on some of these pages.
    others = [1, 1, 0, 1, 0, 0]
    assert shown(client, old) == before
    assert shown(client, new)["badges"] == others

    changes.approve(change, seen=1, by=reviewer, now=timezone.now())

    assert shown(client, old)["badges"] == [0] * len(BADGES)
    assert shown(client, new) == {
        "badges": [badge + other for badge, other in zip([1, 1, 3, 1, 1, 1], others, strict=True)],
        "notice": False,
        "structured data": (new.label, True),
        "card and snippet": [True, True],
        "decision aid": False,
    }


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

    assert "question “Is it allowed?”" in {block.place for block in refusal.value.blocks}
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
