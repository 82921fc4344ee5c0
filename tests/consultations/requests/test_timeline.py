"""One timeline of a request: everything once, in order, by whom."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.access.viewing import viewed
from consultations.booking import unconfirmed
from consultations.clocks import wording
from consultations.mail import reminders
from consultations.models import Activity, Message, Person
from consultations.privacy import retention
from consultations.requests import merging, moving, next_steps, timeline
from consultations.statuses import AccessKind, ActivityKind, ConsentPurpose, MessageState, NextStep, Status
from tests import factories
from tests.booking_factories import make_appointment
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_timeline_has_everything_in_order() -> None:
    staff = factories.make_staff(first_name="Tess")
    request = factories.make_request(agreed=frozenset({ConsentPurpose.CALLS}))
    Message.objects.update(state=MessageState.SENT, sent_at=NOW + MINUTE)
    moving.assign(request, to=staff, by=staff, seen=None, now=NOW + 2 * MINUTE)
    viewed(request, AccessKind.DETAIL, by=staff, now=NOW + 3 * MINUTE)
    moving.move(request, to=Status.REACHED, by=staff, seen=Status.NEW, now=NOW + 4 * MINUTE)
    moving.note(request, text="Likes tea", by=staff, now=NOW + 5 * MINUTE)

    told = [
        (event.what, event.words, event.by)
        for event in timeline.of(request, openings=True, seen_by=factories.make_staff())
    ]

    assert [line for line in told if not line[0].startswith("Mail")] == [
        ("Request received", "", "The visitor"),
        ("Consent given: Calls and text messages, version 1", "", "The visitor"),
        ("Assigned", "Claimed by Tess", "Tess"),
        ("Opened: Request", "", "Tess"),
        ("Status changed: New → In conversation", "", "Tess"),
        ("Internal note", "Likes tea", "Tess"),
    ]
    mails = [what.partition(":")[0] for what, _, _ in told if what.startswith("Mail")]
    number = Message.objects.filter(request=request).count()
    assert mails == ["Mail sent"] * number


def test_a_mail_that_waited_is_told_with_both_its_moments_and_once_each() -> None:
    request = factories.make_request(email="ada@visitor.example")
    mail = Message.objects.get(recipient="ada@visitor.example")
    Message.objects.filter(pk=mail.pk).update(state=MessageState.SENT, sent_at=NOW + 6 * MINUTE)
    Activity.objects.create(
        request=request, kind=ActivityKind.MESSAGE, at=NOW + 6 * MINUTE, text="Confirmation to the visitor: sent"
    )

    told = [
        event.what
        for event in timeline.of(request, openings=False, seen_by=factories.make_staff())
        if "staff" not in event.what
    ]

    assert told == [
        "Request received",
        "Mail queued: Confirmation to the visitor to ada@visitor.example",
        "Mail sent: Confirmation to the visitor to ada@visitor.example",
    ]


def test_a_mail_that_was_given_up_says_why() -> None:
    request = factories.make_request(email="ada@visitor.example")
    Message.objects.filter(recipient="ada@visitor.example").update(
        state=MessageState.DEAD, attempts=6, last_error="No such mailbox"
    )

    told = [event.what for event in timeline.of(request, openings=False, seen_by=factories.make_staff())]

    assert (
        "Mail queued: Confirmation to the visitor to ada@visitor.example: given up; tried 6 times (No such mailbox)"
        in told
    )


def test_a_reminder_that_waits_for_its_day_says_when_it_leaves() -> None:
    request = factories.make_request(email="ada@visitor.example")
    appointment = make_appointment(request=request)
    reminders.arm(appointment, now=NOW)

    told = [event.what for event in timeline.of(request, openings=False, seen_by=factories.make_staff())]

    leaves = wording.utc(appointment.starts_at - dt.timedelta(hours=2))
    assert f"Mail queued: Reminder two hours before to ada@visitor.example: leaves {leaves}" in told


def test_what_nobody_of_ours_did_is_told_of_whoever_did_it() -> None:
    request, staff = factories.make_request(email="ada@visitor.example"), factories.make_staff(first_name="Tess")
    for kind, by, text in (
        (ActivityKind.BOOKED, None, "Mon 23 Nov 2026"),
        (ActivityKind.BOOKED, staff, "Mon 23 Nov 2026"),
        (ActivityKind.PROVED, None, "The visitor confirmed the email address."),
        (ActivityKind.CONTACT, None, timeline.DISOWNED),
        (ActivityKind.CANCELLED, None, f"Mon 23 Nov 2026. {timeline.DISOWNED}"),
        # Of an erased request: it may have come of the erasure.
        (ActivityKind.CANCELLED, None, ""),
        (ActivityKind.RELEASED, None, "Held time released"),
        (ActivityKind.MESSAGE, staff, "A question"),
    ):
        Activity.objects.create(request=request, kind=kind, at=NOW + MINUTE, by=by, text=text)

    told = timeline.of(request, openings=False, seen_by=factories.make_staff())

    assert [(event.what, event.by) for event in told if event.at == NOW + MINUTE] == [
        ("Appointment booked", "The visitor"),
        ("Appointment booked", "Tess"),
        ("Contact confirmed", "The visitor"),
        ("Contact details corrected", "The owner of the mailbox"),
        ("Appointment cancelled", "The owner of the mailbox"),
        ("Appointment cancelled", "The site"),
        ("Held time released", "The site"),
        ("Mail by staff", "Tess"),
    ]


def test_deadline_that_moved_for_a_step_stands_after_the_step() -> None:
    factories.make_clinic()
    staff, request = factories.make_staff("Triage"), factories.make_request()
    seen, wait = (request.next_step, request.next_at), NOW + dt.timedelta(days=2)
    next_steps.plan(request, step=NextStep.VISITOR, at=wait, seen=seen, by=staff, now=NOW + MINUTE)

    told = [event.kind for event in timeline.of(request, openings=False, seen_by=staff) if event.at > NOW]

    assert told == [ActivityKind.NEXT, ActivityKind.DEADLINE]


def test_a_merge_says_why_to_who_may_see_every_request_of_both() -> None:
    here, there = factories.make_center(), factories.make_center()
    one = factories.make_request(email="ada@visitor.example", center=here)
    other = factories.make_request(email="ada@work.example", center=there)
    everywhere, at_here = factories.make_staff(), factories.make_staff(places=[here])
    kept, merged = (Person.objects.get(requests=request) for request in (one, other))
    seen = merging.mark_of(kept, merged, seen_by=everywhere)
    merging.merge(kept, merged, reason="She told me so", seen=seen, by=everywhere, now=NOW + MINUTE)

    told = [
        [event.words for event in timeline.of(one, openings=False, seen_by=reader) if event.kind == ActivityKind.MERGED]
        for reader in (everywhere, at_here)
    ]

    assert told == [["She told me so"], [""]]


def test_openings_are_for_those_who_may_know_them() -> None:
    request = factories.make_request()
    viewed(request, AccessKind.DETAIL, by=factories.make_staff(), now=NOW)

    assert [
        event
        for event in timeline.of(request, openings=False, seen_by=factories.make_staff())
        if event.kind == "opened"
    ] == []


def test_an_erased_request_keeps_lines_without_words() -> None:
    staff = factories.make_staff(first_name="Tess")
    request = factories.make_request(name="Ada Visitor", email="ada@visitor.example")
    moving.note(request, text="Ada likes tea", by=staff, now=NOW)

    retention.erase(request, by=staff, now=NOW + MINUTE)

    told = timeline.of(request, openings=True, seen_by=factories.make_staff())
    assert [event.what for event in told if event.by == "Tess"] == ["Internal note", "Erasure"]
    assert "ada" not in repr(told).lower()


def test_the_clock_beside_utc_is_the_centers() -> None:
    factories.make_clinic(time_zone="Europe/Madrid")
    there = factories.make_request(center=factories.make_center(time_zone="Asia/Tokyo"))

    clocks = [timeline.clock_of(one).key for one in (there, factories.make_request(email="other@visitor.example"))]

    assert clocks == ["Asia/Tokyo", "Europe/Madrid"]


def test_timeline_of_an_earlier_request_says_that_the_visitor_asked_again_to_who_may_know() -> None:
    here, there = factories.make_center(name="Here"), factories.make_center(name="There")
    first = factories.make_request(center=here)
    again = factories.make_request(center=there, now=NOW + MINUTE, confirmed=False)
    unconfirmed.confirm_email(again, version=0, now=NOW + MINUTE)
    stranger = factories.make_request(email="grace@visitor.example", center=there, now=NOW + MINUTE)
    everywhere, at_here = factories.make_staff(), factories.make_staff(places=[here])

    told = [
        [event for event in timeline.of(request, openings=False, seen_by=reader) if event.kind == ActivityKind.AGAIN]
        for request, reader in ((first, everywhere), (first, at_here), (again, everywhere), (stranger, everywhere))
    ]

    assert [(event.at, event.what, event.by) for event in told[0]] == [
        (NOW + MINUTE, f"Asked again: {again.reference}", "The visitor")
    ]
    assert told[1] == told[3] == []
    # What came in the second time says that it did; of later ones it knows none.
    assert [event.what for event in told[2]] == ["Asked again"]
