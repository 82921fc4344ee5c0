"""The desk's button for mails that could not be sent."""

from __future__ import annotations

import html
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
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


def test_a_mail_that_a_colleague_queues_at_the_same_moment_is_refused_in_words(
    desk: Client, request_: ConsultationRequest, mail: Message
) -> None:
    def colleague(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.startswith('UPDATE "consultations_message"') and Message.objects.filter(kind=mail.kind).count() == 1:
            values = {
                "kind": mail.kind,
                "recipient": request_.email,
                "created_at": factories.NOW,
                "due_at": factories.NOW,
            }
            Message.objects.create(request=request_, **values)
        return execute(sql, params, many, context)

    Message.objects.filter(pk=mail.pk).update(recipient="old@visitor.example")

    with connection.execute_wrapper(colleague):
        response = desk.post(button_of(request_), {"mail": mail.pk})

    assert response.status_code == HTTPStatus.CONFLICT
    assert "written to the visitor’s present address already" in html.unescape(response.content.decode()).replace(
        "'", "’"
    )
