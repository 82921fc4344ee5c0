"""The lists of the admin say which therapies readers do not see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["therapy", "criterion", "finding"])
def test_list_warns_of_therapies_that_readers_do_not_see(client: Client, model: str) -> None:
    seen = factories.make_finding(criterion=factories.make_criterion(required=True)).therapy
    hidden = factories.make_therapy(name="Silent therapy")
    client.force_login(factories.make_staff("Editors"))

    response = client.get(reverse(f"admin:content_{model}_changelist"))

    sentences = [str(message) for message in response.context["messages"]]
    assert [hidden.name in sentence for sentence in sentences] == [True]
    assert [seen.name in sentence for sentence in sentences] == [False]


def test_list_warns_of_nothing_while_all_are_seen(client: Client) -> None:
    factories.make_finding(criterion=factories.make_criterion(required=True))
    client.force_login(factories.make_staff("Editors"))

    response = client.get(reverse("admin:content_finding_changelist"))

    assert list(response.context["messages"]) == []
