"""What the forms of the clinic's profile refuse."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.factories import make_clinic


@pytest.mark.parametrize("written", ["Mo 25:00-26:00", "always", "Mo 9-17", "Mo 17:00-04:59 05:00-03:00"])
def test_business_hours_that_cannot_be_read_are_refused_at_their_field(db: None, written: str) -> None:
    clinic = make_clinic()
    clinic.hours = written

    with pytest.raises(ValidationError, match="These hours cannot be read: ") as refusal:
        clinic.full_clean()

    assert list(refusal.value.message_dict) == ["hours"]


@pytest.mark.parametrize("written", ["Mo-Fr 09:00-18:00", "Mo-Su 00:00-24:00", "Fr 22:00-01:30; Sa 09:00-12:00"])
def test_business_hours_until_midnight_and_past_it_are_taken(db: None, written: str) -> None:
    clinic = make_clinic(hours=written)

    clinic.full_clean()

    assert clinic.hours == written
