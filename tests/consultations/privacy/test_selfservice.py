"""What visitors may do with their request, past the forms of the private page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consultations.exceptions import Erased, NotAllowed, ReasonMissing, TooMany
from consultations.privacy import retention, selfservice
from tests.factories import NOW, make_request, make_staff

LATER = NOW + dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


def test_note_verb_refuses_emptiness_and_floods() -> None:
    request = make_request()

    with pytest.raises(ReasonMissing):
        selfservice.add_note(request, text=" ", now=LATER)
    for n in range(selfservice.MOST_NOTES):
        selfservice.add_note(request, text=f"Note {n}", now=LATER)
    with pytest.raises(TooMany):
        selfservice.add_note(request, text="One more", now=LATER)


def test_last_address_cannot_be_dropped_by_the_verb_either() -> None:
    with pytest.raises(NotAllowed):
        selfservice.correct_contact(make_request(), selfservice.Correction(drop_email=True), now=LATER)


@pytest.mark.parametrize(
    "verb",
    [
        lambda one: selfservice.add_note(one, text="x", now=LATER),
        lambda one: selfservice.correct_contact(one, selfservice.Correction(name="x"), now=LATER),
        lambda one: selfservice.ask_for_erasure(one, now=LATER),
        lambda one: selfservice.revoke_link(one, by=make_staff(), now=LATER),
    ],
    ids=["note", "contact", "erasure", "revoke"],
)
def test_verbs_write_nothing_into_an_erased_request(verb: Any) -> None:
    request = make_request()
    retention.erase(request, by=None, now=NOW)
    before = [activity.kind for activity in request.activities.all()]

    with pytest.raises(Erased):
        verb(request)

    assert [activity.kind for activity in request.activities.all()] == before
