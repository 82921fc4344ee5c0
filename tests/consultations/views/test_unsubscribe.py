"""Unsubscribing from a mail program, without a cookie and with one click."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from consultations.models import Activity, Consent, ConsultationRequest
from consultations.privacy import retention
from consultations.statuses import ActivityKind, ConsentPurpose
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def request_() -> ConsultationRequest:
    return factories.make_request(agreed={ConsentPurpose.CALLS, ConsentPurpose.NEWSLETTER})


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def standing() -> set[str]:
    return set(Consent.objects.filter(withdrawn_at=None).values_list("text__purpose", flat=True))


def address_of(request: ConsultationRequest) -> str:
    return f"{request.get_private_url()}unsubscribe/"


def test_one_click_takes_the_newsletter_back_and_nothing_else(browser: Client, request_: ConsultationRequest) -> None:
    response = browser.post(address_of(request_), ONE_CLICK)

    assert response.status_code == HTTPStatus.OK
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert standing() == {ConsentPurpose.CALLS}


def test_every_request_of_the_same_person_is_unsubscribed(browser: Client, request_: ConsultationRequest) -> None:
    factories.make_request(agreed={ConsentPurpose.NEWSLETTER})
    factories.make_request(email="other@visitor.example", agreed={ConsentPurpose.NEWSLETTER})

    browser.post(address_of(request_), ONE_CLICK)

    left = Consent.objects.filter(withdrawn_at=None, text__purpose=ConsentPurpose.NEWSLETTER)
    assert [consent.request.email for consent in left] == ["other@visitor.example"]


def test_a_second_click_changes_nothing(browser: Client, request_: ConsultationRequest) -> None:
    browser.post(address_of(request_), ONE_CLICK)

    assert browser.post(address_of(request_), ONE_CLICK).status_code == HTTPStatus.OK
    assert Activity.objects.filter(kind=ActivityKind.CONSENT).count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(browser: Client, request_: ConsultationRequest, method: str) -> None:
    response = getattr(browser, method)(address_of(request_))

    assert response.status_code == HTTPStatus.FOUND
    assert response.headers["Location"] == request_.get_private_url()
    assert standing() == {ConsentPurpose.CALLS, ConsentPurpose.NEWSLETTER}


@pytest.mark.parametrize("token", ["x", "x" * 48, "é" * 48])
def test_a_stranger_unsubscribes_nobody(browser: Client, request_: ConsultationRequest, token: str) -> None:
    assert browser.post(f"/consultation/r/{token}/unsubscribe/", ONE_CLICK).status_code == HTTPStatus.NOT_FOUND
    assert ConsentPurpose.NEWSLETTER in standing()


def test_an_erased_request_is_not_found(browser: Client, request_: ConsultationRequest) -> None:
    address = address_of(request_)
    retention.erase(request_, by=None, now=NOW)

    assert browser.post(address, ONE_CLICK).status_code == HTTPStatus.NOT_FOUND
