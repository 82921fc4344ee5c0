"""Addresses that no database can look for, at public pages and in the admin."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from consultations.models import ConsultationRequest
from tests import factories

pytestmark = pytest.mark.usefixtures("clinic")
APPOINTMENTS = "/admin/consultations/appointment/"
REQUESTS = "/admin/consultations/consultationrequest/"


@pytest.mark.parametrize(
    "path",
    [
        "/compare/exosomes-vs-prp%00/",
        "/compare/%00-vs-prp/",
        "/articles/%00/",
        "/consultation/r/%00/",
        "/static/%00",
        f"{APPOINTMENTS}%00/change/",
        f"{REQUESTS}1%00/move/",
    ],
)
def test_path_with_a_control_character_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/compare/?therapy=%00", "/compare/"),
        ("/articles/?topic=%00&utm_source=x", "/articles/?utm_source=x"),
        ("/consultation/?center=a%00b", "/consultation/"),
        (f"{APPOINTMENTS}?status=%00", APPOINTMENTS),
        (f"{REQUESTS}?q=%00", REQUESTS),
        (f"{REQUESTS}?%00=1", REQUESTS),
    ],
)
def test_parameter_with_a_nul_is_left_out(client: Client, address: str, target: str) -> None:
    response = client.get(address)

    assert (response.status_code, response.headers.get("Location")) == (HTTPStatus.FOUND, target)


@pytest.mark.parametrize(
    "query",
    [
        "received_at__year=99999999",
        "received_at__year=0",
        "received_at__year=-1",
        "received_at__year=99999999999999999999",
        "received_at__gte=9999-12-31T23:59:59-14:00",
        "id__exact=99999999999999999999999",
        "p=99999999999999999999",
        "status=nope",
    ],
)
def test_ends_of_calendar_and_numbers_break_no_list(client: Client, query: str) -> None:
    client.force_login(factories.make_staff(is_superuser=True))

    response = client.get(f"{REQUESTS}?{query}")

    assert response.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}


# An error of the database ends the transaction that a test is otherwise in, on PostgreSQL.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", ["abc", "1 OR 1=1", "\u00b2", "9" * 23, str(2**63), "9" * 5000, "-"])
@pytest.mark.parametrize("shown", ["consultations/consultationrequest", "consultations/closure", "auth/group"])
def test_action_with_a_row_that_no_page_offers_does_nothing(client: Client, shown: str, row: str) -> None:
    request = factories.make_request()
    client.force_login(factories.make_staff(is_superuser=True))
    action = "claim_selected" if shown.endswith("request") else "delete_selected"
    sent = {"action": action, "_selected_action": [str(request.pk), row]}

    response = client.post(f"/admin/{shown}/", sent)

    # A number that is too large is no row: the others are claimed, or there are none to delete.
    assert response.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}
    assert row.isdecimal() or not ConsultationRequest.objects.exclude(assignee=None).exists()


@pytest.mark.parametrize("lookup", ["regex", "iregex"])
def test_list_is_narrowed_by_no_regular_expression(client: Client, lookup: str) -> None:
    factories.make_request(name="a" * 60 + "!")
    client.force_login(factories.make_staff("Triage"))

    response = client.get(REQUESTS, {f"name__{lookup}": "^(a+)+$"})

    assert (response.status_code, response.headers.get("Location")) == (HTTPStatus.FOUND, f"{REQUESTS}?e=1")


@pytest.mark.parametrize("field", ["", "nope", "password"])
@pytest.mark.parametrize("page", ["change", "delete"])
def test_row_is_looked_for_by_no_column_that_it_has_not(client: Client, page: str, field: str) -> None:
    user = factories.make_staff(is_superuser=True)
    client.force_login(user)
    address = f"/admin/auth/user/{user.pk}/{page}/"

    answers = [client.get(address, {"_to_field": field}), client.post(address, {"_to_field": field})]

    assert [response.status_code for response in answers] == [HTTPStatus.BAD_REQUEST] * 2
