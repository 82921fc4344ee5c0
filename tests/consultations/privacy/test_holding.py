"""Legal hold: put on and lifted by managers, with a reason, and written down."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from consultations.exceptions import Erased, OnLegalHold, ReasonMissing
from consultations.groups import MANAGERS, TRIAGE
from consultations.models import Activity
from consultations.privacy import holding, retention
from consultations.statuses import ActivityKind
from tests import factories
from tests.desk import address, login
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_request_on_hold_is_not_erased_until_it_is_lifted() -> None:
    staff, request = factories.make_staff(), factories.make_request()

    done = [holding.put_on_hold(request, held=True, reason="A court asks", by=staff, now=NOW) for _ in range(2)]
    with pytest.raises(OnLegalHold):
        retention.erase(request, by=staff, now=NOW)
    holding.put_on_hold(request, held=False, reason="It is over", by=staff, now=NOW)

    told = Activity.objects.filter(kind=ActivityKind.LEGAL_HOLD)
    assert (done, [one.text for one in told]) == (
        [True, False],
        ["Put on hold: A court asks", "Hold lifted: It is over"],
    )
    assert retention.erase(request, by=staff, now=NOW)
    with pytest.raises(Erased):
        holding.put_on_hold(request, held=True, reason="Too late", by=staff, now=NOW)


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(ReasonMissing):
        holding.put_on_hold(factories.make_request(), held=True, reason=" ", by=factories.make_staff(), now=NOW)


def test_the_button_is_for_managers(client: Client) -> None:
    factories.make_clinic()
    request = factories.make_request()
    sent = {"held": "yes", "reason": "A court asks"}
    login(client, TRIAGE)
    refused = client.post(address(request, "hold"), sent)
    login(client, MANAGERS)
    bad = client.post(address(request, "hold"), sent | {"held": "perhaps"})

    done = client.post(address(request, "hold"), sent)

    request.refresh_from_db()
    assert [one.status_code for one in (refused, bad, done)] == [
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.FOUND,
    ]
    assert request.legal_hold
