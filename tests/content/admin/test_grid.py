"""The page of the comparison grid: fixed cost, permissions, and nothing lost when two save at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from content.models import Finding, ProposedChange
from tests import factories

pytestmark = pytest.mark.django_db


def address() -> str:
    """Return the grid's address."""
    return reverse("admin:content_finding_grid")


def sent_back(response: Any) -> dict[str, str]:
    """Return what a browser would send if nobody touched the page."""
    data: dict[str, str] = {}
    for _, rows in response.context["groups"]:
        for cell in (cell for _, cells in rows for cell in cells if cell.editable):
            data |= {bound.html_name: bound.value() for bound in cell.inputs} | {cell.seen_name: cell.seen}
    return data


def login(client: Client, *groups: str) -> None:
    """Log a new member of staff in."""
    client.force_login(factories.make_staff(*groups))


def name(finding: Finding, part: str) -> str:
    """Return the name of an input of a finding's cell."""
    return f"cell-{finding.therapy_id}-{finding.criterion_id}-{part}"


def test_page_shows_every_cell_with_named_inputs(client: Client) -> None:
    therapy = factories.make_therapy(short_name="PRP")
    factories.make_finding(therapy=therapy, criterion=factories.make_criterion(name="Source"), value="Your own blood")
    factories.make_criterion(name="Cost")
    login(client, "Editors")

    html = client.get(address()).content.decode()

    for label in ("PRP: Source, value", "PRP: Source, tone", "PRP: Source, evidence", "PRP: Cost, value"):
        assert f'aria-label="{label}"' in html
    assert 'value="Your own blood"' in html


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_clinic()
    for _ in range(count):
        factories.make_finding()
    login(client, "Editors")

    # Session, user, second factor, own and group permissions, therapies, criteria, findings, what waits, the profile.
    with django_assert_num_queries(11):
        client.get(address())


def waiting() -> list[tuple[str, object]]:
    """Return what waits for a reviewer: kinds and values."""
    return [(change.kind, change.after.get("value")) for change in ProposedChange.objects.order_by("kind", "pk")]


def test_changed_cell_waits_for_a_reviewer(client: Client) -> None:
    finding = factories.make_finding(value="Old", reviewed_on=dt.date(2026, 1, 1))
    login(client, "Editors")
    data = sent_back(client.get(address())) | {name(finding, "value"): "  New  ", name(finding, "grade"): "high"}

    response = client.post(address(), data, follow=True)

    said = "1 cell waits for a reviewer. Until then readers see the old value."
    assert [str(message) for message in response.context["messages"]] == [said]
    assert Finding.objects.values_list("value", "reviewed_on").get() == ("Old", dt.date(2026, 1, 1))
    assert ProposedChange.objects.get().after == {"value": "New", "grade": "high"}
    assert "Waits: New" in response.content.decode()
    assert LogEntry.objects.count() == 0


def test_filled_and_emptied_cells_wait(client: Client) -> None:
    finding = factories.make_finding()
    criterion = factories.make_criterion()
    login(client, "Editors")
    data = sent_back(client.get(address()))

    empty = f"cell-{finding.therapy_id}-{criterion.pk}-value"
    client.post(address(), data | {name(finding, "value"): "", empty: "Filled"})

    assert list(Finding.objects.all()) == [finding]
    assert waiting() == [("add", "Filled"), ("remove", None)]


def test_untouched_page_changes_nothing(client: Client) -> None:
    factories.make_finding()
    login(client, "Editors")

    response = client.post(address(), sent_back(client.get(address())), follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Nothing was changed."]


def test_conflict_comes_back_with_both_values_and_nothing_saved(client: Client) -> None:
    contested, free = factories.make_finding(value="Old"), factories.make_finding(value="Old")
    login(client, "Editors")
    data = sent_back(client.get(address())) | {name(contested, "value"): "Mine", name(free, "value"): "Mine too"}
    Finding.objects.filter(pk=contested.pk).update(value="Theirs")

    refused = client.post(address(), data)

    html = refused.content.decode()
    assert (refused.status_code, Finding.objects.get(pk=free.pk).value) == (409, "Old")
    assert 'value="Mine"' in html
    assert 'value="Mine too"' in html
    assert "“Theirs”, Neutral, Not graded" in html

    # What came back can be sent once more, now knowing what it replaces.
    again = client.post(address(), sent_back(refused))

    assert again.status_code == 302
    assert sorted(Finding.objects.values_list("value", flat=True)) == ["Old", "Theirs"]
    assert waiting() == [("change", "Mine"), ("change", "Mine too")]


def test_value_that_is_too_long_comes_back(client: Client) -> None:
    finding = factories.make_finding(value="Old")
    login(client, "Editors")

    response = client.post(address(), sent_back(client.get(address())) | {name(finding, "value"): "x" * 81})

    assert (response.status_code, f'value="{"x" * 81}"' in response.content.decode()) == (422, True)
    assert Finding.objects.get().value == "Old"


@pytest.mark.parametrize(
    "seen", ["", "nonsense", '["a"]', '{"a": 1}', "[1, 2, 3]", "[" * 1_900, "[" * 100_000, "9" * 1_900, "\ufb2c" * 200]
)
def test_cell_whose_origin_is_not_known_is_left_alone(client: Client, seen: str) -> None:
    finding = factories.make_finding(value="Old")
    login(client, "Editors")

    response = client.post(
        address(), sent_back(client.get(address())) | {name(finding, "value"): "New", name(finding, "seen"): seen}
    )

    assert (response.status_code, Finding.objects.get().value) == (302, "Old")


def test_reviewer_changes_but_neither_adds_nor_removes(client: Client) -> None:
    finding = factories.make_finding(value="Old")
    criterion = factories.make_criterion()
    login(client, "Medical reviewers")
    data = sent_back(client.get(address()))
    empty = f"cell-{finding.therapy_id}-{criterion.pk}"
    forged = {f"{empty}-value": "Forged", f"{empty}-tone": "neutral", f"{empty}-grade": "low"}
    forged[f"{empty}-seen"] = '["", "neutral", "not_graded"]'

    emptied = client.post(address(), data | {name(finding, "value"): ""})
    filled = client.post(address(), data | forged)
    changed = client.post(address(), data | {name(finding, "value"): "New"})

    assert [emptied.status_code, filled.status_code, changed.status_code] == [422, 422, 302]
    assert "not remove it" in emptied.content.decode()
    assert list(Finding.objects.values_list("value", flat=True)) == ["Old"]
    assert waiting() == [("change", "New")]


def test_cell_that_must_be_filled_is_not_emptied(client: Client) -> None:
    finding = factories.make_finding(value="Infection", criterion=factories.make_criterion(required=True))
    login(client, "Editors")

    response = client.post(address(), sent_back(client.get(address())) | {name(finding, "value"): ""})

    assert (response.status_code, Finding.objects.get().value) == (422, "Infection")
    assert "This must be said: write what is known, or “Not reported”." in response.content.decode()


def test_cell_that_holds_a_dash_is_refused(client: Client) -> None:
    finding = factories.make_finding(value="Infection")
    login(client, "Editors")

    response = client.post(address(), sent_back(client.get(address())) | {name(finding, "value"): "–"})

    assert (response.status_code, Finding.objects.get().value) == (422, "Infection")


def test_page_names_therapies_that_readers_do_not_see(client: Client) -> None:
    factories.make_criterion(required=True)
    factories.make_therapy(name="Silent therapy")
    login(client, "Editors")

    html = client.get(address()).content.decode()

    assert "Readers do not see Silent therapy" in html


@pytest.mark.parametrize(("group", "read", "write"), [("Managers", 200, 403), ("Triage", 403, 403)])
def test_others_do_not_write(client: Client, group: str, read: int, write: int) -> None:
    finding = factories.make_finding(value="Leaky value")
    login(client, group)

    shown = client.get(address())
    saved = client.post(address(), {name(finding, "value"): "Forged"})

    assert (shown.status_code, "Leaky value" in shown.content.decode()) == (read, read == 200)
    assert (saved.status_code, Finding.objects.get().value) == (write, "Leaky value")


def test_other_methods_are_refused(client: Client) -> None:
    login(client, "Editors")

    assert client.delete(address()).status_code == 405


@pytest.mark.parametrize("model", ["therapy", "criterion", "finding"])
def test_lists_and_first_page_lead_to_the_grid(client: Client, model: str) -> None:
    login(client, "Editors")

    for origin in (reverse(f"admin:content_{model}_changelist"), reverse("admin:index")):
        assert f'href="{address()}"' in client.get(origin).content.decode()
