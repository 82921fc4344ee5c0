"""Two people merged by many at the same moment, in both directions, while one of them asks again; real threads."""

from __future__ import annotations

import pytest

from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest, Person, PersonMerge
from consultations.requests import merging
from tests import factories
from tests.concurrency.racing import race
from tests.factories import NOW

TIMES = 6

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_merged_in_both_directions_at_once_become_one() -> None:
    staff = [factories.make_staff() for _ in range(TIMES)]
    requests = [factories.make_request(email=f"{name}@visitor.example") for name in ("ada", "work")]
    people = [Person.objects.get(requests=one) for one in requests]
    marks = [merging.mark_of(*pair, seen_by=staff[0]) for pair in (people, people[::-1])]

    def press(number: int) -> bool:
        kept, merged = people if number % 2 == 0 else people[::-1]
        return merging.merge(kept, merged, reason="x", seen=marks[number % 2], by=staff[number], now=NOW)

    outcome = race(TIMES, press)

    entry = PersonMerge.objects.get()
    assert outcome.returned.count(True) == 1
    assert all(isinstance(error, ConsultationError) for error in outcome.raised)
    assert set(ConsultationRequest.objects.values_list("person", flat=True)) == {entry.kept_id}


def test_whoever_asks_again_while_they_are_merged_is_found_with_who_was_kept() -> None:
    staff = factories.make_staff()
    requests = [factories.make_request(email=f"{name}@visitor.example") for name in ("ada", "work")]
    fresh = [factories.make_request(email="work@visitor.example", confirmed=False) for _ in range(TIMES - 1)]
    kept, merged = (Person.objects.get(requests=one) for one in requests)
    seen = merging.mark_of(kept, merged, seen_by=staff)

    def work(number: int) -> None:
        if number:
            factories.confirm(fresh[number - 1])
        else:
            merging.merge(kept, merged, reason="x", seen=seen, by=staff, now=NOW)

    outcome = race(TIMES, work)

    # The merge itself is refused where a request came before it.
    assert all(isinstance(error, ConsultationError) for error in outcome.raised)
    found = set(ConsultationRequest.objects.filter(email="work@visitor.example").values_list("person", flat=True))
    assert found == {kept.pk if PersonMerge.objects.exists() else merged.pk}
