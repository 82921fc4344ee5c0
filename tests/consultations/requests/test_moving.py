"""What staff do with a request, asked of the verbs themselves; the buttons are in test_admin_buttons.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from consultations.booking import appointments
from consultations.exceptions import Erased
from consultations.models import Activity, ConsultationRequest
from consultations.privacy import retention
from consultations.requests import moving
from consultations.statuses import AppointmentStatus, Status
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

type Act = Callable[[ConsultationRequest, User], object]

# What a page that was drawn before the erasure still offers.
ACTS: dict[str, Act] = {
    "note": lambda request, by: moving.note(request, text="Her knee is worse", by=by, now=NOW),
    "assign": lambda request, by: moving.assign(request, to=by, seen=None, by=by, now=NOW),
    "move": lambda request, by: moving.move(
        request, to=Status.LOST, seen=Status.NEW, reason="Her knee is better", by=by, now=NOW
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_written_on_a_request_that_was_erased_after_the_page_was_drawn(name: str) -> None:
    request, by = make_request(), make_staff()
    seen = ConsultationRequest.objects.get(pk=request.pk)
    retention.erase(request, by=None, now=NOW)
    before = list(Activity.objects.values_list("kind", "text"))

    with pytest.raises(Erased, match="This request was erased"):
        ACTS[name](seen, by)

    request.refresh_from_db()
    assert list(Activity.objects.values_list("kind", "text")) == before
    assert (request.status, request.assignee) == (Status.NEW, None)


def test_past_appointment_of_an_erased_request_is_not_cancelled_with_words() -> None:
    begun = make_appointment(starts_at=NOW - dt.timedelta(hours=1))
    retention.erase(begun.request, by=None, now=NOW)

    with pytest.raises(Erased):
        appointments.cancel(begun, by=make_staff(), now=NOW, reason="Her knee")

    begun.refresh_from_db()
    assert (begun.status, begun.cancel_reason) == (AppointmentStatus.CONFIRMED, "")
