"""What the claim check finds while somebody writes, and beside the fields of what was saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.models import ClaimOverride, ProposedChange, Revision
from tests import factories
from tests.change_factories import make_change
from tests.content.admin.screens import form_of, login, page
from tests.desk import told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rule() -> None:
    factories.make_claim_rule(
        slug="cures", patterns="cure+", severity="block", reason="Nobody may say so.", wording="Eases"
    )


def ask(client: Client, **data: str) -> Any:
    """Send a text to be checked."""
    return client.post(reverse("admin:content_claimrule_check"), data)


def test_findings_come_with_sentence_reason_wording_and_source(client: Client) -> None:
    login(client, "Editors")

    found = ask(client, text="Ask first. It cures joints. Then wait.").json()["findings"]

    parts = [(each["rule"], each["sentence"], each["reason"], each["wording"], each["source"]) for each in found]
    assert parts == [("cures", "It cures joints", "Nobody may say so.", "Eases", "A law")]


@pytest.mark.parametrize("data", [{}, {"text": "x", "field": "moon"}, {"text": "x" * 100_001}])
def test_a_text_that_cannot_be_checked_is_refused(client: Client, data: dict[str, str]) -> None:
    login(client, "Editors")

    assert ask(client, **data).status_code == 422


def test_others_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    stranger = ask(client, text="It cures joints.")
    login(client, "Triage")
    forged = ask(client, text="It cures joints.")
    plain = Client()
    login(plain, "Triage")

    assert [stranger.status_code, forged.status_code] == [403, 403]
    assert ask(plain, text="It cures joints.").status_code == 403
    login(plain, "Editors")
    assert plain.get(reverse("admin:content_claimrule_check")).status_code == 405


def test_findings_stand_beside_the_fields_of_a_draft_that_was_saved(client: Client) -> None:
    draft = factories.make_draft(sections=[{"heading": "Why", "anchor": "why", "body": "<p>It cures hips.</p>"}])
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)

    data = {name: value for name, value in form_of(client.get(address)).items() if value is not None}
    saved = client.post(address, data | {"title": "It cures joints"}, follow=True)

    inlines = saved.context["inline_admin_formsets"]
    assert "The claim check found" in told(saved)
    assert "Nobody may say so." in saved.context["adminform"].form.fields["title"].help_text
    assert "Nobody may say so." in inlines[0].formset.forms[0].fields["body"].help_text
    assert "Let it pass" not in saved.content.decode()


def test_reviewer_lets_a_finding_pass_with_a_reason(client: Client) -> None:
    change = make_change(summary="It cures joints.")
    login(client, "Medical reviewers")
    html = client.get(page(ProposedChange, "change", change.pk)).content.decode()
    said: dict[str, int | str] = {"change": change.pk, "rule": "cures", "sentence": "It cures joints"}
    address = page(ClaimOverride, "add")

    shown = client.get(address, said)
    without = client.post(address, said | {"reason": ""})
    done = client.post(address, said | {"reason": "A quotation."}, follow=True)

    assert ("Let it pass" in html, shown.context["adminform"].form["sentence"].value()) == (True, "It cures joints")
    assert (without.status_code, ClaimOverride.objects.count()) == (200, 1)
    assert "Let it pass" not in done.content.decode()
    assert "A quotation." in client.get(page(ClaimOverride, "changelist")).content.decode()


@pytest.mark.parametrize("group", ["Editors", "Managers", "Triage"])
def test_others_let_nothing_pass(client: Client, group: str) -> None:
    change = make_change(summary="It cures joints.")
    login(client, group)
    said = {"change": change.pk, "rule": "cures", "sentence": "It cures joints", "reason": "Forged"}

    assert (client.post(page(ClaimOverride, "add"), said).status_code, ClaimOverride.objects.count()) == (403, 0)


def test_a_finding_that_is_not_there_is_not_let_pass(client: Client) -> None:
    login(client, "Medical reviewers")
    said = {"change": make_change().pk, "rule": "cures", "sentence": "It cures hips", "reason": "Forged"}

    response = client.post(page(ClaimOverride, "add"), said, follow=True)

    assert (ClaimOverride.objects.count(), "no such finding" in told(response)) == (0, True)
    assert client.post(page(ClaimOverride, "add"), {"reason": "Forged"}).status_code in {200, 302}
