"""What the private page says, for every status."""

from __future__ import annotations

import pytest

from consultations.models import ConsultationRequest
from consultations.statuses import Status
from consultations.visitor_words import NEXT_STEPS, STATUS_WORDS, shown_status


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_and_next_steps(status: Status) -> None:
    shown = shown_status(status)

    assert ConsultationRequest(status=status).visitor_status == STATUS_WORDS[shown]
    assert len(NEXT_STEPS[shown]) >= 1


def test_suspect_is_told_the_same_as_anybody_new() -> None:
    words = [ConsultationRequest(status=status).visitor_status for status in (Status.SPAM, Status.NEW)]

    assert words == ["Received: we have not been in touch yet."] * 2
