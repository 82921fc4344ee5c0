"""Finding people, the page of a person, merging on it, and the file and the erasing of a person."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.groups import EDITORS, MANAGERS, TRIAGE
from consultations.models import AccessEntry, ConsultationRequest, ExportEntry, Person, PersonMerge
from consultations.privacy import holding
from consultations.requests import merging
from consultations.statuses import AccessKind, ExportFormat
from content.models import Center
from tests import factories
from tests.booking_factories import make_appointment
from tests.desk import address, login, told
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

LIST = "/admin/consultations/person/"


def page(request: ConsultationRequest, which: str = "change") -> str:
    return reverse(f"admin:consultations_person_{which}", args=[request.person_id])


@pytest.fixture
def ada() -> ConsultationRequest:
    return factories.make_request(
        name="Ada Visitor", email="ada@visitor.example", phone="+1 202-555-0187", phone_e164="+12025550187"
    )


@pytest.fixture
def work() -> ConsultationRequest:
    return factories.make_request(name="Ada Visitor", email="ada@work.example")


def of_one_center(client: Client, *groups: str) -> Center:
    """Log somebody in who may see one center."""
    center = factories.make_center()
    client.force_login(factories.make_staff(*groups, places=[center]))
    return center


@pytest.mark.parametrize("term", ["isit", "0187", "ada@vis", "ada visitor"])
def test_a_person_is_found_at_once(client: Client, ada: ConsultationRequest, term: str) -> None:
    factories.make_request(name="Bo Other", email="bo@other.example")
    login(client, TRIAGE)

    assert client.get(LIST, {"q": term}).headers["Location"] == page(ada)
    assert client.get(LIST, {"q": ada.reference}).headers["Location"] == page(ada)


def test_a_search_that_finds_several_lists_them(
    client: Client, ada: ConsultationRequest, work: ConsultationRequest
) -> None:
    login(client, TRIAGE)

    response = client.get(LIST, {"q": "ada"})

    assert [person.pk for person in response.context["cl"].result_list] == [work.person_id, ada.person_id]


def test_people_of_other_centers_are_not_found(client: Client, ada: ConsultationRequest) -> None:
    of_one_center(client, TRIAGE)

    response = client.get(LIST, {"q": "0187"})

    assert (response.status_code, list(response.context["cl"].result_list)) == (HTTPStatus.OK, [])
    assert client.get(page(ada)).status_code == HTTPStatus.NOT_FOUND


def test_list_asks_the_same_number_of_queries_for_one_and_for_three(
    client: Client, ada: ConsultationRequest, django_assert_num_queries: Any
) -> None:
    login(client, TRIAGE)
    with django_assert_num_queries(11):
        client.get(LIST)
    for number in range(2):
        factories.make_request(email=f"{number}@visitor.example")
    with django_assert_num_queries(11):
        client.get(LIST)


@pytest.mark.parametrize(("which", "queries"), [("change", 25), ("erase", 33), ("export", 13)])
@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_number_of_queries_for_one_request_and_for_three(
    client: Client, which: str, queries: int, count: int, django_assert_num_queries: Any
) -> None:
    requests = [
        factories.make_request(email="ada@visitor.example", center=factories.make_center()) for _ in range(count)
    ]
    for one in requests:
        make_appointment(request=one)
    login(client, MANAGERS, TRIAGE)
    client.get(page(requests[0], which))

    with django_assert_num_queries(queries):
        client.get(page(requests[0], which))


def test_page_shows_everything_of_the_person_and_is_written_down(client: Client, ada: ConsultationRequest) -> None:
    again = factories.make_request(name="A. Visitor", email="ADA@visitor.example")
    user = login(client, TRIAGE)

    response = client.get(page(ada))

    assert [one for one, _, _ in response.context["requests"]] == [again, ada]
    assert {mail.request_id for mail, _, _ in response.context["mails"]} == {ada.pk, again.pk}
    opened = AccessEntry.objects.filter(what=AccessKind.PERSON, by=user)
    assert set(opened.values_list("request", flat=True)) == {ada.pk, again.pk}


def test_page_says_nothing_of_requests_at_other_centers(client: Client) -> None:
    center = of_one_center(client, MANAGERS, TRIAGE)
    own = factories.make_request(email="ada@visitor.example", center=center)
    leaky = factories.make_request(name="Leaky Name", email="ada@visitor.example", center=factories.make_center())
    assert own.person_id == leaky.person_id

    for which in ("change", "erase", "export"):
        content = client.get(page(own, which)).content.decode()
        assert [word for word in ("Leaky", leaky.reference) if word in content] == []


@pytest.mark.parametrize("which", ["change", "erase", "export", "merge"])
def test_pages_are_not_for_editors_and_strangers(client: Client, ada: ConsultationRequest, which: str) -> None:
    assert "/login/" in client.get(page(ada, which)).headers["Location"]
    login(client, EDITORS)

    assert client.get(page(ada, which)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("which", ["change", "erase", "export", "merge", "undo"])
def test_nothing_is_done_with_people_of_other_centers(
    client: Client, ada: ConsultationRequest, work: ConsultationRequest, which: str
) -> None:
    own = factories.make_request(email="own@visitor.example", center=of_one_center(client, MANAGERS, TRIAGE))
    sent = {"format": "json", "reason": "x", "seen": "x", "merge": "1"}

    told_of = [
        client.post(f"{page(ada, which)}?other={own.person_id}", sent),
        client.post(f"{page(own, 'merge')}?other={ada.person_id}", sent),
    ]

    wrong = HTTPStatus.METHOD_NOT_ALLOWED if which == "change" else HTTPStatus.NOT_FOUND
    assert [one.status_code for one in told_of] == [wrong, HTTPStatus.NOT_FOUND]
    assert ConsultationRequest.objects.filter(erased_at=None).count() == 3
    assert (PersonMerge.objects.count(), ExportEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("which", ["change", "erase", "export", "merge"])
@pytest.mark.parametrize("number", ["9999999", "x", "99999999999999999999999"])
def test_nobody_is_404(client: Client, which: str, number: str) -> None:
    login(client, MANAGERS, TRIAGE)

    assert client.get(reverse(f"admin:consultations_person_{which}", args=[number])).status_code == HTTPStatus.NOT_FOUND


def test_erasing_and_exporting_is_not_for_triage(client: Client, ada: ConsultationRequest) -> None:
    login(client, TRIAGE)

    answers = {
        client.post(page(ada, which), {"reason": "x", "format": "json"}).status_code for which in ("erase", "export")
    }

    assert answers == {HTTPStatus.FORBIDDEN}


def test_likely_duplicates_are_merged_with_a_preview_and_undone(
    client: Client, ada: ConsultationRequest, work: ConsultationRequest
) -> None:
    login(client, TRIAGE)
    offered = f"{page(ada, 'merge')}?other={work.person_id}"
    assert offered in client.get(page(ada)).content.decode()

    preview = client.get(offered)
    seen = preview.context["mark"]
    assert ada.reference in preview.content.decode()
    assert work.reference in preview.content.decode()
    no_reason = client.post(offered, {"seen": seen, "reason": " "})
    done = client.post(offered, {"seen": seen, "reason": "Ada said so"}, follow=True)

    assert (no_reason.status_code, done.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.OK)
    assert [one for one, _, _ in done.context["requests"]] == [work, ada]
    assert client.get(page(work)).headers["Location"] == page(ada)
    assert client.post(offered, {"seen": seen, "reason": "again"}).headers["Location"] == page(ada)
    merge = PersonMerge.objects.get()
    client.post(page(ada, "undo"), {"merge": merge.pk})
    assert [one for one, _, _ in client.get(page(work)).context["requests"]] == [work]


def test_merge_with_somebody_of_another_center_is_told_and_undone_only_by_who_may_see_both(
    client: Client, ada: ConsultationRequest, work: ConsultationRequest
) -> None:
    manager = login(client, TRIAGE)
    ConsultationRequest.objects.filter(pk=ada.pk).update(center=of_one_center(client, TRIAGE))
    kept, merged = (Person.objects.get(requests=one) for one in (ada, work))
    seen = merging.mark_of(kept, merged, seen_by=manager)
    merging.merge(kept, merged, reason="As she said elsewhere", seen=seen, by=manager, now=NOW)
    merge = PersonMerge.objects.get()

    texts = [client.get(one).content.decode() for one in (page(ada), address(ada))]
    pressed = client.post(page(ada, "undo"), {"merge": merge.pk}).status_code
    merging.undo(merge, by=manager, now=NOW)
    texts.append(client.get(page(ada)).content.decode())

    assert [("As she said elsewhere" in text, "into this person" in text) for text in texts] == [(False, False)] * 3
    assert pressed == HTTPStatus.NOT_FOUND
    client.force_login(manager)
    assert "As she said elsewhere" in client.get(page(ada)).content.decode()


def test_a_page_that_is_out_of_date_merges_nothing(
    client: Client, ada: ConsultationRequest, work: ConsultationRequest
) -> None:
    login(client, TRIAGE)
    offered = f"{page(ada, 'merge')}?other={work.person_id}"
    seen = client.get(offered).context["mark"]
    factories.make_request(email="ada@work.example")

    response = client.post(offered, {"seen": seen, "reason": "Ada said so"})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "came or went meanwhile" in response.content.decode()
    assert PersonMerge.objects.count() == 0


def test_undo_takes_posts_for_merges_there_are(client: Client, ada: ConsultationRequest) -> None:
    login(client, TRIAGE)

    asked = [client.get(page(ada, "undo")), *(client.post(page(ada, "undo"), {"merge": one}) for one in ("7", "x", ""))]

    assert [one.status_code for one in asked] == [HTTPStatus.METHOD_NOT_ALLOWED, *[HTTPStatus.NOT_FOUND] * 3]


@pytest.mark.parametrize("as_format", [ExportFormat.JSON, ExportFormat.HTML])
def test_everything_of_a_person_is_handed_out_and_written_down(
    client: Client, ada: ConsultationRequest, as_format: ExportFormat
) -> None:
    user = login(client, MANAGERS)
    asked = client.post(page(ada, "export"), {"format": as_format, "reason": ""})

    response = client.post(page(ada, "export"), {"format": as_format, "reason": "Ada asked"})

    content = response.content.decode()
    assert (asked.status_code, response.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.OK)
    assert response.headers["Content-Disposition"] == f'attachment; filename="person-{NOW:%Y-%m-%d}.{as_format}"'
    assert "ada@visitor.example" in content
    if as_format == ExportFormat.JSON:
        assert [one["name"] for one in json.loads(content)["requests"]] == ["Ada Visitor"]
    entry = ExportEntry.objects.get()
    assert (entry.by, entry.rows, entry.format, entry.reason) == (user, 1, as_format, "Ada asked")
    assert AccessEntry.objects.filter(what=AccessKind.FILE).values_list("request", flat=True).get() == ada.pk


def test_a_person_is_erased_after_a_preview_of_every_table(client: Client, ada: ConsultationRequest) -> None:
    again = factories.make_request(email="ada@visitor.example")
    login(client, MANAGERS)

    preview = client.get(page(ada, "erase"))
    rows = {one.table: one.rows for one in preview.context["tables"]}
    response = client.post(page(ada, "erase"))

    assert rows["consultation requests"] == 2
    assert rows["history"] == ada.activities.count() + again.activities.count() - 2
    assert response.headers["Location"] == LIST
    assert ConsultationRequest.objects.filter(erased_at=None).count() == 0


def test_preview_of_a_person_leaves_out_what_is_on_hold(client: Client, ada: ConsultationRequest) -> None:
    again = factories.make_request(email="ada@visitor.example")
    user = login(client, MANAGERS)
    holding.put_on_hold(ada, held=True, reason="A court asks", by=user, now=NOW)

    one = client.get(page(ada, "erase"))
    holding.put_on_hold(again, held=True, reason="A court asks", by=user, now=NOW)
    none = client.get(page(ada, "erase"))

    assert [request for request, _ in one.context["requests"]] == [again]
    assert {table.table: table.rows for table in one.context["tables"]}["consultation requests"] == 1
    assert [("Erase 1 request now" in shown.content.decode()) for shown in (one, none)] == [True, False]
    assert "Nothing can be erased now." in none.content.decode()


def test_what_is_on_hold_stays(client: Client, ada: ConsultationRequest) -> None:
    factories.make_request(email="ada@visitor.example")
    holding.put_on_hold(ada, held=True, reason="A court asks", by=login(client, MANAGERS), now=NOW)

    response = client.post(page(ada, "erase"), follow=True)

    assert ConsultationRequest.objects.filter(erased_at=None).get() == ada
    held = f"{ada.reference} is kept because the law asks for it. Lift the legal hold first."
    assert told(response) == f"{ada.reference}: {held} 1 request is erased."
