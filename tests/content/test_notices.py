"""Notices by therapy, place and date, at the midnight of each place."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from content import notices
from content.models import Center, Notice, Therapy
from content.notices import Place, Span
from tests.factories import NOW, make_article, make_center, make_clinic, make_country, make_notice, make_therapy

DAY = dt.date(2026, 11, 20)
SECOND = dt.timedelta(seconds=1)
SEATTLE = Place("US", "US-WA", "America/Los_Angeles")
TOKYO = Place("JP", "", "Asia/Tokyo")
OLD, NEW = "What Washington asked for until yesterday.", "What Washington asks for from today."


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def seattle(db: None) -> Center:
    make_clinic(time_zone="UTC")
    return make_center(slug="seattle", region="US-WA", time_zone="America/Los_Angeles")


@pytest.fixture
def tokyo(db: None) -> Center:
    return make_center(slug="tokyo", country=make_country("JP", "Japan"), time_zone="Asia/Tokyo")


@pytest.fixture
def cells(db: None) -> Therapy:
    return make_therapy(slug="cells", regulatory_status="unapproved")


def switch(regions: str, therapy: Therapy) -> None:
    """Write a wording that ends before DAY and one that begins with it."""
    make_notice(regions=regions, text=f"<p>{OLD}</p>", ends_on=DAY - dt.timedelta(days=1)).therapies.add(therapy)
    make_notice(regions=regions, text=f"<p>{NEW}</p>", starts_on=DAY).therapies.add(therapy)


@pytest.mark.parametrize(
    ("place", "midnight"),
    [
        ("seattle", dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)),
        ("tokyo", dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC)),
    ],
)
def test_wording_of_a_kept_page_switches_at_the_midnight_of_the_place(
    client: Client, seattle: Center, tokyo: Center, cells: Therapy, place: str, midnight: dt.datetime
) -> None:
    switch("US-WA, JP", cells)
    path = f"/centers/{place}/"

    with time_machine.travel(midnight - dt.timedelta(hours=3), tick=False) as clock:
        assert (OLD in page(client, path), NEW in page(client, path)) == (True, False)
        clock.move_to(midnight - SECOND)
        assert (OLD in page(client, path), NEW in page(client, path)) == (True, False)
        clock.move_to(midnight)
        assert (OLD in page(client, path), NEW in page(client, path)) == (False, True)


def test_page_of_no_place_shows_a_wording_while_one_of_its_places_does(
    client: Client, seattle: Center, tokyo: Center, cells: Therapy
) -> None:
    switch("US-WA, JP", cells)
    seen = []

    for moment in ("2026-11-19T14:59:59", "2026-11-19T15:00:00", "2026-11-20T07:59:59", "2026-11-20T08:00:00"):
        with time_machine.travel(dt.datetime.fromisoformat(f"{moment}+00:00"), tick=False):
            words = page(client, "/therapies/cells/")
            seen.append((OLD in words, NEW in words))

    assert seen == [(True, False), (True, True), (True, True), (False, True)]


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Los_Angeles", DAY, "2026-11-20T08:00:00+00:00"),
        ("Asia/Kolkata", DAY, "2026-11-19T18:30:00+00:00"),
        # Clocks that jump over midnight: the day begins at the jump.
        ("America/Santiago", dt.date(2026, 9, 6), "2026-09-06T04:00:00+00:00"),
        # Clocks that go back to the day before at midnight: it begins an hour later.
        ("America/Santiago", dt.date(2026, 4, 5), "2026-04-05T04:00:00+00:00"),
    ],
)
def test_a_day_begins_when_the_clocks_of_the_place_show_its_date(zone: str, day: dt.date, begins: str) -> None:
    place = Place("", "", zone)
    moment = place.day_begins(day)

    assert moment == dt.datetime.fromisoformat(begins)
    assert (place.today(moment - SECOND), place.today(moment)) == (day - dt.timedelta(days=1), day)


@given(
    moment=st.integers(0, 730 * 24 * 60).map(lambda minutes: NOW + dt.timedelta(minutes=minutes)),
    first=st.integers(-2, 2),
    length=st.integers(0, 2),
    zones=st.lists(st.sampled_from(["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/Santiago", "Pacific/Niue"])),
)
def test_nothing_changes_before_the_next_change(moment: dt.datetime, first: int, length: int, zones: list[str]) -> None:
    begins = moment.date() + dt.timedelta(days=first)
    notice = Notice(starts_on=begins, ends_on=begins + dt.timedelta(days=length))
    places = [Place("", "", zone) for zone in zones]

    def shown(now: dt.datetime) -> list[bool]:
        return [notice.is_current(place.today(now)) for place in places]

    change = notices.next_change([Span(frozenset(), begins, notice.ends_on)], places, moment)

    last = change - dt.timedelta(microseconds=1) if change else moment + dt.timedelta(days=9)
    assert shown(moment) == shown(last)
    assert change is None or shown(change) != shown(last)


def test_notice_of_another_region_changes_nothing_here() -> None:
    span = Span(frozenset({"US-UT"}), DAY, None)

    assert notices.next_change([span], [SEATTLE, TOKYO], NOW - dt.timedelta(days=30)) is None


def test_place_without_a_wording_shows_the_default(
    client: Client, seattle: Center, tokyo: Center, cells: Therapy
) -> None:
    make_notice(title="Washington", regions="US-WA").therapies.add(cells)
    make_notice(title="Elsewhere", is_default=True)
    make_notice(title="For all")

    assert [notice.title for notice in notices.for_center(seattle, NOW)] == ["For all", "Washington"]
    assert [notice.title for notice in notices.for_center(tokyo, NOW)] == ["Elsewhere", "For all"]
    assert [notice.title for notice in notices.for_center(None, NOW)] == ["Elsewhere", "For all"]


def test_default_stands_in_where_one_therapy_of_two_has_no_wording(seattle: Center, cells: Therapy) -> None:
    make_therapy(regulatory_status="investigational")
    make_notice(title="Washington", regions="US-WA").therapies.add(cells)
    make_notice(title="Elsewhere", is_default=True)

    assert [notice.title for notice in notices.for_center(seattle, NOW)] == ["Elsewhere", "Washington"]


def test_approved_therapies_need_no_wording(seattle: Center) -> None:
    make_therapy(regulatory_status="approved")
    make_notice(is_default=True)

    assert notices.for_center(seattle, NOW) == []


def test_warnings_name_the_place_the_therapies_and_what_is_shown_instead(
    seattle: Center, tokyo: Center, cells: Therapy
) -> None:
    make_notice(title="Washington", regions="US-WA", counsel_confirmed=True).therapies.add(cells)
    make_notice(title="France", regions="FR")
    without = notices.warnings(NOW)
    make_notice(title="Elsewhere", is_default=True)

    gap = f"Japan (JP): no notice names this place for {cells.short_name}; %s. Centers: {tokyo}."
    idle = "“France” names FR, where there is no center: nobody is shown it."
    assert without == [gap % "there is no default notice either", idle]
    assert sorted(notices.warnings(NOW)) == sorted(
        [gap % "the default notice is shown", idle, "“Elsewhere”: have counsel confirm the wording."]
    )


def test_places_and_notices_that_lack_the_same_are_one_sentence_each(cells: Therapy) -> None:
    for region in ("US-AK", "US-AL", "US-AZ", "US-CA", "US-CO"):
        make_center(region=region)
    for title in ("One", "Two", "Three", "Four"):
        make_notice(title=title, is_default=True)

    assert notices.warnings(NOW) == [
        f"5 places: no notice names them for {cells.short_name}; the default notice is shown. "
        "United States (US-AK), United States (US-AL), United States (US-AZ) and 2 more.",
        "“Four”, “One”, “Three” and 1 more: have counsel confirm the wording.",
    ]


def test_notices_page_says_each_wording_with_its_centers(client: Client, seattle: Center, cells: Therapy) -> None:
    make_center(name="Fern Boise", region="US-ID")
    make_notice(slug="wa", text="<p>Asked for in Washington.</p>", regions="US-WA").therapies.add(cells)
    make_notice(text="<p>Only in France.</p>", regions="FR")

    words = page(client, "/notices/")

    assert f"Asked for in Washington. Shown at 1 center : {Notice.objects.get(slug='wa')} {seattle.name} " in words
    assert "Only in France." not in words


def test_article_leads_to_the_notices(client: Client, seattle: Center) -> None:
    assert 'href="/notices/"' in client.get(make_article().get_absolute_url()).content.decode()


@pytest.mark.parametrize("regions", ["Washington", "US-", "us-wa", "US; CA", "US,", "XX"])
def test_regions_that_are_no_codes_are_refused(db: None, regions: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_notice(regions=regions).full_clean()

    assert list(refusal.value.message_dict) == ["regions"]


@pytest.mark.parametrize("region", ["WA", "GB-SCT", "Washington"])
def test_center_in_a_region_of_another_country_is_refused(db: None, region: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_center(region=region[:6]).clean()

    assert list(refusal.value.message_dict) == ["region"]
