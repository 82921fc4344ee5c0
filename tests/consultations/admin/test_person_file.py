"""The file that is handed to a person, as people read it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from consultations.clocks import wording
from consultations.evidence import shown
from consultations.groups import MANAGERS
from consultations.models import ConsultationRequest
from consultations.privacy import codes
from consultations.privacy.selfservice import Correction
from consultations.requests import calls
from consultations.statuses import (
    ActivityKind,
    AppointmentStatus,
    CallOutcome,
    Channel,
    ExportFormat,
    MessageKind,
    MessageState,
    NextStep,
    ShownKind,
    Status,
)
from tests.booking_factories import make_appointment
from tests.desk import login
from tests.factories import NOW, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

CODES = (ActivityKind, AppointmentStatus, CallOutcome, Channel, MessageKind, MessageState, NextStep, ShownKind, Status)


def told_in_the_file(client: Client, request: ConsultationRequest) -> dict[str, str]:
    """Return the values of the file that people read, by name."""
    page = reverse("admin:consultations_person_export", args=[request.person_id])
    response = client.post(page, {"format": ExportFormat.HTML, "reason": "She asked"})
    cells = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', response.content.decode(), re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in cells}


def test_file_that_people_read_has_words_and_times_as_elsewhere(client: Client) -> None:
    ada = make_request(phone="202 555 0101", phone_e164="+12025550101")
    manager = login(client, MANAGERS)
    calls.log(ada, outcome=CallOutcome.NO_ANSWER, seen=0, by=manager, now=NOW)
    appointment = make_appointment(request=ada)
    codes.start(ada, wanted=Correction(name="Ada", email="new@visitor.example", drop_phone=True), now=NOW)
    shown.record(ada, form_text="Your name", consent_texts=[], now=NOW)

    told = told_in_the_file(client, ada)

    names = (
        "status",
        "contact by",
        "next step",
        "phone, normalised",
        "received at",
        "history 1: kind",
        "history 3: outcome",
    )
    assert [told.get(name) for name in names] == [
        "Tried to reach", "Phone or email", "Call", "+12025550101", wording.utc(ada.received_at), "Request received", "No answer"
    ]  # fmt: skip
    assert (told["history 4: from status"], told["history 4: to status"]) == ("New", "Tried to reach")
    assert told["appointments 1: starts at"] == wording.utc(appointment.starts_at)
    assert (told["appointments 1: channel"], told["appointments 1: status"]) == ("By phone", "Confirmed")
    assert told["proof: shown 1: kind"] == "Form"
    assert (told["codes 1: wanted: email"], told["codes 1: wanted: drop phone"]) == ("new@visitor.example", "yes")
    # Nothing is left as the database and machines have it.
    assert [name for name, value in told.items() if re.search(r"\d\d\d\d-\d\d-\d\d[T ]\d\d:", value)] == []
    stored = {value for kind in CODES for value in kind}
    assert {name: value for name, value in told.items() if value in stored or value.startswith("{")} == {}
