"""Several requests of the list are claimed in one go."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import ConsultationRequest
from consultations.requests import claims
from tests.desk import login, told
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:consultations_consultationrequest_changelist")


def test_bulk_claim_takes_no_more_than_somebody_can_work_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consultations.admin.request_list.MOST_CLAIMED", 2)
    for number in range(3):
        make_request(email=f"{number}@visitor.example")
    login(client, "Triage")
    sent = {"action": "claim_selected", "_selected_action": ["1"], "select_across": "1"}

    response = client.post(LIST, sent, follow=True)

    assert told(response) == "Choose 2 requests at most. Nothing was changed."
    assert not ConsultationRequest.objects.exclude(assignee=None).exists()


def test_bulk_claim_tells_of_each_that_a_colleague_has(client: Client) -> None:
    free, taken = make_request(), make_request(email="b@visitor.example")
    claims.claim(taken, by=make_staff("Triage", first_name="Rosa"), now=NOW)
    login(client, "Triage")
    data = {"action": "claim_selected", "_selected_action": [free.pk, taken.pk]}

    response = client.post(LIST, data, follow=True)

    assert f"{taken.reference}: Rosa has it since 12:00 UTC." in told(response)
    assert "1 request is yours now." in told(response)


def test_bulk_claim_out_of_nobodys_tells_of_what_a_colleague_took_since_the_list_was_drawn(client: Client) -> None:
    taken = make_request()
    claims.claim(taken, by=make_staff("Triage", first_name="Rosa"), now=NOW)
    login(client, "Triage")

    response = client.post(
        f"{LIST}?due=unassigned", {"action": "claim_selected", "_selected_action": taken.pk}, follow=True
    )

    words = f"{taken.reference}: Rosa has it since 12:00 UTC. Nothing was saved; here is how it stands now."
    assert told(response) == words
