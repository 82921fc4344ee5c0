"""The list of notices says where a wording is missing or waits for a lawyer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:content_notice_changelist")


@pytest.mark.parametrize("group", ["Editors", "Managers"])
def test_list_warns_of_a_place_without_a_wording(client: Client, group: str) -> None:
    center = factories.make_center(name="Fern <Kyoto>", country=factories.make_country("JP", "Japan"))
    factories.make_therapy(short_name="Cells", regulatory_status="unapproved")
    client.force_login(factories.make_staff(group))

    response = client.get(LIST)

    (warning,) = [str(message) for message in response.context["messages"]]
    assert "Japan (JP): no notice names this place for Cells; there is no default notice either." in warning
    assert "Centers: Fern &lt;Kyoto&gt;." in warning
    assert center.name not in response.content.decode()


def test_list_warns_of_nothing_where_every_place_has_its_wording(client: Client) -> None:
    factories.make_center(region="US-WA")
    factories.make_therapy(regulatory_status="unapproved")
    factories.make_notice(regions="US", counsel_confirmed=True)
    client.force_login(factories.make_staff("Editors"))

    assert list(client.get(LIST).context["messages"]) == []


def test_list_marks_a_wording_that_no_lawyer_has_confirmed(client: Client) -> None:
    factories.make_notice(regions="US")
    factories.make_notice(regions="US", counsel_confirmed=True)
    factories.make_notice()
    client.force_login(factories.make_staff("Editors"))

    page = client.get(LIST).content.decode()

    marks = ["Have counsel confirm", "Confirmed", "For every place"]
    assert [page.count(f">{words}</span>") for words in marks] == [1, 1, 1]


def test_list_asks_a_fixed_number_of_questions(client: Client) -> None:
    counts = []
    client.force_login(factories.make_staff("Editors"))
    for _ in range(2):
        factories.make_center(country=factories.make_country("JP", "Japan"))
        factories.make_notice(regions="US").therapies.add(factories.make_therapy())
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))

    assert counts[0] == counts[1]
