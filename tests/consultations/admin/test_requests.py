"""The triage desk: every page opens, for those it is meant for, and nothing is written by hand."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import (
    AccessEntry,
    Activity,
    CannedReply,
    Closure,
    ConsentText,
    ConsultationRequest,
    EscalationRule,
    ExportEntry,
    SavedView,
    SecondFactorReset,
    WaitingEntry,
)
from consultations.requests import moving
from consultations.statuses import AccessKind, ConsentPurpose, ExportFormat
from tests import factories
from tests.booking_factories import make_appointment
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("consultations").get_models() if admin.site.is_registered(model)]
READ_ONLY = ["Activity", "Consent", "Message", "ConsultationRequest"]
BY_NAME = {model.__name__: model for model in MODELS}


def page(model: type[Model], which: str, *args: Any) -> str:
    """Return the address of a model's admin page."""
    return reverse(f"admin:consultations_{model._meta.model_name}_{which}", args=args)


def address(request: ConsultationRequest, which: str = "change") -> str:
    """Return the address of a request's page, or of one of its buttons."""
    return page(ConsultationRequest, which, request.pk)


def login(client: Client, *groups: str, **kwargs: Any) -> User:
    """Log a new member of staff in."""
    user = make_staff(*groups, **kwargs)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", BY_NAME)
def test_every_list_filter_search_and_page_opens(client: Client, name: str) -> None:
    model = BY_NAME[name]
    factories.make_clinic()
    request = make_request(
        agreed={ConsentPurpose.HEALTH}, center=factories.make_center(), therapies=[factories.make_therapy()]
    )
    appointment = make_appointment(request=request)
    WaitingEntry.objects.create(
        request=request, appointment_type=appointment.appointment_type, until=appointment.starts_at, joined_at=NOW
    )
    staff = make_staff("Managers")
    AccessEntry.objects.create(request=request, by=staff, what=AccessKind.DETAIL, at=NOW, hour=NOW.replace(minute=0))
    SecondFactorReset.objects.create(whose=make_staff("Triage"), asked_by=staff, asked_at=NOW)
    ExportEntry.objects.create(by=staff, at=NOW, format=ExportFormat.CSV, rows=1, reason="x")
    Closure.objects.create(name="Thanksgiving", first_day=NOW.date(), last_day=NOW.date())
    login(client, is_superuser=True)
    CannedReply.objects.create(name="Call", subject="Our call", body="Hello.")
    EscalationRule.objects.create(center=request.center)
    SavedView.objects.create(owner=staff, name="Mine", query="due=mine", shared=True)
    row = model._default_manager.first()
    assert row is not None

    listed = client.get(page(model, "changelist"))
    changes = listed.context["cl"]
    queries = [choice.get("query_string", "") for spec in changes.filter_specs for choice in spec.choices(changes)]
    opened = [client.get(page(model, "changelist") + query) for query in [*queries, "?q=R-0000-0000", "?q=%00", "?p=9"]]
    # An appointment's page is that of its request.
    opened.append(client.get(page(model, "change", row.pk), follow=True))

    # A page number that does not exist is led back to the list.
    assert {response.status_code for response in [listed, *opened]} <= {200, 302}
    assert opened[-1].status_code == 200


@pytest.mark.parametrize("name", READ_ONLY)
def test_nothing_is_added_changed_or_deleted_by_hand(client: Client, name: str) -> None:
    model = BY_NAME[name]
    make_request(agreed={ConsentPurpose.HEALTH})
    login(client, is_superuser=True)
    before = list(model._default_manager.values())

    answers = [
        client.get(page(model, "add")),
        client.post(page(model, "add"), {"name": "Forged"}),
        client.post(page(model, "delete", before[0]["id"]), {"post": "yes"}),
        client.post(page(model, "change", before[0]["id"]), {"name": "Forged", "status": "won"}),
        client.post(page(model, "changelist"), {"action": "delete_selected", "_selected_action": before[0]["id"]}),
    ]

    assert [answer.status_code for answer in answers[:3]] == [403, 403, 403]
    assert answers[3].status_code in {403, 405}
    assert list(model._default_manager.values()) == before


@pytest.mark.parametrize(
    ("group", "status"), [("Editors", 403), ("Medical reviewers", 403), ("Triage", 200), ("Managers", 200)]
)
def test_requests_are_for_the_desk(client: Client, group: str, status: int) -> None:
    request = make_request(name="Leaky Name", message="Leaky words", agreed={ConsentPurpose.HEALTH})
    login(client, group)
    pages = [address(request), page(ConsultationRequest, "changelist"), page(Activity, "changelist")]

    answers = [client.get(one) for one in pages]

    assert [answer.status_code for answer in answers] == [status] * 3
    assert ["Leaky Name" in answer.content.decode() for answer in answers[:2]] == [status == 200] * 2


def test_outsiders_are_led_to_the_login(client: Client) -> None:
    request = make_request(name="Leaky Name")

    for which in ("change", "move", "assign", "note"):
        answer = client.post(address(request, which)) if which != "change" else client.get(address(request))
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("admin:login"))


def test_page_shows_the_visitors_words_but_not_their_private_link(client: Client) -> None:
    request = make_request(
        message="My knee <b>hurts</b>",
        best_time="mornings",
        center=factories.make_center(),
        agreed={ConsentPurpose.HEALTH},
    )
    login(client, "Triage")

    html = client.get(address(request)).content.decode()

    for words in (
        "My knee &lt;b&gt;hurts&lt;/b&gt;",
        "mornings",
        "ada@visitor.example",
        request.consents.get().text.text,
    ):
        assert words in html
    assert request.get_private_url() not in html
    assert request.link_id not in html


def test_unknown_request_is_a_404(client: Client) -> None:
    login(client, "Triage")

    for pk in ("999999", "nonsense", "9" * 30):
        assert client.get(page(ConsultationRequest, "change", pk)).status_code == 404


def test_consent_text_is_added_as_the_next_version_and_never_changed(client: Client) -> None:
    login(client, "Managers")
    first = ConsentText.objects.get(purpose=ConsentPurpose.CALLS)

    at = timezone.now()
    data = {"purpose": "calls", "text": "New words.", "active_from_0": f"{at:%Y-%m-%d}", "active_from_1": "00:00:00"}
    added = client.post(page(ConsentText, "add"), data)
    changed = client.post(page(ConsentText, "change", first.pk), data)

    words = list(ConsentText.objects.filter(purpose="calls").order_by("version").values_list("version", "text"))
    assert (added.status_code, changed.status_code, words) == (302, 403, [(1, first.text), (2, "New words.")])


@pytest.mark.parametrize(("group", "sees"), [("Triage", True), ("Managers", True), ("Editors", False)])
def test_first_page_counts_for_the_desk_only(client: Client, group: str, sees: bool) -> None:  # noqa: FBT001
    make_request(now=timezone.now() - dt.timedelta(days=30))
    user = login(client, group)
    mine = make_request(now=timezone.now(), email="other@visitor.example")
    moving.assign(mine, to=user, by=user, seen=None, now=NOW)

    response = client.get(reverse("admin:index"))

    counts = {box.key: box.count for box in response.context["boxes"]}
    work = {"overdue": "1", "soon": "0", "mine": "1", "unassigned": "1", "call": "0", "spam": "0"}
    assert counts == (work | {"confirm": "0", "agenda": "0", "mails": "0"} if sees else {})


def test_a_visitors_address_cannot_add_a_recipient_to_the_mail_that_staff_write(client: Client) -> None:
    factories.make_clinic()
    request = make_request(email="a?bcc=spy%40spy.example&x=@visitor.example")
    login(client, is_superuser=True)

    opened = client.get(address(request)).content.decode()

    links = re.findall(r'href="mailto:([^"]*)"', opened)
    assert links == ["a%3Fbcc%3Dspy%2540spy.example%26x%3D@visitor.example"]


@pytest.mark.parametrize(
    ("typed", "asks"), [({"email": "", "phone": "+12025550143", "phone_e164": "+12025550143"}, True), ({}, False)]
)
def test_the_desk_is_told_to_ask_for_the_reference_before_it_confirms_a_number(
    client: Client, typed: dict[str, Any], *, asks: bool
) -> None:
    factories.make_clinic()
    request = make_request(confirmed=False, **typed)
    login(client, is_superuser=True)

    opened = client.get(address(request)).content.decode()

    assert ("Ask for the reference first" in opened) is asks
