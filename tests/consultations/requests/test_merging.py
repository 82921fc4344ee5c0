"""Merging two people, doing it again, undoing it, and what stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from consultations.exceptions import ChangedMeanwhile, NotAllowed, ReasonMissing
from consultations.models import Activity, ConsultationRequest, Person, PersonMerge
from consultations.privacy import retention
from consultations.requests import merging
from consultations.statuses import ActivityKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

type Two = tuple[ConsultationRequest, ConsultationRequest]


@pytest.fixture
def two() -> Two:
    """Requests of two people."""
    one = factories.make_request(email="ada@visitor.example", phone="202 555 0101", phone_e164="+12025550101")
    return one, factories.make_request(email="ada@work.example", phone="202 555 0102", phone_e164="+12025550102")


@pytest.fixture
def staff() -> User:
    return factories.make_staff()


def person_of(request: ConsultationRequest) -> Person:
    request.refresh_from_db()
    assert request.person is not None
    return request.person


def merge(two: Two, by: User, **kwargs: Any) -> bool:
    kept, merged = (person_of(one) for one in two)
    seen = merging.mark_of(kept, merged, seen_by=by)
    said: dict[str, Any] = {"reason": "Ada said so", "seen": seen, "by": by, "now": NOW}
    return merging.merge(kept, merged, **said | kwargs)


def test_merge_moves_requests_and_what_the_person_is_known_by(two: Two, staff: User) -> None:
    kept, merged = (person_of(one) for one in two)

    assert merge(two, staff)

    assert [person_of(one) for one in two] == [kept, kept]
    assert merging.current(merged.pk) == kept.pk
    assert person_of(factories.make_request(email="ada@work.example")) == kept
    told = Activity.objects.filter(kind=ActivityKind.MERGED).order_by("request_id")
    assert [(one.request, one.by, one.text) for one in told] == [(one, staff, "") for one in two]


def test_merging_again_writes_nothing(two: Two, staff: User) -> None:
    kept, merged = (person_of(one) for one in two)
    merge(two, staff)

    again = merging.merge(kept, merged, reason="Once more", seen="whatever", by=staff, now=NOW)

    assert (again, PersonMerge.objects.count(), Activity.objects.filter(kind=ActivityKind.MERGED).count()) == (
        False,
        1,
        2,
    )


def test_undo_gives_everything_back_and_what_came_since(two: Two, staff: User) -> None:
    kept, merged = (person_of(one) for one in two)
    merge(two, staff)
    theirs = factories.make_request(email="ada@work.example")
    ours = factories.make_request(email="ada@visitor.example")

    done = [merging.undo(PersonMerge.objects.get(), by=staff, now=NOW) for _ in range(2)]

    assert done == [True, False]
    assert [person_of(one) for one in (*two, theirs, ours)] == [kept, merged, merged, kept]
    assert merging.current(merged.pk) == merged.pk
    assert person_of(factories.make_request(email="ada@work.example")) == merged


def test_undo_is_over_once_one_is_erased(two: Two, staff: User) -> None:
    merge(two, staff)
    retention.erase(two[1], by=staff, now=NOW)

    with pytest.raises(NotAllowed, match="erased"):
        merging.undo(PersonMerge.objects.get(), by=staff, now=NOW)

    entry = PersonMerge.objects.get()
    assert (entry.undone_at, entry.final_at, entry.reason, list(entry.requests.all())) == (None, NOW, "", [])


def test_undo_goes_from_the_last_to_the_first(two: Two, staff: User) -> None:
    third = factories.make_request(email="third@visitor.example")
    merge(two, staff)
    first = PersonMerge.objects.get()
    merge((third, two[0]), staff)

    with pytest.raises(NotAllowed, match="undo that first"):
        merging.undo(first, by=staff, now=NOW)
    merging.undo(PersonMerge.objects.exclude(pk=first.pk).get(), by=staff, now=NOW)
    merging.undo(first, by=staff, now=NOW)

    assert len({person_of(one) for one in (*two, third)}) == 3


def test_requests_that_came_meanwhile_are_not_merged_unseen(two: Two, staff: User) -> None:
    seen = merging.mark_of(*(person_of(one) for one in two), seen_by=staff)
    factories.make_request(email="ada@work.example")

    with pytest.raises(ChangedMeanwhile):
        merge(two, staff, seen=seen)

    assert PersonMerge.objects.count() == 0


def test_the_other_direction_is_another_mark(two: Two, staff: User) -> None:
    kept, merged = (person_of(one) for one in two)

    with pytest.raises(ChangedMeanwhile):
        merge(two, staff, seen=merging.mark_of(merged, kept, seen_by=staff))


def test_what_nobody_confirmed_is_not_merged(two: Two, staff: User) -> None:
    stranger = factories.make_request(email="ada@visitor.example", confirmed=False)

    with pytest.raises(NotAllowed, match="on the phone"):
        merge((two[0], stranger), staff)

    assert person_of(stranger) != person_of(two[0])


def test_somebody_of_one_center_does_not_merge_what_they_cannot_see(two: Two) -> None:
    center = factories.make_center()
    ConsultationRequest.objects.update(center=center)
    factories.make_request(email="ada@work.example", center=factories.make_center())
    by = factories.make_staff(places=[center])

    with pytest.raises(NotAllowed, match="every request"):
        merge(two, by)

    assert person_of(two[0]) != person_of(two[1])


def test_a_reason_is_asked_for(two: Two, staff: User) -> None:
    with pytest.raises(ReasonMissing):
        merge(two, staff, reason=" ")


def test_a_person_is_not_merged_with_themselves(two: Two, staff: User) -> None:
    with pytest.raises(NotAllowed):
        merge((two[0], two[0]), staff)


def test_somebody_who_was_merged_is_merged_with_nobody_else(two: Two, staff: User) -> None:
    third = person_of(factories.make_request(email="third@visitor.example"))
    merged = person_of(two[1])
    merge(two, staff)

    with pytest.raises(ChangedMeanwhile):
        merging.merge(third, merged, reason="x", seen="x", by=staff, now=NOW)
