"""Correcting contact details on the private page: what looks like a slip is asked about once and then taken."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import ClinicProfile
from tests.consultations.views.test_private_page import address
from tests.factories import make_request

pytestmark = pytest.mark.django_db


def test_slip_in_a_corrected_address_is_asked_about_once(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(email="old@visitor.example", confirmed=False)
    slip = {"email": "ada@gmial.com", "best_time": "at dawn"}

    asked = client.post(address(request, "contact"), slip)
    request.refresh_from_db()
    unchanged = request.email
    hidden = asked.context["contact_form"].answers["confirmed"]
    taken = client.post(address(request, "contact"), slip | {"confirmed": hidden})

    request.refresh_from_db()
    page = asked.content.decode()
    assert (asked.status_code, unchanged) == (422, "old@visitor.example")
    assert "Did you mean @gmail.com?" in page
    assert f'name="confirmed" value="{hidden}"' in page
    assert 'value="at dawn"' in page
    assert (taken.status_code, request.email) == (303, "ada@gmial.com")


def test_another_slip_is_asked_about_again(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(confirmed=False)
    first = client.post(address(request, "contact"), {"email": "ada@gmial.com"})
    hidden = first.context["contact_form"].answers["confirmed"]

    response = client.post(address(request, "contact"), {"email": "ada@hotmial.com", "confirmed": hidden})

    assert response.status_code == 422
    assert "Did you mean @hotmail.com?" in response.content.decode()


def test_unusual_number_is_asked_about_once_and_kept_as_typed(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(confirmed=False)

    asked = client.post(address(request, "contact"), {"phone": "12 34 ext"})
    hidden = asked.context["contact_form"].answers["confirmed"]
    client.post(address(request, "contact"), {"phone": "12 34 ext", "confirmed": hidden})

    request.refresh_from_db()
    assert asked.status_code == 422
    assert (request.phone, request.phone_e164) == ("12 34 ext", "")


def test_contact_correction_makes_nobody_the_same_person_unconfirmed(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(email="old@visitor.example", confirmed=False)
    client.post(address(request, "contact"), {"email": "new@visitor.example"})

    assert make_request(email="NEW@visitor.example").person_id != request.person_id


def test_contact_correction_of_a_confirmed_address_waits_for_a_code(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(email="old@visitor.example")

    response = client.post(address(request, "contact"), {"email": "new@visitor.example"})

    request.refresh_from_db()
    assert response["Location"] == f"{address(request)}?done=code"
    assert (request.email, request.pending_email) == ("old@visitor.example", "")
