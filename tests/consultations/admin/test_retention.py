"""Managers of every center set how long requests are kept; others read it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from consultations.groups import MANAGERS, TRIAGE
from consultations.models import ConsultationRequest, RetentionRule
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


def test_dry_run_says_what_would_go_of_each_status_to_who_has_every_center(client: Client) -> None:
    old = NOW - dt.timedelta(days=800)
    due, held = (factories.make_request(now=old, email=f"{n}@visitor.example") for n in range(2))
    ConsultationRequest.objects.filter(pk=held.pk).update(legal_hold=True)
    page = reverse("admin:consultations_retentionrule_dry_run")
    answers = []
    for place in (PlaceScope.ALL, factories.make_center()):
        client.force_login(factories.make_staff(MANAGERS, places=[place]))
        answers.append(client.get(page))

    plans = {one.status: (one.days, one.due, one.held) for one in answers[0].context["plans"]}
    assert [answer.status_code for answer in answers] == [200, 403]
    assert (plans[Status.NEW], plans[Status.LOST]) == ((730, 2, 1), (730, 0, 0))
    assert ConsultationRequest.objects.filter(erased_at=None).count() == 2
    assert due.reference not in answers[0].content.decode()


def test_list_leads_who_has_every_center_to_the_dry_run(client: Client) -> None:
    page = reverse("admin:consultations_retentionrule_dry_run")
    led = []
    for place in (PlaceScope.ALL, factories.make_center()):
        client.force_login(factories.make_staff(MANAGERS, places=[place]))
        led.append(page in client.get(reverse(LIST)).content.decode())

    assert led == [True, False]
