"""Rules keep every version, and the database refuses what makes none."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, connection, transaction

from content.models import ClaimRule
from tests.factories import make_claim_rule

pytestmark = pytest.mark.django_db


def test_every_change_is_kept_as_a_version_with_who_made_it() -> None:
    editor = User.objects.create(username="reviewer")
    rule = make_claim_rule()
    rule.severity, rule.changed_by = "warn", editor
    rule.save()
    rule.save()

    kept = [(each.number, each.by, each.state["severity"]) for each in rule.versions.order_by("number")]

    assert kept == [(1, None, "block"), (2, editor, "warn")]
    assert ClaimRule.objects.get().version == 2


def test_a_version_is_never_changed() -> None:
    version = make_claim_rule().versions.get()

    with pytest.raises(ImproperlyConfigured):
        version.save()


def test_a_rule_that_is_switched_off_is_not_active() -> None:
    make_claim_rule(active=False)

    assert list(ClaimRule.objects.active()) == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("patterns", "...", "“...” would fit any sentence: give it at least one word that must stand there."),
        ("unless", "{nothing}", "“{nothing}” names the class {nothing}, which the vocabulary does not have."),
        (
            "despite",
            "mood",
            "mood is not known here; known are negated, told, warned, asked, studied, advised, conventional.",
        ),
        (
            "spared",
            "good",
            "good is not known here; known are approved, cleared, off_label, investigational, unapproved, not_applicable.",
        ),
    ],
)
def test_what_makes_no_rule_is_refused_in_words(field: str, value: str, sentence: str) -> None:
    rule = make_claim_rule()
    setattr(rule, field, value)

    with pytest.raises(ValidationError) as refused:
        rule.full_clean()

    assert refused.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"family": "other"}, "content_claimrule_family_known"),
        ({"severity": "maybe"}, "content_claimrule_severity_known"),
        ({"hedged": "maybe"}, "content_claimrule_hedged_known"),
        ({"patterns": ""}, "content_claimrule_has_pattern"),
    ],
)
def test_the_database_refuses_what_is_no_rule(values: dict[str, str], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_claim_rule(**values)


def test_the_database_refuses_a_version_twice() -> None:
    version = make_claim_rule().versions.get()
    version.pk, version._state.adding = None, True

    # SQLite names the columns of a key, PostgreSQL the key.
    name = {"postgresql": "content_claimruleversion_number_once"}.get(connection.vendor, "rule_id")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        version.save()
