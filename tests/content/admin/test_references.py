"""Sources in the admin: pasted, put in their plain form, and never twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from content.models import Reference
from tests.content.admin.screens import login, page
from tests.factories import make_reference

pytestmark = pytest.mark.django_db


def add(client: Client, **fields: str) -> Any:
    """Send the form for a new source."""
    words = {
        "title": "A trial",
        "publisher": "A journal",
        "year": "2024",
        "key": "a-trial",
        "doi": "",
        "pmid": "",
        "url": "",
        "pasted": "",
    }
    return client.post(page(Reference, "add"), words | fields)


def errors(response: Any) -> dict[str, list[str]]:
    """Return what the form says, by field."""
    assert response.status_code == 200
    return {name: list(told) for name, told in response.context["adminform"].form.errors.items()}


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"pasted": "https://doi.org/10.1056/NEJMoa1501184"}, ("10.1056/NEJMoa1501184", "", "")),
        ({"pasted": "PMID: 26287849"}, ("", "26287849", "")),
        ({"pasted": "www.fda.gov/page"}, ("", "", "https://www.fda.gov/page")),
        ({"doi": "https://dx.doi.org/10.1056/NEJMoa1501184"}, ("10.1056/NEJMoa1501184", "", "")),
        ({"pmid": "https://pubmed.ncbi.nlm.nih.gov/26287849/", "doi": "doi:10.1000/x"}, ("10.1000/x", "26287849", "")),
    ],
)  # fmt: skip
def test_source_is_kept_in_its_plain_form(client: Client, fields: dict[str, str], kept: tuple[str, str, str]) -> None:
    login(client, "Editors")

    assert add(client, **fields).status_code == 302
    assert Reference.objects.values_list("doi", "pmid", "url").get() == kept


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pasted": "a paper"}, {"pasted"}),
        ({"doi": "10.1/x"}, {"doi"}),
        ({"pmid": "x"}, {"pmid"}),
        ({}, {"__all__"}),
        ({"pasted": "10.1000/x", "doi": "10.1000/y"}, {"pasted"}),
    ],
)
def test_source_that_cannot_be_looked_up_is_refused_beside_the_field(
    client: Client, fields: dict[str, str], told: set[str]
) -> None:
    login(client, "Editors")

    assert told <= errors(add(client, **fields)).keys()
    assert Reference.objects.count() == 0


@pytest.mark.parametrize("pasted", ["doi:10.1000/abc", "PMID 123", "https://elsewhere.example/a"])
def test_source_that_is_there_already_is_offered(client: Client, pasted: str) -> None:
    login(client, "Editors")
    known = make_reference(
        key="known", title="Known <b>", doi="10.1000/ABC", pmid="123", url="https://elsewhere.example/a"
    )

    sentence = errors(add(client, pasted=pasted))["pasted"][0]

    address = reverse("admin:content_reference_change", args=[known.pk])
    assert (
        sentence
        == f'This source is listed already: <a href="{address}">Known &lt;b&gt; (2024)</a>, under the key known. Use that one.'
    )
    assert Reference.objects.count() == 1


def test_source_can_be_saved_again_as_it_is(client: Client) -> None:
    login(client, "Editors")
    known = make_reference(doi="10.1000/ABC")
    fields = {
        "title": "New",
        "publisher": "J",
        "year": "2024",
        "key": "k",
        "doi": known.doi,
        "pmid": "",
        "url": known.url,
        "pasted": "",
    }

    response = client.post(page(Reference, "change", known.pk), fields)

    known.refresh_from_db()
    assert (response.status_code, known.title) == (302, "New")


def test_source_is_found_by_the_address_of_its_doi(client: Client) -> None:
    login(client, "Editors")
    known = make_reference(doi="10.1000/abc")
    make_reference()

    response = client.get(page(Reference, "changelist"), {"q": "https://doi.org/10.1000/ABC"})

    assert list(response.context["cl"].queryset) == [known]


@pytest.mark.parametrize("columns", [{"doi": "10.1000/ABC"}, {"pmid": "123"}])
def test_second_source_of_one_identifier_is_refused_by_the_database(columns: dict[str, str]) -> None:
    make_reference(doi="10.1000/abc", pmid="123")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_reference(**columns)


def test_link_of_a_source_is_that_which_lasts_longest() -> None:
    both = make_reference(doi="10.1000/abc", pmid="123")
    number = make_reference(doi="", pmid="124", url="")

    assert [both.link, number.link] == ["https://doi.org/10.1000/abc", "https://pubmed.ncbi.nlm.nih.gov/124/"]
