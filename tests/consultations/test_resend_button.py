"""The desk's button for mails that could not be sent."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from consultations import groups
from consultations.models import ConsultationRequest, Message
from consultations.statuses import MessageKind, MessageState
from tests import factories

pytestmark = pytest.mark.django_db

BUTTON = "Send again now"


@pytest.fixture
def request_() -> ConsultationRequest:
    return factories.make_request()


@pytest.fixture
def mail(request_: ConsultationRequest) -> Message:
    request_.messages.update(state=MessageState.DEAD, attempts=11, last_error="TimeoutError")
    return request_.messages.get(kind=MessageKind.VISITOR_RECEIVED)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(factories.make_staff(groups.TRIAGE))
    return client


def page_of(request: ConsultationRequest) -> str:
    return reverse("admin:consultations_consultationrequest_change", args=[request.pk])


def button_of(request: ConsultationRequest) -> str:
    return reverse("admin:consultations_consultationrequest_resend", args=[request.pk])


def test_a_mail_that_was_given_up_has_a_button(desk: Client, request_: ConsultationRequest, mail: Message) -> None:
    assert desk.get(page_of(request_)).content.decode().count(BUTTON) == request_.messages.count()


def test_a_mail_that_waits_for_its_first_try_has_none(desk: Client, request_: ConsultationRequest) -> None:
    assert BUTTON not in desk.get(page_of(request_)).content.decode()


def test_the_button_queues_it_anew(desk: Client, request_: ConsultationRequest, mail: Message) -> None:
    response = desk.post(button_of(request_), {"mail": mail.pk})

    assert response.status_code == HTTPStatus.FOUND
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MessageState.QUEUED, 0)


def test_a_second_click_is_told_so(desk: Client, request_: ConsultationRequest, mail: Message) -> None:
    desk.post(button_of(request_), {"mail": mail.pk})

    response = desk.post(button_of(request_), {"mail": mail.pk})

    assert response.status_code == HTTPStatus.CONFLICT
    assert "This mail was sent" in response.content.decode()


@pytest.mark.parametrize("value", ["", "x", "0", "999999999999999999999"])
def test_a_mail_of_another_request_is_refused(
    desk: Client, request_: ConsultationRequest, mail: Message, value: str
) -> None:
    other = factories.make_request(email="other@visitor.example")

    for posted in (value, str(mail.pk)):
        response = desk.post(button_of(other), {"mail": posted})

        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    mail.refresh_from_db()
    assert mail.state == MessageState.DEAD


@pytest.mark.parametrize("group", [groups.EDITORS, groups.REVIEWERS])
def test_others_may_not(client: Client, request_: ConsultationRequest, mail: Message, group: str) -> None:
    client.force_login(factories.make_staff(group))

    assert client.post(button_of(request_), {"mail": mail.pk}).status_code == HTTPStatus.FORBIDDEN
    mail.refresh_from_db()
    assert mail.state == MessageState.DEAD


def test_looking_at_the_address_changes_nothing(desk: Client, request_: ConsultationRequest, mail: Message) -> None:
    assert desk.get(button_of(request_)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
