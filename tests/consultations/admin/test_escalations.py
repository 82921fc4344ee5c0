"""Rules for who is told, as managers set them for their own places."""

from __future__ import annotations

import pytest
from django.test import Client

from consultations.groups import MANAGERS, TRIAGE
from consultations.models import EscalationRule
from consultations.statuses import PlaceScope
from tests.factories import make_center, make_clinic, make_staff

pytestmark = pytest.mark.django_db
PATH = "/admin/consultations/escalationrule/"


def test_manager_sets_for_own_center_whom_to_tell(client: Client) -> None:
    center, other = make_center(), make_center()
    manager = make_staff(MANAGERS, places=[center])
    ben, stranger = (make_staff(TRIAGE, places=[place], email="b@fern.example") for place in (center, other))
    client.force_login(manager)
    form = {"tell_overdue": "on", "recipients": [ben.pk]}

    refused = [
        client.post(f"{PATH}add/", form | wrong).status_code
        for wrong in ({"center": other.pk}, {"center": ""}, {"center": center.pk, "recipients": [stranger.pk]})
    ]
    saved = client.post(f"{PATH}add/", form | {"center": center.pk})

    rule = EscalationRule.objects.get()
    assert (refused, saved.status_code) == ([200, 200, 200], 302)
    assert (rule.center, rule.tell_overdue, rule.tell_daily, [*rule.recipients.all()]) == (center, True, False, [ben])


def test_key_that_no_column_holds_is_no_person(client: Client) -> None:
    center = make_center()
    client.force_login(make_staff(MANAGERS, places=[center]))

    response = client.post(f"{PATH}add/", {"center": center.pk, "recipients": [2**63]})

    said = {"recipients": [f"Select a valid choice. {2**63} is not one of the available choices."]}
    assert (response.status_code, response.context["adminform"].form.errors) == (200, said)


def test_requests_without_a_center_have_one_rule_of_who_may_see_them(client: Client) -> None:
    client.force_login(make_staff(MANAGERS, places=[PlaceScope.POOL]))

    answers = [client.post(f"{PATH}add/", {"center": "", "tell_daily": "on"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert "There is a rule for this center." in answers[1].content.decode()


def test_managers_set_how_long_a_claim_lasts_and_whether_waiting_pauses_the_time(client: Client) -> None:
    make_clinic()
    client.force_login(make_staff(MANAGERS))

    page = client.get("/admin/content/clinicprofile/1/change/").content.decode()

    assert [page.count(f'name="{name}"') for name in ("claim_minutes", "waiting_pauses")] == [1, 1]


def test_list_of_requests_shows_those_without_a_center(client: Client) -> None:
    client.force_login(make_staff(MANAGERS))

    page = client.get("/admin/consultations/consultationrequest/?center=none").content.decode()

    assert page.count('<option value="none" selected>No center</option>') == 1
