"""Whose clock it is: which names are offered, which are understood, and how they are said."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from consultations.clocks import wording


def offered() -> dict[str, str]:
    return {name: label for _, names in wording.choices() for name, label, _ in names}


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Australia/LHI", "Australia/Lord_Howe"),
        ("America/Knox_IN", "America/Indiana/Knox"),
        ("America/Argentina/ComodRivadavia", "America/Argentina/Catamarca"),
    ],
)
def test_other_name_is_understood_and_not_offered(other: str, name: str) -> None:
    assert wording.zone_named(other) == zoneinfo.ZoneInfo(name)
    assert (other in offered(), name in offered()) == (False, True)


def test_place_that_shares_its_clock_keeps_its_name() -> None:
    assert wording.zone_named("Europe/Stockholm") == zoneinfo.ZoneInfo("Europe/Stockholm")
    assert offered()["Europe/Stockholm"] == "Stockholm"


@pytest.mark.parametrize("name", ["", "Etc/GMT+5", "Mars/Olympus", "../../etc/passwd"])
def test_name_that_is_no_place_is_not_understood(name: str) -> None:
    assert wording.zone_named(name) is None


def test_every_zone_on_offer_can_be_read() -> None:
    assert [name for name in offered() if zoneinfo.ZoneInfo(name).key != name] == []


@pytest.mark.parametrize(("name", "words"), [("Europe/London", "London time"), ("UTC", "UTC")])
def test_clock_is_named_by_its_place(name: str, words: str) -> None:
    assert wording.clock_name(zoneinfo.ZoneInfo(name)) == words


def test_instants_for_staff_name_their_clock() -> None:
    assert wording.utc(dt.datetime(2027, 3, 3, 14, 30, tzinfo=dt.UTC)) == "Wed 3 Mar 2027, 14:30 UTC"
