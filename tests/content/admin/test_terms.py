"""Terms of the glossary wait for a reviewer, and are read by the claim check, like other public words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.models import ProposedChange, Term
from content.publishing import changes
from tests.content.admin.screens import form_of, login, page
from tests.factories import NOW, make_reviewer, make_term

pytestmark = pytest.mark.usefixtures("clinic")
NEW = {
    "name": "exosome",
    "slug": "exosome",
    "spellings": "exosomes",
    "definition": "A tiny packet that cells let go of.",
}


def test_new_term_is_public_once_it_is_approved(client: Client) -> None:
    login(client, "Editors")

    client.post(page(Term, "add"), NEW)
    change = ProposedChange.objects.get()
    assert (Term.objects.count(), "exosome" in client.get("/glossary/").content.decode()) == (0, False)

    changes.approve(change, seen=change.version, by=make_reviewer()[0], now=NOW)
    assert Term.objects.values_list("slug", "spellings").get() == ("exosome", "exosomes")
    assert '<div id="exosome">' in client.get("/glossary/").content.decode()


def test_changed_definition_waits(client: Client) -> None:
    term = make_term(definition="As it was.")
    login(client, "Editors")
    address = page(Term, "change", term.pk)

    client.post(address, form_of(client.get(address)) | {"definition": "As it will be."})

    term.refresh_from_db()
    assert (term.definition, ProposedChange.objects.get().after) == ("As it was.", {"definition": "As it will be."})


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": "Platelet"}, {"__all__": ["The glossary has this term already."]}),
        ({"definition": ""}, {"definition": ["This field is required."]}),
        ({"slug": "main"}, {"slug": ["“main” is an anchor of the page itself; choose another, such as main-more."]}),
    ],
)  # fmt: skip
def test_term_that_cannot_be_is_refused(client: Client, fields: dict[str, Any], errors: dict[str, list[str]]) -> None:
    make_term(name="platelet")
    login(client, "Editors")

    response = client.post(page(Term, "add"), NEW | fields)

    assert response.context["adminform"].form.errors == errors
    assert ProposedChange.objects.count() == 0


def test_reviewer_and_triage_do_not_write_terms(client: Client) -> None:
    answers = []
    for group in ("Medical reviewers", "Triage"):
        login(client, group)
        answers.append([client.get(page(Term, which)).status_code for which in ("add", "changelist")])

    assert answers == [[403, 200], [403, 403]]
