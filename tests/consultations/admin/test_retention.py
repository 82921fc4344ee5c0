"""Managers of every center set how long requests are kept; others read it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from consultations.groups import MANAGERS, TRIAGE
from consultations.models import RetentionRule
from consultations.requests import moving
from consultations.statuses import PlaceScope, Status
from content.models import Center
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

LIST = "admin:consultations_retentionrule_changelist"


def change(
    client: Client, days: str, place: Center | PlaceScope, group: str = MANAGERS
) -> tuple[int, int | None, list[str]]:
    """Set the days of closed requests; return status, what is kept then, and what the page says."""
    rule = RetentionRule.objects.get(status=Status.LOST)
    client.force_login(factories.make_staff(group, places=[place]))
    response = client.post(
        reverse("admin:consultations_retentionrule_change", args=[rule.pk]), {"days": days}, follow=True
    )
    rule.refresh_from_db()
    told = response.context["messages"] if response.context else []
    return response.status_code, rule.days, [str(one) for one in told]


def test_manager_of_every_center_changes_the_days_and_reads_what_would_go(client: Client) -> None:
    request = factories.make_request(now=NOW - dt.timedelta(days=60))
    moving.move(
        request, to=Status.LOST, by=factories.make_staff(), seen=Status.NEW, now=NOW - dt.timedelta(days=50), reason="x"
    )

    status, days, told = change(client, "40", PlaceScope.ALL)

    assert (status, days) == (200, 40)
    assert told[0] == "Requests of this status that the next daily purge erases, but for those on legal hold: 1."
    assert change(client, "", PlaceScope.ALL)[1] is None


def test_days_that_make_no_sense_are_refused(client: Client) -> None:
    assert [change(client, days, PlaceScope.ALL)[1] for days in ("6", "3661", "x", "-1")] == [730] * 4


@pytest.mark.parametrize("group", [MANAGERS, TRIAGE])
def test_one_center_does_not_decide_for_all(client: Client, group: str) -> None:
    assert change(client, "40", factories.make_center(), group)[:2] == (403, 730)


def test_list_says_how_long_each_status_is_kept(client: Client) -> None:
    client.force_login(factories.make_staff(MANAGERS))

    html = client.get(reverse(LIST)).content.decode()

    assert [html.count(words) for words in ("730 days", "90 days", "never by itself")] == [6, 1, 0]
