"""How soon visitors were answered, as public pages say it: never better than it was, and nothing where that says little."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from consultations.models import ConsultationRequest
from consultations.reports import answer_times
from consultations.statuses import Status
from content import versions
from content.models import AnswerTimes, Center, OpeningPeriod
from tests.concurrency.racing import race
from tests.factories import NOW, make_center, make_clinic, make_request, number
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# NOW is a Monday at seven; visitors asked on the Monday before, as the center opened.
ASKED, TODAY = NOW - 7 * DAY + 2 * HOUR, NOW.date()
SENTENCE = (
    "Half of the requests here were answered within 3 working hours, nine of ten within 7 working hours (last 90 days)."
)


@pytest.fixture(autouse=True)
def _present(time_machine: Any) -> None:
    """Let it be NOW, as pages read the clock."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def center() -> Center:
    """A center that is open from nine to five, where an answer is promised within eight business hours."""
    make_clinic()
    return make_center()


def answer(center: Center | None, *hours: float, **kwargs: Any) -> None:
    """Write a request for each length, answered so many hours after it came in; 0 is not answered."""
    rows = []
    for length in hours:
        fields: dict[str, Any] = {"received_at": ASKED, "respond_by": ASKED + 8 * HOUR, "next_at": ASKED}
        fields |= {"status": Status.REACHED, "first_contact_at": ASKED + length * HOUR} if length else {}
        one = f"{number()}"
        rows.append(
            ConsultationRequest(center=center, key=one, name="Ada", email="a@visitor.example", **fields | kwargs)
        )
    ConsultationRequest.objects.bulk_create(rows)


def said(center: Center | None) -> str:
    """Return what is said once it was counted."""
    answer_times.count(now=NOW)
    return AnswerTimes.objects.said(center, promised=8, today=TODAY)


def test_known_answers_give_exactly_this_sentence(center: Center) -> None:
    answer(center, *[1] * 5, *[2.2] * 6, *[6.1] * 8, 50)

    assert said(center) == SENTENCE
    assert said(None) == SENTENCE.replace("the requests here", "all requests")


def test_times_are_rounded_up_and_an_answer_out_of_hours_took_at_least_one(center: Center) -> None:
    answer(center, *[1 + 1 / 3600] * 20)
    elsewhere = make_center(time_zone="Asia/Tokyo")
    answer(elsewhere, *[0.1] * 20)

    answer_times.count(now=NOW)

    words = [AnswerTimes.objects.said(place, promised=8, today=TODAY)[:70] for place in (center, elsewhere)]
    assert words == [
        "Half of the requests here were answered within 2 working hours, nine o",
        "Half of the requests here were answered within 1 working hour, nine of",
    ]


def test_nights_and_weekends_do_not_count(center: Center) -> None:
    answer(center, *[24 + 1] * 20)

    assert said(center) == ""
    assert AnswerTimes.objects.said(center, promised=9, today=TODAY).startswith(
        "Half of the requests here were answered within 9 working hours"
    )


@pytest.mark.parametrize(("answers", "speaks"), [(19, False), (20, True)])
def test_few_answers_say_nothing(center: Center, answers: int, *, speaks: bool) -> None:
    answer(center, *[1] * answers)

    assert (said(center) != "") is speaks


def test_who_got_no_answer_makes_it_worse_until_nothing_is_said(center: Center) -> None:
    answer(center, *[1] * 27, *[0] * 3)
    before = said(center)
    answer(center, 0)

    answer_times.count(now=NOW + answer_times.EVERY)

    assert (before != "", AnswerTimes.objects.said(center, promised=200, today=TODAY)) == (True, "")


@pytest.mark.parametrize(
    "left_out",
    [
        {"status": Status.SPAM},
        {"status": Status.BOOKED},
        {"status": Status.LOST, "erased_at": NOW},
        {"respond_by": NOW + HOUR},
        {"received_at": NOW - 91 * DAY},
    ],
    ids=lambda fields: next(iter(fields)) + str(next(iter(fields.values()))),
)
def test_requests_that_say_nothing_of_answers_are_left_out(center: Center, left_out: dict[str, Any]) -> None:
    answer(center, *[1] * 20)
    answer(center, *[0] * 20, **left_out)

    assert said(center) != ""


def test_quick_answers_count_only_once_all_of_their_time_are_decided(center: Center) -> None:
    answer(center, *[1] * 20, respond_by=NOW + HOUR)

    assert said(center) == ""


def test_requests_that_were_put_off_are_not_left_out_meanwhile(center: Center) -> None:
    answer(center, *[1] * 20)
    answer(center, *[0] * 20, respond_by=NOW + DAY, clock_from=NOW + HOUR)

    assert said(center) == ""


def test_closed_without_an_answer_is_no_answer(center: Center) -> None:
    answer(center, *[1] * 20)
    answer(center, *[0] * 20, status=Status.LOST)

    assert said(center) == ""


def test_hours_that_are_changed_later_make_nothing_look_quicker(center: Center) -> None:
    answer(center, *[7] * 20)
    answer_times.measure(now=NOW)
    OpeningPeriod.objects.filter(center=center).update(opens=dt.time(15))

    assert said(center).startswith("Half of the requests here were answered within 7 working hours")


def test_worse_than_promised_and_stale_say_nothing(center: Center) -> None:
    answer(center, *[7] * 20)
    answer_times.count(now=NOW)

    words = [
        AnswerTimes.objects.said(center, promised=promised, today=TODAY + days * DAY) != ""
        for promised, days in ((7, 0), (6, 0), (7, 1), (7, 2))
    ]

    assert words == [True, False, True, False]


def test_pages_say_it_and_are_drawn_anew_only_when_it_changes(client: Client, center: Center) -> None:
    answer(center, *[2.2] * 15, *[6.1] * 5)
    path = center.get_absolute_url()
    before = client.get(path).content.decode().count(SENTENCE)
    answer_times.count(now=NOW)
    version = versions.current()

    waiting = make_request(center=center, now=NOW)
    pages = [path, f"/consultation/?center={center.slug}", waiting.get_private_url()]
    shown = [client.get(page).content.decode().count(SENTENCE) for page in pages]
    for_all = client.get("/consultation/").content.decode().count("Half of all requests were answered within 3")
    answer_times.count(now=NOW + answer_times.EVERY)

    assert (before, shown, for_all) == (0, [1, 1, 1], 1)
    assert versions.current() == version
    answer(center, *[7.5] * 20)
    answer_times.count(now=NOW + 2 * answer_times.EVERY)
    assert versions.current() > version
    assert client.get(path).content.decode().count("within 8 working hours (last 90 days)") == 1


def test_counting_takes_as_many_queries_for_many_requests(
    center: Center, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(center, *[1] * 3)
    answer_times.count(now=NOW)
    answer(center, *[1] * 9)
    answer_times.measure(now=NOW)

    with django_assert_num_queries(9):
        answer_times.count(now=NOW + answer_times.EVERY)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_counts(center: Center) -> None:
    answer(center, *[1] * 2)

    outcome = race(6, lambda _: answer_times.count(now=NOW))

    assert (sorted(outcome.returned), outcome.raised) == ([False] * 5 + [True], [])
    assert AnswerTimes.objects.count() == 2


def test_database_keeps_one_row_for_each_place_with_numbers_in_order(center: Center) -> None:
    fields = {"answers": 20, "median_hours": 2, "p90_hours": 3, "counted_on": TODAY}
    AnswerTimes.objects.create(center=center, **fields)
    AnswerTimes.objects.create(**fields)
    with refused_by("content_answertimes_once"):
        AnswerTimes.objects.create(**fields)
    with refused_by("content_answertimes_in_order"):
        AnswerTimes.objects.create(center=make_center(), **fields | {"p90_hours": 1})
