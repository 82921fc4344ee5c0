"""A source is cited by pasting into the draft's own form, which needs no script; a wrong one is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.models import Revision
from tests.content.admin.screens import form_of, login, page
from tests.desk import told
from tests.factories import make_draft, make_reference

pytestmark = pytest.mark.usefixtures("clinic")


def paste(client: Client, draft: Revision, pasted: str, **fields: Any) -> Any:
    """Save a draft with something pasted as a source."""
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address)) | fields | {"cite": pasted, "_continue": "1"}
    return client.post(address, data, follow=True)


@pytest.mark.parametrize(
    "pasted",
    ["https://doi.org/10.1000/TRIAL", "doi:10.1000/trial.", "PMID 26287849", "https://journal.example/t", "a-trial"],
)
def test_pasted_source_joins_the_references(client: Client, pasted: str) -> None:
    listed = make_reference()
    source = make_reference(
        key="a-trial", title="A trial", doi="10.1000/trial", pmid="26287849", url="https://journal.example/t"
    )
    draft = make_draft(citations=[listed])
    login(client, "Editors")

    response = paste(client, draft, pasted)

    assert list(draft.citations.values_list("number", "reference")) == [(1, listed.pk), (2, source.pk)]
    assert "“A trial (2024)” has the number [2]: write it where you cite it." in told(response)
    assert "has the number [2]" in told(paste(client, draft, pasted))
    assert draft.citations.count() == 2


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("10.1/x", "“10.1/x” is no DOI; one looks like 10.1056/NEJMoa1501184."),
        ("10.1000/unknown", "This source is not on the site yet."),
    ],
)
def test_wrong_or_unknown_source_is_refused_and_nothing_is_saved(client: Client, pasted: str, sentence: str) -> None:
    draft = make_draft(title="Before")
    login(client, "Editors")

    response = paste(client, draft, pasted, title="After")

    draft.refresh_from_db()
    [error] = response.context["adminform"].form.errors["cite"]
    assert (error.startswith(sentence), draft.title, draft.citations.count()) == (True, "Before", 0)
    assert 'value="After"' in response.content.decode()


def test_unknown_source_leads_to_its_form_with_what_was_pasted(client: Client) -> None:
    draft = make_draft()
    login(client, "Editors")

    [error] = paste(client, draft, "10.1000/a&b").context["adminform"].form.errors["cite"]

    assert 'href="/admin/content/reference/add/?pasted=10.1000%2Fa%26amp%3Bb"' not in error
    shown = client.get("/admin/content/reference/add/?pasted=10.1000%2Fa%26b")
    assert form_of(shown)["pasted"] == "10.1000/a&b"


def test_draft_is_saved_and_previewed_with_one_button(client: Client) -> None:
    draft = make_draft(title="Before", slug="x")
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)

    response = client.post(address, form_of(client.get(address)) | {"title": "After", "_preview": "1"}, follow=True)

    assert response.request["PATH_INFO"] == "/articles/x/revisions/1/"
    assert "<h1>After</h1>" in response.content.decode()


def test_hint_on_readability_is_shown_and_stands_in_nobodys_way(client: Client) -> None:
    hard = "<p>" + "Immunological considerations necessitate individualized documentation throughout. " * 9 + "</p>"
    draft = make_draft(lead=hard)
    login(client, "Editors")

    shown = client.get(page(Revision, "change", draft.pk)).content.decode()
    client.post(page(Revision, "submit", draft.pk), {"seen": 1})

    draft.refresh_from_db()
    assert ("harder than advised" in shown, draft.state) == (True, "submitted")
