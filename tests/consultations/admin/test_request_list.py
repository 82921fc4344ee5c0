"""The inbox in the admin: tabs with counts, buttons in rows, saved views, and pages of a long list."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.admin.paging import BoundedPaginator
from consultations.admin.requests import ConsultationRequestAdmin
from consultations.booking import unconfirmed
from consultations.models import ConsultationRequest, SavedView
from consultations.requests import claims, inbox, saved_views
from consultations.statuses import PlaceScope, Status
from tests import factories
from tests.booking_factories import make_appointment
from tests.desk import address, login, told
from tests.factories import NOW, make_request, make_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:consultations_consultationrequest_changelist")
SAVE = reverse("admin:consultations_consultationrequest_save_view")


def tabs(response: Any) -> dict[str, str]:
    """Return the counts by tab."""
    return {tab.view.key: tab.count for tab in response.context["tabs"]}


def test_every_tab_has_the_count_of_its_rows(client: Client) -> None:
    me = login(client, "Triage")
    requests = [make_request(email=f"{n}@visitor.example", now=NOW - n * dt.timedelta(days=3)) for n in range(4)]
    claims.claim(requests[0], by=me, now=NOW)
    ConsultationRequest.objects.filter(pk=requests[1].pk).update(status=Status.SPAM)
    make_request(name="Leaky", email="x@visitor.example", center=factories.make_center())
    client.force_login(make_staff("Triage", places=[PlaceScope.POOL]))

    counts = tabs(client.get(LIST))
    listed = ("answer", "spam", "unassigned")
    rows = {key: len(client.get(LIST, {"due": key}).context["cl"].result_list) for key in listed}

    assert counts.keys() == inbox.VIEWS.keys()
    assert rows == {"answer": 3, "spam": 1, "unassigned": 2} == {key: int(counts[key]) for key in listed}


def test_tab_of_the_list_is_marked(client: Client) -> None:
    login(client, "Triage")

    chosen = client.get(LIST, {"due": "overdue"}).context["tabs"]

    assert [tab.view.key for tab in chosen if tab.is_current] == ["overdue"]


def test_press_on_a_tab_keeps_the_filters_and_its_count_is_of_them(client: Client) -> None:
    here, there, therapy = factories.make_center(), factories.make_center(), factories.make_therapy()
    make_request(center=here, therapies=[therapy], language="de")
    make_request(email="b@visitor.example", center=here, therapies=[therapy], language="en")
    make_request(email="c@visitor.example", center=here)
    make_request(email="d@visitor.example", center=there, therapies=[therapy], language="de")
    login(client, "Triage")
    filters = {"center": str(here.pk), "therapies": str(therapy.pk), "language": "de", "status__exact": "new"}
    filters["since"] = "2026-01-01"

    page = client.get(LIST, filters | {"due": "spam", "p": "1", "o": "7"})
    tab = next(one for one in page.context["tabs"] if one.view.key == "unassigned")
    opened = client.get(tab.address)

    assert dict(parse_qsl(urlsplit(tab.address).query)) == filters | {"due": "unassigned"}
    assert dict(parse_qsl(urlsplit(page.context["everything"]).query)) == filters
    assert (tab.count, len(opened.context["cl"].result_list), tabs(opened)) == ("1", 1, tabs(page))
    assert tabs(client.get(LIST))["unassigned"] == "4"


@pytest.mark.parametrize(("due", "columns"), [("", ["received"]), ("mine", ["step"]), ("overdue", [])])
def test_column_that_the_list_goes_by_is_marked(client: Client, due: str, columns: list[str]) -> None:
    login(client, "Triage")

    shown = client.get(LIST, {"due": due}).context["cl"]

    assert [shown.list_display[number] for number in shown.get_ordering_field_columns()] == columns


def test_row_and_page_of_who_asked_again_say_so(client: Client) -> None:
    center = factories.make_center()
    first = make_request(email="ada@visitor.example", center=center)
    again = make_request(email="ada@visitor.example", center=center, confirmed=False)
    unconfirmed.confirm_email(again, version=0, now=NOW)
    login(client, "Triage")

    rows = client.get(LIST).context["cl"].result_list
    pages = [client.get(address(one)).context["also"] for one in (first, again)]

    assert {row.pk: row.asked_again for row in rows} == {first.pk: False, again.pk: True}
    assert pages == [[], ['<span class="mark calm">asked again</span>']]
    assert client.get(LIST).content.decode().count("asked again") == 1


def test_rows_that_nobody_has_have_a_button_that_keeps_the_filters(client: Client) -> None:
    free, taken = make_request(), make_request(email="b@visitor.example")
    claims.claim(taken, by=make_staff("Triage", first_name="Rosa"), now=NOW)
    login(client, "Triage")

    page = client.get(LIST, {"due": "live"}).content.decode()

    assert f'formaction="{address(free, "claim")}?back=due%3Dlive"' in page
    assert address(taken, "claim") not in page


def test_who_may_only_look_has_no_button(client: Client) -> None:
    request = make_request()
    user = login(client)
    permission = Group.objects.get(name="Triage").permissions.get(codename="view_consultationrequest")
    user.user_permissions.add(permission)

    page = client.get(LIST).content.decode()

    assert (address(request) in page, address(request, "claim") in page) == (True, False)


def test_view_is_saved_from_the_list_and_opens_it_again(client: Client) -> None:
    request, center = make_request(), factories.make_center()
    late = make_request(email="b@visitor.example", center=center)
    login(client, "Triage")
    query = f"center={center.pk}&due=live"

    saved = client.post(SAVE, {"name": "Here", "query": f"{query}&p=2", "shared": "on"}, follow=True)

    view = SavedView.objects.get()
    opened = client.get(f"{LIST}?{view.query}")
    assert (told(saved), saved.redirect_chain) == ("“Here” is saved.", [(f"{LIST}?{query}", 302)])
    assert [row.pk for row in opened.context["cl"].result_list] == [late.pk] != [request.pk]
    assert opened.context["saved_views"] == [(view, True)]


def test_shared_view_obeys_the_rights_of_its_reader(client: Client) -> None:
    here, there = factories.make_center(), factories.make_center()
    make_request(name="Leaky", center=there)
    mine = make_request(email="b@visitor.example", center=here)
    boss = make_staff("Managers", places=[here, there])
    view = saved_views.keep(name="All open", query="due=live", shared=True, by=boss)
    client.force_login(make_staff("Triage", places=[here]))

    page = client.get(LIST)
    opened = client.get(f"{LIST}?{view.query}")

    assert [one for one, _ in page.context["saved_views"]] == [view]
    assert [row.pk for row in opened.context["cl"].result_list] == [mine.pk]
    assert "Leaky" not in opened.content.decode()


@pytest.mark.parametrize(
    "data",
    [{}, {"name": " ", "query": "due=mine"}, {"name": "x" * 61, "query": "due=mine"}, {"name": "Mine", "query": "p=2"}],
)
def test_view_that_cannot_be_saved_is_refused_in_words(client: Client, data: dict[str, str]) -> None:
    login(client, "Triage")

    response = client.post(SAVE, data, follow=True)

    assert (response.status_code, SavedView.objects.count()) == (200, 0)
    assert told(response) != ""


@pytest.mark.parametrize(("group", "method", "status"), [("Triage", "get", 405), ("Editors", "post", 403)])
def test_view_is_saved_by_the_desk_and_by_a_button(client: Client, group: str, method: str, status: int) -> None:
    login(client, group)

    response = getattr(client, method)(SAVE, {"name": "Mine", "query": "due=mine"})

    assert (response.status_code, SavedView.objects.count()) == (status, 0)


def test_views_of_colleagues_are_looked_at_and_ones_own_are_changed(client: Client) -> None:
    me, rosa = login(client, "Triage"), make_staff("Triage")
    mine, hers = (saved_views.keep(name="Open", query="due=live", shared=True, by=who) for who in (me, rosa))
    pages = [reverse("admin:consultations_savedview_change", args=[view.pk]) for view in (mine, hers)]

    answers = [client.post(page, {"name": "Renamed"}).status_code for page in pages]

    assert answers == [302, 403]
    assert [view.name for view in SavedView.objects.order_by("owner")] == ["Renamed", "Open"]


def test_view_cannot_have_the_name_of_another_one_of_its_owner(client: Client) -> None:
    me = login(client, "Triage")
    views = [saved_views.keep(name=name, query="due=live", shared=False, by=me) for name in ("Open", "Mine")]

    response = client.post(reverse("admin:consultations_savedview_change", args=[views[1].pk]), {"name": "Open"})

    said = {"name": ["There is a view of this name already."]}
    assert (response.status_code, response.context["adminform"].form.errors) == (200, said)
    assert [view.name for view in SavedView.objects.order_by("pk")] == ["Open", "Mine"]


def test_list_is_not_narrowed_by_what_opens_the_private_page(client: Client) -> None:
    make_request()
    login(client, "Triage")
    names = ["key", "link_id", "former_link_id", "body_digest", "source_digest", "name"]

    answers = [client.get(LIST, {f"{name}__startswith": "a"}).status_code for name in names]

    assert answers == [400, 400, 400, 400, 400, 200]


@pytest.mark.parametrize(
    ("per_page", "pages"),
    [
        (50, [["step 0", "promise 0", "step 1", "promise 1", "step 2"]]),
        (3, [["step 0", "promise 0", "promise 1"], ["step 1", "step 2"]]),
        (2, [["promise 0", "promise 1"], ["step 0", "step 1"], ["step 2"]]),
    ],
)
def test_list_by_next_step_begins_with_what_is_promised_for_sooner(
    client: Client, monkeypatch: pytest.MonkeyPatch, per_page: int, pages: list[list[str]]
) -> None:
    monkeypatch.setattr(ConsultationRequestAdmin, "list_per_page", per_page)
    login(client, "Triage")
    now = timezone.now()
    for number in range(3):
        step = make_request(name=f"step {number}", email=f"s{number}@visitor.example")
        due = now + dt.timedelta(hours=number + 1)
        ConsultationRequest.objects.filter(pk=step.pk).update(next_at=due, respond_by=now + dt.timedelta(days=9))
    for number in range(2):
        promised = make_request(name=f"promise {number}", email=f"p{number}@visitor.example")
        due = now + dt.timedelta(hours=number + 1.5)
        ConsultationRequest.objects.filter(pk=promised.pk).update(respond_by=due, next_at=now + dt.timedelta(days=8))

    shown = [client.get(LIST, {"due": "live", "p": str(number + 1)}).context["cl"] for number in range(len(pages))]

    assert [[row.name for row in one.result_list] for one in shown] == pages


def test_pages_beyond_what_is_counted_are_reached_and_counted_as_far_as_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BoundedPaginator, "most", 2)
    monkeypatch.setattr("consultations.admin.paging.AHEAD", 1)
    names = [make_request(email=f"{number}@visitor.example").pk for number in range(9)]
    rows = ConsultationRequest.objects.order_by("pk")

    first, third = BoundedPaginator(rows, 2), BoundedPaginator(rows, 2)
    third.asked = 3

    assert (first.count, third.count) == (5, 9)
    assert [row.pk for row in third.page(3).object_list] == names[4:6]


def test_list_says_of_many_requests_that_there_are_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST", 1)
    monkeypatch.setattr("consultations.admin.paging.AHEAD", 0)
    for number in range(3):
        make_request(email=f"{number}@visitor.example")
    login(client, "Triage")

    response = client.get(LIST)

    assert tabs(response)["answer"] == "1+"


def test_lists_are_called_what_they_are_lists_of(client: Client) -> None:
    client.force_login(make_staff("Managers"))
    titles = []
    for name in ("message", "accessentry", "activity", "waitingentry", "closure"):
        page = client.get(reverse(f"admin:consultations_{name}_changelist")).content.decode()
        titles += [" ".join(words.split()) for words in re.findall("<h1>(.*?)</h1>", page, re.DOTALL)]

    assert titles == ["Mails", "Openings of contact details", "Lines of timelines", "Waiting list", "Closures"]


def test_list_of_appointments_leads_to_the_request(client: Client) -> None:
    appointment = make_appointment()
    login(client, "Triage")

    page = client.get(reverse("admin:consultations_appointment_changelist")).content.decode()

    assert f'<a href="{address(appointment.request, "change")}#appointment">' in page
