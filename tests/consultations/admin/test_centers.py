"""Centers in the admin: everybody reads what is public, and who has one reads who changed it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_center, make_staff


@pytest.mark.django_db
def test_history_of_a_center_is_for_its_own_staff(client: Client) -> None:
    own, other = make_center(), make_center()
    client.force_login(make_staff("Managers", places=[own]))
    pages = [
        reverse(f"admin:content_center_{page}", args=[one.pk]) for page in ("history", "change") for one in (own, other)
    ]

    assert [client.get(page).status_code for page in pages] == [200, 403, 200, 200]
