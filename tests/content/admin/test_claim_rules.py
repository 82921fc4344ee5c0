"""Reviewers write the rules, editors read them, nobody deletes one, and every change says who made it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.models import ClaimRule
from tests import factories

pytestmark = pytest.mark.django_db


def address(which: str, *args: Any) -> str:
    """Return the address of a page for rules."""
    return reverse(f"admin:content_claimrule_{which}", args=args)


def typed(**values: Any) -> dict[str, Any]:
    """Return what the form sends."""
    return {
        "name": "Says wow",
        "slug": "says-wow",
        "family": "miracle",
        "severity": "block",
        "hedged": "warn",
        "active": "on",
        "patterns": "wow",
        "despite": ["asked", "studied"],
        "reason": "Why.",
        "source": "A law",
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
    } | values


@pytest.mark.parametrize(
    ("group", "shown", "changed", "deleted"),
    [
        ("Medical reviewers", 200, 302, 403),
        ("Editors", 200, 403, 403),
        ("Managers", 200, 403, 403),
        ("Triage", 403, 403, 403),
    ],
)
def test_a_rule_is_for_reviewers_to_write_and_for_editors_to_read(
    client: Client, group: str, shown: int, changed: int, deleted: int
) -> None:
    rule = factories.make_claim_rule()
    client.force_login(factories.make_staff(group))

    assert (
        client.get(address("change", rule.pk)).status_code,
        client.post(address("change", rule.pk), typed()).status_code,
        client.post(address("delete", rule.pk), {"post": "yes"}).status_code,
    ) == (shown, changed, deleted)


def test_a_change_is_kept_with_who_made_it(client: Client) -> None:
    reviewer = factories.make_staff("Medical reviewers")
    client.force_login(reviewer)

    client.post(address("add"), typed())

    rule = ClaimRule.objects.get()
    assert (rule.despite, rule.version) == ("asked, studied", 1)
    assert [(version.number, version.by) for version in rule.versions.all()] == [(1, reviewer)]


def test_a_pattern_that_cannot_be_used_is_refused_beside_its_field(client: Client) -> None:
    client.force_login(factories.make_staff("Medical reviewers"))

    response = client.post(address("add"), typed(patterns="wow\n(a+)+"))

    assert response.context["adminform"].form.errors == {
        "patterns": ["“(a+)+” holds “(a+)+”; a part is a word, word*, verb+, {class}, # or ... ."]
    }


def test_versions_are_shown(client: Client) -> None:
    rule = factories.make_claim_rule(patterns="first words")
    rule.patterns = "second words"
    rule.save()
    client.force_login(factories.make_staff("Editors"))

    page = client.get(address("change", rule.pk)).content.decode()

    assert ("first words" in page, "second words" in page) == (True, True)
