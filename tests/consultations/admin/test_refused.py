"""What the page of a request says beside what was pressed, and beside a number that is wrong."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from consultations.models import Activity
from consultations.requests import calls
from consultations.statuses import ActivityKind, CallOutcome
from tests.desk import address, login, told
from tests.factories import NOW, make_request

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("which", "data"),
    [
        ("note", {"text": " "}),
        ("move", {"to": "lost", "seen": "new"}),
        ("step", {"step": "call", "local": "soon"}),
        ("reply", {"press": "preview", "subject": "A {{ nmae }}", "body": "Hello"}),
        ("hold", {"held": "yes"}),
    ],
)
def test_what_is_refused_is_said_beside_its_form_too(client: Client, which: str, data: dict[str, str]) -> None:
    request = make_request()
    login(client, "Managers")

    page = client.post(address(request, which), data)

    said = page.content.decode().split('<p class="errornote refused" tabindex="-1">')
    # At the top, and in the form that was pressed.
    assert (len(said), said[1].split("</p>")[0]) == (2, escape(told(page)))


def test_wrong_number_stands_beside_the_number_until_it_is_corrected(client: Client) -> None:
    request = make_request(phone="202 555 0101", phone_e164="+12025550101")
    rosa = login(client, "Triage")
    calls.log(request, outcome=CallOutcome.WRONG_NUMBER, seen=0, by=rosa, now=NOW)

    before = client.get(address(request)).context["wrong_number"]
    Activity.objects.create(request=request, kind=ActivityKind.CONTACT, at=NOW, text="Changed: phone number")
    after = client.get(address(request)).context["wrong_number"]

    assert (before, after) == (f"wrong number: {rosa.username}, Mon 16 Nov 2026, 12:00 UTC", "")
