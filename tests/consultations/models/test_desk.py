"""What the database itself refuses of the desk's rows, whoever writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consultations.models import (
    Activity,
    CallRule,
    CannedReply,
    ConsultationRequest,
    Presence,
    RetentionRule,
    SavedView,
)
from consultations.statuses import ActivityKind, CallOutcome
from tests.factories import NOW, make_clinic, make_request, make_staff
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def change_request(**columns: Any) -> None:
    ConsultationRequest.objects.filter(pk=make_request().pk).update(**columns)


def write_call(**kwargs: Any) -> None:
    Activity.objects.create(request=make_request(), at=NOW, **kwargs)


def write_rule(*, times: int = 1, **kwargs: Any) -> None:
    for _ in range(times):
        CallRule.objects.create(**{"outcome": CallOutcome.NO_ANSWER, "attempt": 9} | kwargs)


def write_views(*names: str) -> None:
    owner = make_staff()
    for name in names:
        SavedView.objects.create(owner=owner, name=name, query="due=mine")


def look_twice() -> None:
    request, user = make_request(), make_staff()
    for _ in range(2):
        Presence.objects.create(request=request, user=user, seen_at=NOW)


CASES: list[tuple[str, Callable[[], object]]] = [
    ("consultations_request_live_has_next_step", lambda: change_request(next_at=None)),
    ("consultations_request_live_has_next_step", lambda: change_request(next_step="")),
    ("consultations_request_next_step_known", lambda: change_request(next_step="dance")),
    ("consultations_request_closed_for_known", lambda: change_request(closed_for="price")),
    (
        "consultations_request_closed_for_known",
        lambda: change_request(status="lost", closed_for="weather", next_step="", next_at=None),
    ),
    ("consultations_activity_call_has_outcome", lambda: write_call(kind=ActivityKind.CALL, by=make_staff())),
    ("consultations_activity_call_has_outcome", lambda: write_call(kind=ActivityKind.CALL, outcome="reached")),
    ("consultations_activity_call_has_outcome", lambda: write_call(kind=ActivityKind.AGAIN, outcome="reached")),
    ("consultations_callrule_once", lambda: write_rule(times=2)),
    ("consultations_callrule_outcome_known", lambda: write_rule(outcome="sang")),
    ("consultations_callrule_attempt_plausible", lambda: write_rule(attempt=0)),
    ("consultations_callrule_wait_plausible", lambda: write_rule(wait_hours=0)),
    ("consultations_callrule_reaching_is_an_answer", lambda: write_rule(outcome=CallOutcome.REACHED)),
    ("consultations_savedview_name_once", lambda: write_views("Mine", "Mine")),
    (
        "consultations_cannedreply_has_words",
        lambda: CannedReply.objects.create(name="Call", subject="", body="Hello."),
    ),
    ("consultations_savedview_has_name", lambda: write_views("")),
    ("consultations_retentionrule_status_known", lambda: RetentionRule.objects.create(status="asleep")),
    ("consultations_retentionrule_days_plausible", lambda: RetentionRule.objects.update(days=6)),
    ("consultations_retentionrule_days_plausible", lambda: RetentionRule.objects.update(days=3661)),
    ("consultations_presence_once", look_twice),
    ("content_clinicprofile_claim_minutes_plausible", lambda: make_clinic(claim_minutes=4)),
]


@pytest.mark.parametrize(("name", "write"), CASES, ids=map(str, range(len(CASES))))
def test_database_refuses(name: str, write: Callable[[], object]) -> None:
    with refused_by(name):
        write()
