"""Whose requests somebody sees: by the center that they name, and by where their visitor has an appointment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from consultations.models import Activity, Appointment, ConsultationRequest, place
from consultations.models.place import reach_of
from consultations.statuses import EXPIRING, AppointmentStatus, Channel, PlaceScope
from content.models import Center
from tests.booking_factories import make_appointment
from tests.factories import NOW, give_place, make_center, make_request, make_staff

pytestmark = pytest.mark.django_db

STANDING = ["unconfirmed", "pending", "confirmed", "attended", "no_show"]


def seen(*places: Center | PlaceScope) -> set[str]:
    """Return the references that somebody of these places sees."""
    found = ConsultationRequest.objects.visible_to(make_staff(places=places))
    return set(found.values_list("reference", flat=True))


def visit(
    request: ConsultationRequest, center: Center, status: AppointmentStatus = AppointmentStatus.CONFIRMED
) -> Appointment:
    """Book a visit in person, round the verbs."""
    ends = NOW if status in EXPIRING else None
    return make_appointment(
        request=request, center=center, channel=Channel.IN_PERSON, status=status, hold_expires_at=ends, cells=False
    )


def marked(request: ConsultationRequest) -> bool:
    request.refresh_from_db()
    return request.visits_elsewhere


@pytest.mark.parametrize("status", AppointmentStatus)
def test_guests_are_seen_while_their_appointment_stands(status: AppointmentStatus) -> None:
    here, there, nowhere = (make_center(name=name) for name in ("Here", "There", "Nowhere"))
    request = make_request(center=here)
    visit(request, there, status)

    assert [request.reference in seen(place) for place in (here, there, nowhere)] == [True, status in STANDING, False]


def test_requests_without_a_center_are_seen_by_who_has_the_pool_and_by_who_receives_the_visitor() -> None:
    there, nowhere = make_center(name="There"), make_center(name="Nowhere")
    booked, waiting = make_request(), make_request(email="two@visitor.example")
    visit(booked, there)

    assert seen(PlaceScope.POOL) == {booked.reference, waiting.reference}
    assert seen(PlaceScope.ALL) == seen(there) == {booked.reference}
    assert seen(nowhere) == seen() == set()
    assert seen(PlaceScope.ALL, PlaceScope.POOL) == {booked.reference, waiting.reference}


def test_mark_is_set_where_an_appointment_is_booked_elsewhere_or_moved_there() -> None:
    here, there = make_center(name="Here"), make_center(name="There")
    requests = [make_request(email=f"{n}@visitor.example", center=here) for n in range(3)]
    at_home, abroad, moved = (visit(one, center) for one, center in zip(requests, (here, there, here), strict=True))

    Appointment.objects.filter(pk=moved.pk).update(center=there)

    assert [marked(one.request) for one in (at_home, abroad, moved)] == [False, True, True]


def test_mark_is_set_where_a_request_names_another_center_than_its_appointment() -> None:
    here, there = make_center(name="Here"), make_center(name="There")
    changed, without, same = (make_request(email=f"{n}@visitor.example", center=here) for n in range(3))
    for one in (changed, without, same):
        visit(one, here)

    ConsultationRequest.objects.filter(pk=changed.pk).update(center=there)
    without.center = None
    without.save()
    same.save()

    assert [marked(one) for one in (changed, without, same)] == [True, True, False]


def test_mark_is_not_lost_to_a_row_that_was_read_before() -> None:
    here, there = make_center(name="Here"), make_center(name="There")
    request = make_request(center=here)
    stale = ConsultationRequest.objects.get(pk=request.pk)
    visit(request, there)

    stale.save()

    assert marked(request)
    assert seen(there) == {request.reference}


def test_calls_are_at_no_center() -> None:
    request = make_request(center=make_center())
    make_appointment(request=request)

    assert not marked(request)


def test_a_right_counts_from_the_next_question_on() -> None:
    center = make_center()
    request = make_request(center=center)
    staff = make_staff(places=[])

    before = set(ConsultationRequest.objects.visible_to(staff))
    right = give_place(staff, center)
    with_it = set(ConsultationRequest.objects.visible_to(staff))
    right.delete()

    assert (before, with_it) == (set(), {request})
    assert set(ConsultationRequest.objects.visible_to(staff)) == set()


def test_reach_of_a_superuser_is_everything_and_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    staff = make_staff(places=[], is_superuser=True)

    with django_assert_num_queries(0):
        assert reach_of(staff).is_everything


PLACES: dict[str, Callable[[Center, Center], list[Center | PlaceScope]]] = {
    "one center": lambda here, there: [there],
    "those without one": lambda here, there: [PlaceScope.POOL],
    "both": lambda here, there: [here, PlaceScope.POOL],
    "all centers": lambda here, there: [PlaceScope.ALL],
    "everything": lambda here, there: [PlaceScope.ALL, PlaceScope.POOL],
    "nothing": lambda here, there: [],
}


@pytest.mark.parametrize(("few", "one_by_one"), [(0, 0), (0, 500), (10_000, 500)])
@pytest.mark.parametrize("who", PLACES)
def test_what_hangs_on_requests_is_seen_with_them_however_many_they_are(
    monkeypatch: pytest.MonkeyPatch, who: str, few: int, one_by_one: int
) -> None:
    here, there = make_center(name="Here"), make_center(name="There")
    for number in range(6):
        request = make_request(email=f"{number}@visitor.example", center=[here, there, None][number % 3])
        visit(request, there, [AppointmentStatus.CONFIRMED, AppointmentStatus.CANCELLED][number // 3])
    expected = {
        "one center": [1, 1, 1, 1],
        "those without one": [1, 1],
        "both": [1, 1, 1, 1],
        "all centers": [1, 1, 1, 1, 1],
        "everything": [1, 1, 1, 1, 1, 1],
        "nothing": [],
    }
    reader = make_staff(places=PLACES[who](here, there))
    monkeypatch.setattr(place, "FEW", few)
    monkeypatch.setattr(place, "NAMED_ONE_BY_ONE", one_by_one)

    requests = ConsultationRequest.objects.visible_to(reader)
    seen = Appointment.objects.visible_to(reader)

    assert len(requests) == len(expected[who])
    assert set(seen) == set(seen.to_be_counted(reader)) == set(Appointment.objects.filter(request__in=set(requests)))


def test_few_requests_are_put_together_first_and_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    here = make_center()
    make_request(center=here)
    reader = make_staff(places=[here])
    seen = Activity.objects.visible_to(reader)

    few = str(seen.to_be_counted(reader).query)
    monkeypatch.setattr(place, "FEW", 0)

    assert "UNION ALL" in few
    assert seen.to_be_counted(reader) is seen
