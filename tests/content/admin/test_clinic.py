"""The clinic's profile in the admin."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import ClinicProfile, ProposedChange
from tests.content.admin.screens import login

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "Linden Clinic",
    "short_name": "Linden",
    "tagline": "Joints and tendons, explained",
    "legal_name": "Linden Clinic LLC",
    "about": "<p>Ten physicians who explain what is known.</p>",
    "phone": "+1 212 555 0123",
    "email": "hello@linden.example",
    "address": "12 Linden Street, Springfield",
    "banner_text": "Questions? Call us.",
    "hours_text": "Monday to Friday, 9 am to 6 pm",
    "consultation_text": "A call of twenty minutes with a physician.",
    "response_promise": "within one business day",
    "response_hours": "8",
    "hours": "Mo-Fr 09:00-18:00",
    "time_zone": "America/New_York",
    "claim_minutes": "60",
    "review_grace_months": "6",
    "disclaimer": "What you read here does not replace a visit to a physician.",
    "emergency_text": "In an emergency, call 911.",
}


def test_first_profile_is_public_at_once(client: Client) -> None:
    login(client, is_superuser=True)

    client.post("/admin/content/clinicprofile/add/", WORDS)

    assert ClinicProfile.objects.values_list("name", "tagline").get() == (WORDS["name"], WORDS["tagline"])
    assert ProposedChange.objects.count() == 0
    assert "<title>Linden Clinic" in client.get("/").text


def test_later_words_of_the_profile_wait_for_a_reviewer(client: Client) -> None:
    login(client, is_superuser=True)
    client.post("/admin/content/clinicprofile/add/", WORDS)

    client.post("/admin/content/clinicprofile/1/change/", WORDS | {"tagline": "Another one"})

    assert ClinicProfile.objects.get().tagline == WORDS["tagline"]
    assert ProposedChange.objects.get().after == {"tagline": "Another one"}
