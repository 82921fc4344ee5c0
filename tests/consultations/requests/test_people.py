"""Whose request it is."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from consultations.booking import unconfirmed
from consultations.models import ConsultationRequest, Identity, Person
from consultations.requests import people
from consultations.statuses import ActivityKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def match(email: str = "", phone: str = "") -> Person:
    with transaction.atomic():
        return people.match_or_create(email=email, phone_e164=phone, now=NOW)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@visitor.example", "ADA@Visitor.Example"),
        ("ada@visitor.example", "ada+clinic@visitor.example"),
        ("ada.lovelace@gmail.com", "adalovelace@googlemail.com"),
    ],
)
def test_match_or_create_knows_an_address_however_it_is_written(one: str, other: str) -> None:
    assert match(one) == match(other)


def test_match_or_create_knows_the_same_number_by_another_address() -> None:
    first = match("ada@visitor.example", "+12025550143")

    assert match("ada@work.example", "+12025550143") == first
    # What was learned on the way is remembered.
    assert match("ada@work.example") == first


def test_match_or_create_lets_the_address_decide_between_two_people() -> None:
    ada, grace = match("ada@visitor.example"), match("", "+12025550143")

    assert match("ada@visitor.example", "+12025550143") == ada
    assert match("", "+12025550143") == grace


def test_match_or_create_keeps_strangers_apart() -> None:
    assert match("ada@visitor.example") != match("ad.a@visitor.example")
    assert match() != match()


def test_match_or_create_stores_nothing_readable() -> None:
    match("ada@visitor.example", "+12025550143")

    digests = Identity.objects.values_list("digest", flat=True)
    assert [len(digest) for digest in digests] == [64, 64]
    assert not any("ada" in digest or "2025550143" in digest for digest in digests)


def test_match_or_create_knows_people_after_the_secret_key_has_changed(settings: Settings) -> None:
    before = match("ada@visitor.example")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "k" * 50

    assert match("ada@visitor.example") == before
    assert Identity.objects.count() == 1


def test_a_later_request_says_again_and_names_the_earlier_ones() -> None:
    first = factories.make_request(email="ada@visitor.example")
    later = NOW + dt.timedelta(days=1)
    second = factories.make_request(email="Ada+x@visitor.example", now=later, confirmed=False)
    stranger = factories.make_request(email="ada@visitor.example", now=later, confirmed=False)
    assert not people.asked_before(second)
    unconfirmed.confirm_email(second, version=0, now=later)

    again = second.activities.get(kind=ActivityKind.AGAIN)
    staff = factories.make_staff()
    # What is kept names no request: it may be another center's.
    assert again.text == ""
    assert people.other_requests(second, seen_by=staff) == f"Asked before: {first.reference} (16 Nov 2026)."
    assert people.other_requests(first, seen_by=staff) == f"Asked again: {second.reference} (17 Nov 2026)."
    assert second.person == first.person
    assert not stranger.activities.filter(kind=ActivityKind.AGAIN).exists()
    assert not first.activities.filter(kind=ActivityKind.AGAIN).exists()


@pytest.mark.django_db(transaction=True)
def test_many_requests_of_one_person_at_once_are_one_person_and_all_kept() -> None:
    def one(number: int) -> None:
        # Sometimes one comes first and sometimes the other: the locks must not care.
        email, phone = (
            ("ada@visitor.example", "+12025550143") if number % 2 else ("grace@visitor.example", "+12025550143")
        )
        try:
            request = factories.make_request(
                key=f"race-{number}", email=email, phone=phone, phone_e164=phone, confirmed=False
            )
            factories.confirm(request)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(16)))

    assert ConsultationRequest.objects.count() == 16
    assert ConsultationRequest.objects.values("person").distinct().count() == 1
    assert Identity.objects.count() == 3


@given(st.text(max_size=80))
def test_normal_email_never_raises_and_is_stable(text: str) -> None:
    normal = people.normal_email(text)

    assert isinstance(normal, str)
    assert people.normal_email("a+b@x.example") == "a@x.example"


@pytest.mark.parametrize("written", ["ada@example.com\u200b", "\u2060Ada@example.com", "mailto:ada@example.com"])
def test_address_with_signs_that_are_not_seen_is_the_same_mailbox(written: str) -> None:
    assert people.normal_email(written) == "ada@example.com"
