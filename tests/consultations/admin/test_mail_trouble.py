"""Mails that failed: how a request is flagged, and how staff send them again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consultations.exceptions import ChangedMeanwhile
from consultations.mail import messages
from consultations.models import Activity, ConsultationRequest, Message
from consultations.privacy import retention
from consultations.statuses import ActivityKind, MessageKind, MessageState
from content.models import ClinicProfile
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TO_VISITOR, TO_STAFF = MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW


def in_trouble(request: ConsultationRequest) -> bool:
    """Return what the annotation says."""
    return bool(vars(request)["mail_trouble"])


@pytest.fixture
def request_(clinic: ClinicProfile) -> ConsultationRequest:
    return factories.make_request()


class TestResend:
    """Staff may send again what failed, and nothing else."""

    def fail(self, request: ConsultationRequest, **changes: Any) -> Message:
        found = request.messages.filter(kind=TO_VISITOR)
        found.update(**{"state": MessageState.DEAD, "attempts": 11, "last_error": "TimeoutError"} | changes)
        return found.get()

    @pytest.mark.parametrize("state", [MessageState.DEAD, MessageState.QUEUED])
    def test_a_failed_mail_is_due_at_once_and_starts_afresh(
        self, request_: ConsultationRequest, state: MessageState
    ) -> None:
        message, staff = self.fail(request_, state=state, due_at=NOW + dt.timedelta(days=1)), factories.make_staff()

        messages.resend(message, by=staff, now=NOW)

        assert (message.state, message.attempts, message.due_at) == (MessageState.QUEUED, 0, NOW)
        assert message.last_error == ""
        line = Activity.objects.get(request=request_, kind=ActivityKind.MESSAGE)
        assert (line.by, line.at, line.text) == (staff, NOW, "Confirmation to the visitor: to be sent again")

    def test_a_corrected_address_is_used(self, request_: ConsultationRequest) -> None:
        self.fail(request_)
        ConsultationRequest.objects.update(email="right@visitor.example")
        message = Message.objects.get(kind=TO_VISITOR)

        messages.resend(message, by=factories.make_staff(), now=NOW)

        assert message.recipient == "right@visitor.example"

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": MessageState.SENT, "sent_at": NOW},
            {"state": MessageState.SENDING, "leased_until": NOW},
            {"state": MessageState.QUEUED, "attempts": 0},
        ],
    )
    def test_other_mails_are_left_alone(self, request_: ConsultationRequest, changes: dict[str, Any]) -> None:
        message = self.fail(request_, **changes)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(message, by=factories.make_staff(), now=NOW)

        assert Message.objects.get(pk=message.pk).state == changes["state"]
        assert not Activity.objects.filter(kind=ActivityKind.MESSAGE).exists()

    def test_a_second_click_is_refused(self, request_: ConsultationRequest) -> None:
        message, staff = self.fail(request_), factories.make_staff()
        messages.resend(message, by=staff, now=NOW)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(message, by=staff, now=NOW)

        assert Activity.objects.filter(kind=ActivityKind.MESSAGE).count() == 1

    def test_nobody_writes_to_an_erased_visitor(self, request_: ConsultationRequest) -> None:
        self.fail(request_)
        retention.erase(request_, by=None, now=NOW)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(Message.objects.get(kind=TO_VISITOR), by=factories.make_staff(), now=NOW)


class TestTrouble:
    """A request whose mail failed is flagged."""

    @pytest.mark.parametrize(
        ("changes", "flagged"),
        [
            ({}, False),
            ({"state": MessageState.QUEUED, "attempts": 1, "last_error": "TimeoutError"}, True),
            ({"state": MessageState.SENDING, "leased_until": NOW, "last_error": "TimeoutError"}, True),
            ({"state": MessageState.SENDING, "leased_until": NOW, "attempts": 1}, False),
            ({"state": MessageState.DEAD}, True),
            ({"state": MessageState.SENT, "sent_at": NOW, "attempts": 3}, False),
        ],
    )
    def test_what_counts(self, request_: ConsultationRequest, changes: dict[str, Any], flagged: bool) -> None:  # noqa: FBT001
        other = factories.make_request()
        other.messages.update(state=MessageState.SENT, sent_at=NOW)
        request_.messages.filter(kind=TO_STAFF).update(state=MessageState.SENT, sent_at=NOW)
        if changes:
            request_.messages.filter(kind=TO_VISITOR).update(**changes)

        found = {one.pk: in_trouble(one) for one in ConsultationRequest.objects.with_mail_trouble()}

        assert found == {request_.pk: flagged, other.pk: False}

    def test_an_erased_request_troubles_nobody(self, request_: ConsultationRequest) -> None:
        retention.erase(request_, by=None, now=NOW)

        assert in_trouble(ConsultationRequest.objects.with_mail_trouble().get()) is False
