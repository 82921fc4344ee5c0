"""Saved views: a name for filters, one's own or shared with colleagues of the same places."""

from __future__ import annotations

import pytest

from consultations.exceptions import NotAllowed
from consultations.models import SavedView
from consultations.requests import saved_views
from tests import factories
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("due=overdue&center=3", "center=3&due=overdue"),
        ("p=7&all=&due=mine", "due=mine"),
        ("language=pt%20BR&therapies=", "language=pt+BR"),
        # A search names a person.
        ("q=Ada%20L&due=mine", "due=mine"),
        ("q=ada@visitor.example", ""),
        ("", ""),
        ("p=7", ""),
        ("%00=%00&\x00", ""),
        # So does a column that no filter of the list offers.
        ("name__startswith=Ada&email=ada@visitor.example&due=mine", "due=mine"),
        ("assignee__password__startswith=x&next=//elsewhere.example", ""),
    ],
)
def test_filters_have_one_spelling_and_no_page(query: str, kept: str) -> None:
    assert saved_views.filters_of(query) == kept


def test_same_name_saved_again_takes_the_place_of_the_first() -> None:
    rosa = make_staff("Triage")
    saved_views.keep(name="Overdue", query="due=overdue", shared=False, by=rosa)

    saved_views.keep(name=" Overdue ", query="due=overdue&center=3", shared=True, by=rosa)

    assert list(SavedView.objects.values_list("name", "query", "shared")) == [("Overdue", "center=3&due=overdue", True)]


@pytest.mark.parametrize(
    ("name", "query"),
    [(" ", "due=mine"), ("Mine", ""), ("Mine", "p=3"), ("Mine", "q=Ada"), ("Mine", "source=" + "x" * 600)],
)
def test_view_without_name_or_filters_or_too_long_is_refused(name: str, query: str) -> None:
    with pytest.raises(NotAllowed):
        saved_views.keep(name=name, query=query, shared=False, by=make_staff("Triage"))

    assert not SavedView.objects.exists()


def test_view_takes_the_place_of_one_of_its_name_where_there_are_as_many_as_may_be() -> None:
    rosa = make_staff("Triage")
    SavedView.objects.bulk_create(SavedView(owner=rosa, name=str(n), query="due=mine") for n in range(saved_views.MOST))

    saved_views.keep(name="7", query="due=overdue", shared=False, by=rosa)

    assert SavedView.objects.get(name="7").query == "due=overdue"


def test_views_are_limited_in_number() -> None:
    rosa = make_staff("Triage")
    SavedView.objects.bulk_create(SavedView(owner=rosa, name=str(n), query="due=mine") for n in range(saved_views.MOST))

    with pytest.raises(NotAllowed):
        saved_views.keep(name="One more", query="due=mine", shared=False, by=rosa)


def test_views_are_seen_by_their_owner_and_shared_ones_at_the_same_places() -> None:
    here, there = factories.make_center(), factories.make_center()
    rosa, ben, far = (make_staff("Triage", places=[place]) for place in (here, here, there))
    for name, shared in (("own", False), ("shared", True)):
        saved_views.keep(name=name, query="due=mine", shared=shared, by=rosa)

    seen = [{view.name for view in SavedView.objects.visible_to(who)} for who in (rosa, ben, far)]

    assert seen == [{"own", "shared"}, {"shared"}, set()]
