"""Who else a person may be, and why."""

from __future__ import annotations

import pytest

from consultations.models import ConsultationRequest
from consultations.requests import duplicates
from tests import factories

pytestmark = pytest.mark.django_db


def test_likely_says_what_is_shared_and_puts_most_in_common_first() -> None:
    own = factories.make_request(name="Ada Visitor", email="ada@visitor.example", phone="x", phone_e164="+12025550101")
    same_name = factories.make_request(name="ADA visitor", email="else@visitor.example")
    same_all = factories.make_request(
        name="Ada Visitor", email="ADA@visitor.example", phone="x", phone_e164="+12025550101", confirmed=False
    )
    factories.make_request(name="Somebody Else", email="nobody@visitor.example")
    assert own.person

    found = duplicates.likely([own], own.person, seen_by=factories.make_staff())

    assert [(one.requests, one.why, one.are_confirmed) for one in found] == [
        (
            [same_all],
            ["the same number +12025550101", f"the same address {same_all.email}", "the same name Ada Visitor"],
            False,
        ),
        ([same_name], ["the same name ADA visitor"], True),
    ]


def test_same_name_without_its_accents_is_the_same_name() -> None:
    own = factories.make_request(name="Łukasz MÜLLER", email="own@visitor.example")
    same = factories.make_request(name="Lukasz Muller", email="same@visitor.example")
    factories.make_request(name="Lukasz Mull", email="other@visitor.example")
    assert own.person

    found = duplicates.likely([own], own.person, seen_by=factories.make_staff())

    assert [(one.requests, one.why) for one in found] == [([same], ["the same name Lukasz Muller"])]


def test_requests_of_other_centers_are_not_told() -> None:
    center = factories.make_center()
    own = factories.make_request(name="Ada Visitor", email="ada@visitor.example", center=center)
    factories.make_request(name="Ada Visitor", email="leaky@visitor.example", center=factories.make_center())
    assert own.person

    assert duplicates.likely([own], own.person, seen_by=factories.make_staff(places=[center])) == []
    assert len(duplicates.likely([own], own.person, seen_by=factories.make_staff())) == 1


def test_erased_requests_are_like_nobody() -> None:
    own = factories.make_request(name="Ada Visitor", email="ada@visitor.example")
    ConsultationRequest.objects.filter(pk=own.pk).update(erased_at=factories.NOW)
    factories.make_request(name="Ada Visitor", email="other@visitor.example")
    own.refresh_from_db()
    assert own.person

    assert duplicates.likely([own], own.person, seen_by=factories.make_staff()) == []
