"""What is due to be erased, the command that does so, and handing out what is held."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations.booking import appointments, waiting_list
from consultations.management.commands import purge_requests
from consultations.models import ConsultationRequest, RetentionRule
from consultations.privacy import purging, retention, selfservice
from consultations.requests import moving
from consultations.statuses import Channel, ConsentPurpose, Status
from tests.booking_factories import MONDAY, make_appointment, make_appointment_type
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db


def finish(request: ConsultationRequest, status: Status, at: dt.datetime) -> ConsultationRequest:
    moving.move(request, to=status, by=make_staff(), seen=Status.NEW, now=at, reason="Done")
    return request


def purge(**options: Any) -> list[str]:
    out = StringIO()
    call_command("purge_requests", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("status", "days", "is_due"),
    [
        (Status.LOST, 731, True),
        (Status.LOST, 728, False),
        (Status.SPAM, 93, True),
        (Status.SPAM, 88, False),
        (None, 731, True),
        (None, 728, False),
    ],
)
def test_due_by_status_and_age(status: Status | None, days: int, is_due: bool) -> None:  # noqa: FBT001  a case's outcome
    received = NOW - dt.timedelta(days=days)
    request = make_request(now=received)
    if status is not None:
        finish(request, status, received)

    assert (request in retention.due(NOW)) is is_due


def test_due_as_managers_set_it_for_each_status() -> None:
    RetentionRule.objects.filter(status=Status.LOST).update(days=None)
    RetentionRule.objects.filter(status=Status.ATTEMPTED).update(days=30)
    closed = finish(make_request(now=NOW - dt.timedelta(days=900)), Status.LOST, NOW - dt.timedelta(days=899))
    tried = finish(make_request(now=NOW - dt.timedelta(days=32)), Status.ATTEMPTED, NOW - dt.timedelta(days=31))

    assert list(retention.due(NOW)) == [tried]
    assert list(retention.due(NOW - dt.timedelta(days=1))) == []
    make_appointment(request=tried)
    assert list(retention.due(NOW)) == []
    assert closed.erased_at is None


def test_due_not_while_somebody_touches_it() -> None:
    request = finish(make_request(now=NOW - dt.timedelta(days=1000)), Status.LOST, NOW - dt.timedelta(days=999))
    moving.note(request, text="Called again", by=make_staff(), now=NOW - dt.timedelta(days=2))

    assert not retention.due(NOW).exists()


def test_due_a_day_after_it_was_asked_for_whatever_its_status() -> None:
    request = make_request()
    selfservice.ask_for_erasure(request, now=NOW)

    assert not retention.due(NOW + retention.GRACE - dt.timedelta(seconds=1)).exists()
    assert retention.due(NOW + retention.GRACE).get() == request


def test_purge_erases_counts_and_has_nothing_left_to_do() -> None:
    now = timezone.now()
    asked, held = make_request(), make_request()
    for request in (asked, held):
        selfservice.ask_for_erasure(request, now=now - retention.GRACE)
    ConsultationRequest.objects.filter(pk=held.pk).update(legal_hold=True)
    old = now - dt.timedelta(days=800)
    for status in (Status.LOST, Status.SPAM):
        finish(make_request(now=old), status, old)
    fresh = make_request(name="Stays", now=now)

    said = purge()

    nothing = dict.fromkeys(purging.REASONS, 0) | {"kept: legal hold": 1}
    assert said == lines_of(nothing | {"asked for": 1, "Closed": 1, "Spam": 1})
    assert purge() == lines_of(nothing)
    assert ConsultationRequest.objects.get(pk=fresh.pk).name == "Stays"
    assert ConsultationRequest.objects.get(pk=held.pk).erased_at is None


def lines_of(counts: dict[str, int]) -> list[str]:
    return [f"{reason}: {count}" for reason, count in counts.items()]


def test_purge_tells_how_far_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge_requests, "EACH", 2)
    for _ in range(5):
        selfservice.ask_for_erasure(make_request(), now=NOW)

    assert purge()[:2] == ["2 of 5", "4 of 5"]


@pytest.mark.parametrize(("most", "left"), [(0, 3), (1, 2), (2, 1), (3, 0), (None, 0)])
def test_purge_ends_after_as_many_as_are_asked_for(most: int | None, left: int) -> None:
    for _ in range(3):
        selfservice.ask_for_erasure(make_request(), now=NOW)

    counts = purging.purge(now=NOW + dt.timedelta(days=1), most=most)

    assert ConsultationRequest.objects.filter(erased_at=None).count() == left
    assert counts.total() == 3 - left


def test_purge_stops_before_the_next_one_when_it_is_told_to() -> None:
    for _ in range(3):
        selfservice.ask_for_erasure(make_request(), now=NOW)
    answers = iter([False, True])

    purging.purge(now=NOW + dt.timedelta(days=1), stop=lambda: next(answers))

    assert ConsultationRequest.objects.filter(erased_at=None).count() == 2


def test_purge_dry_run_is_a_table_of_what_would_go_and_erases_nothing() -> None:
    asked = make_request(agreed={ConsentPurpose.CALLS})
    selfservice.ask_for_erasure(asked, now=NOW)
    long_ago = NOW - dt.timedelta(days=800)
    kept, lost = make_request(now=long_ago), make_request(now=long_ago)
    for request in (kept, lost):
        finish(request, Status.LOST, long_ago)
    ConsultationRequest.objects.filter(pk=kept.pk).update(legal_hold=True)

    said = [line.split() for line in purge(dry_run=True)]

    assert said[2:10] == [
        ["status", "days", "kept", "due", "on", "hold", "oldest", "received"],
        ["New", "730", "1", "0", "2026-11-16"],
        ["Tried", "to", "reach", "730", "0", "0", "-"],
        ["In", "conversation", "730", "0", "0", "-"],
        ["Appointment", "booked", "730", "0", "0", "-"],
        ["Became", "a", "patient", "730", "0", "0", "-"],
        ["Closed", "730", "2", "1", "2024-09-07"],
        ["Spam", "90", "0", "0", "-"],
    ]
    assert ["consultation", "requests", "2", "emptied;", "stays:", "status,", "center,", "dates"] in said
    assert ["consents", "1", "deleted"] in said
    assert not ConsultationRequest.objects.exclude(erased_at=None).exists()


def test_purge_waits_for_an_appointment_that_is_near_and_staff_need_not() -> None:
    now = timezone.now()
    request = make_request()
    selfservice.ask_for_erasure(request, now=now - retention.GRACE)
    on_the_grid = now.replace(minute=0, second=0, microsecond=0)
    make_appointment(request=request, starts_at=on_the_grid + dt.timedelta(minutes=90))

    assert purge()[-2] == "kept until after the appointment: 1"
    assert retention.erase(request, by=make_staff(), now=now) is True


def test_export_holds_everything_in_the_clear(tmp_path: Path) -> None:
    request = make_request(name="Ada Visitor", message="My knee", agreed=set(ConsentPurpose))
    selfservice.add_note(request, text="And my elbow", now=NOW)
    moving.note(request, text="Ada sounded worried", by=make_staff(), now=NOW)
    kind = make_appointment_type(name="First talk", channel=Channel.PHONE)
    waiting_list.join(request, center=None, appointment_type=kind, until=MONDAY, now=NOW)
    appointments.cancel(make_appointment(request=request, appointment_type=kind), now=NOW, reason="In hospital")
    target = tmp_path / "export.json"

    call_command("export_request", request.reference.lower(), output=target, stdout=StringIO())

    data = json.loads(target.read_text())
    assert (data["name"], data["message"]) == ("Ada Visitor", "My knee")
    assert [line["text"] for line in data["history"]][1:3] == ["And my elbow", "Ada sounded worried"]
    assert [(one["appointment_type"], one["cancel_reason"]) for one in data["appointments"]] == [
        ("First talk", "In hospital")
    ]
    assert [one["appointment_type"] for one in data["waiting_list"]] == ["First talk"]
    assert len(data["proof"]["consents"]) == 3
    assert target.stat().st_mode & 0o777 == 0o600


def test_export_refuses_unknown_references_and_existing_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no request"):
        call_command("export_request", "R-0000-0000")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_request", make_request().reference, output=tmp_path)
