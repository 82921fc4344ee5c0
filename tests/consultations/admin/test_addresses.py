"""Paths of a request's pages are those that Django's own routes have."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.urls.base import set_script_prefix

from consultations.admin.addresses import list_of_requests, page_of


@pytest.mark.parametrize("page", ["change", "claim"])
@pytest.mark.parametrize("key", [7, "7", "7_2F8"], ids=["number", "text", "quoted"])
def test_page_of_a_request_is_where_its_route_leads(key: int | str, page: str) -> None:
    assert page_of(key, page) == reverse(f"admin:consultations_consultationrequest_{page}", args=[key])


def test_site_beneath_a_prefix_has_its_own_paths() -> None:
    here = list_of_requests()
    set_script_prefix("/clinic/")

    there = list_of_requests()

    set_script_prefix("/")
    assert (there, list_of_requests()) == (f"/clinic{here}", here)
