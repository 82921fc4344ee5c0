"""Addresses that differ from a page's own by case, doubled slashes or the last slash."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from consultations.links import private_link
from consultations.statuses import ConsentPurpose
from content.models import ClinicProfile
from tests import factories

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def _article(clinic: ClinicProfile) -> None:
    factories.make_article(slug="what-is-prp")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/Articles/What-Is-PRP/", "/articles/what-is-prp/"),
        ("/ARTICLES/WHAT-IS-PRP?utm_source=A&b=%2F", "/articles/what-is-prp/?utm_source=A&b=%2F"),
        ("/articles//what-is-prp/?x=1", "/articles/what-is-prp/?x=1"),
        ("/articles//What-is-PRP//", "/articles/what-is-prp/"),
        ("/Consultation/?center=Boston", "/consultation/?center=Boston"),
        ("/consultation?center=Boston", "/consultation/?center=Boston"),
        ("//Faq", "/faq/"),
    ],
)
@pytest.mark.usefixtures("_article")
def test_address_that_is_nearly_right_leads_to_the_page(client: Client, address: str, target: str) -> None:
    response = client.get(f"http://testserver{address}")

    assert (response.status_code, response.headers.get("Location")) == (HTTPStatus.MOVED_PERMANENTLY, target)


@pytest.mark.parametrize(
    "address",
    [
        "/Articles/Nothing/",
        "/articles//nothing/",
        "/Nothing//here",
        "//other.example//",
        "/Static/Nothing.css",
        "/%2F%2Fx",
    ],
)
@pytest.mark.usefixtures("_article")
def test_address_of_nothing_stays_no_page(client: Client, address: str) -> None:
    response = client.get(f"http://testserver{address}")

    assert response.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("address", ["/consultation", "/consultation//", "/Consultation/", "/CONSULTATION"])
def test_form_is_taken_at_an_address_that_is_nearly_right(client: Client, address: str) -> None:
    response = client.post(address, {"name": "Ada Marlow", "message": "My knee hurts."})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"]["name"].value() == "Ada Marlow"
    assert response.context["form"]["message"].value() == "My knee hurts."


def test_private_form_is_taken_without_its_last_slash(client: Client) -> None:
    request = factories.make_request(agreed={ConsentPurpose.HEALTH})
    address = f"/consultation/r/{private_link.token_for(request.link_id)}/note"

    response = client.post(address, {"text": "Please call after five."})

    assert response.status_code == HTTPStatus.SEE_OTHER


def test_token_is_never_read_in_lower_case(client: Client) -> None:
    request = factories.make_request()
    token = private_link.token_for(request.link_id)
    assert token != token.lower()

    doubled = client.get(f"/consultation//r/{token}/?x=1")
    upper = client.get(f"/Consultation/r/{token}/")

    assert doubled.headers["Location"] == f"/consultation/r/{token}/?x=1"
    assert (upper.status_code, upper.headers.get("Location")) == (HTTPStatus.NOT_FOUND, None)


def test_slug_in_capitals_keeps_its_own_address(client: Client) -> None:
    factories.make_article(slug="PRP")
    factories.make_article(slug="prp")

    assert client.get("/articles/PRP/").status_code == HTTPStatus.OK
