"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.intake import phones

# As people write them, with the country they are in.
REAL = (
    ("+1 202 555 0143", "", "+12025550143"),
    ("+1-202-555-0143", "", "+12025550143"),
    ("001 202 555 0143", "US", "+12025550143"),
    ("00 1 (202) 555-0143", "", "+12025550143"),
    ("011 44 20 7946 0018", "US", "+442079460018"),
    ("(202) 555-0143", "US", "+12025550143"),
    ("202.555.0143", "US", "+12025550143"),
    ("1 202 555 0143", "US", "+12025550143"),
    ("1-800-FLOWERS", "US", "+18003569377"),
    ("+44 20 7946 0018", "", "+442079460018"),
    ("+44 (0)20 7946 0018", "", "+442079460018"),
    ("020 7946 0018", "GB", "+442079460018"),
    ("07911 123456", "GB", "+447911123456"),
    ("+61 412 345 678", "", "+61412345678"),
    ("0412 345 678", "AU", "+61412345678"),
    ("0011 1 202 555 0143", "AU", "+12025550143"),
    ("+61 4 1234 5678 ext. 5", "", "+61412345678"),
    ("0171 1234567", "DE", "+491711234567"),
    ("+49 (0) 171 / 123 45 67", "", "+491711234567"),
    ("030/901820", "DE", "+4930901820"),
    ("+39 06 698 12345", "", "+390669812345"),
    ("06 12 34 56 78", "FR", "+33612345678"),
    ("+33.6.12.34.56.78", "", "+33612345678"),
    ("+91 98765 43210", "", "+919876543210"),
    ("098765 43210", "IN", "+919876543210"),
    ("+86 138 0013 8000", "", "+8613800138000"),
    ("０８０-１２３４-５６７８", "JP", "+818012345678"),
    ("٠٢٠٧٩٤٦٠٠١٨", "GB", "+442079460018"),
    ("+55 (11) 98765-4321", "", "+5511987654321"),
    ("+971 50 123 4567", "", "+971501234567"),
    ("tel:+1-202-555-0143", "", "+12025550143"),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "region", "e164"), REAL)
def test_read_knows_a_real_number_however_it_is_written(typed: str, region: str, e164: str) -> None:
    assert phones.read(typed, [region]) == phones.Phone(e164, usual=True)


def test_read_takes_the_first_country_in_which_a_local_number_exists() -> None:
    assert phones.read("0171 1234567", ["US", "DE"]).e164 == "+491711234567"


def test_read_keeps_a_strange_number_whose_country_was_named() -> None:
    assert phones.read("+1 555 123 4567") == phones.Phone("+15551234567", usual=False)


@pytest.mark.parametrize("typed", ["12", "call me", "", "+", "+999 123456", "00", "1" * 60, "ext. 5"])
def test_read_does_not_guess_at_what_it_cannot_read(typed: str) -> None:
    found = phones.read(typed, ["US"])

    assert not found.usual


def test_read_does_not_normalise_a_strange_local_number() -> None:
    assert phones.read("(555) 123-4567", ["US"]).e164 == ""


@given(st.text(max_size=80), st.sampled_from(["", "US", "DE", "XX", "🙂", None]))
def test_read_never_raises_and_gives_e164_or_nothing(typed: str, region: str | None) -> None:
    found = phones.read(typed, [region])

    assert found.e164 == "" or (found.e164[0] == "+" and found.e164[1:].isdigit() and len(found.e164) <= 20)


def test_region_of_names_the_country_of_a_number() -> None:
    assert [phones.region_of(number) for number in ("+12025550143", "+442079460018", "nonsense")] == ["US", "GB", ""]
