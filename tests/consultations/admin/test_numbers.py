"""The page of numbers with its file, and the list of requests as a file."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from consultations import sheets
from consultations.groups import EDITORS, MANAGERS, TRIAGE
from consultations.models import AccessEntry, ExportEntry
from consultations.privacy import handing_out, retention
from consultations.statuses import AccessKind, ExportFormat
from tests import factories
from tests.consultations.test_sheets import read_csv, read_xlsx
from tests.desk import login
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

NUMBERS, EXPORT = "/admin/consultations/numbers/", "/admin/consultations/export/"
SENT = {"format": "csv", "reason": "For the yearly report"}


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_csv_is_what_the_screen_shows(client: Client) -> None:
    factories.make_request(center=factories.make_center(name="=Fern"), source="/x/, top of the page")
    login(client, TRIAGE)
    asked = {"since": "2026-11-01", "until": "2026-11-30"}

    shown = client.get(NUMBERS, asked)
    response = client.get(NUMBERS, asked | {"format": "csv"})

    rows = read_csv(content(response).decode())
    expected: list[list[str]] = []
    for table, *_ in shown.context["tables"]:
        body = [[str(cell).replace("=Fern", "'=Fern") for cell in row] for row in table.rows]
        expected += [[table.title], list(table.head), *body, []]
    assert rows == expected
    assert response.headers["Content-Disposition"] == 'attachment; filename="numbers-2026-11-01-2026-11-30.csv"'


def test_page_has_plots_without_styles_and_the_file_at_hand(client: Client) -> None:
    factories.make_request()
    login(client, TRIAGE)

    response = client.get(NUMBERS, {"status": "new"})

    words = response.content.decode()
    assert '<svg class="plot upright"' in words
    assert "style=" not in words
    assert response.context["as_csv"] == f"{NUMBERS}?status=new&format=csv"


@pytest.mark.parametrize(
    "query",
    [
        {"since": "x"},
        {"until": "0001-01-01"},
        {"since": "9999-12-31"},
        {"since": "2026-11-02", "until": "2026-11-01"},
        {"since": "1990-01-01", "until": "2026-11-01"},
        {"center": "7", "therapy": "x", "status": "nothing"},
    ],
)
def test_what_cannot_be_read_counts_as_not_said(client: Client, query: dict[str, str]) -> None:
    login(client, TRIAGE)

    assert client.get(NUMBERS, query).status_code == HTTPStatus.OK


def test_numbers_are_for_who_sees_requests_and_are_not_posted_to(client: Client) -> None:
    assert "/login/" in client.get(NUMBERS).headers["Location"]
    login(client, EDITORS)

    answers = [client.get(NUMBERS).status_code, client.post(NUMBERS).status_code]

    assert answers == [HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED]


def test_numbers_take_the_same_number_of_queries_for_one_and_for_three(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    login(client, TRIAGE)
    factories.make_request(center=factories.make_center())
    with django_assert_max_num_queries(39) as one:
        client.get(NUMBERS)
    for number in range(2):
        factories.make_request(email=f"{number}@visitor.example", center=factories.make_center())
    with django_assert_max_num_queries(39) as three:
        client.get(NUMBERS)

    assert len(one) == len(three)


def test_list_is_handed_out_as_csv_and_written_down(client: Client) -> None:
    therapy = factories.make_therapy(short_name="PRP")
    request = factories.make_request(
        name="=HYPERLINK(1)",
        email="ada@visitor.example",
        therapies=[therapy],
        message="I have pain",
        best_time="at night",
    )
    old = factories.make_request(email="old@visitor.example", now=NOW - dt.timedelta(days=400))
    erased = factories.make_request(email="erased@visitor.example")
    retention.erase(erased, by=None, now=NOW)
    user = login(client, MANAGERS)

    response = client.post(EXPORT, SENT)

    words = content(response).decode()
    row = dict(zip(*read_csv(words), strict=True))
    assert (row["reference"], row["name"], row["therapies"]) == (request.reference, "'=HYPERLINK(1)", "PRP")
    assert [secret for secret in ("pain", "night", old.reference) if secret in words] == []
    entry = ExportEntry.objects.get()
    days = f"{NOW.date() - dt.timedelta(days=83)} to {NOW.date()}"
    assert (entry.by, entry.rows, entry.filters, entry.reason) == (user, 1, days, "For the yearly report")
    assert AccessEntry.objects.filter(what=AccessKind.LIST).values_list("request", "by").get() == (request.pk, user.pk)


def test_list_is_handed_out_as_xlsx(client: Client) -> None:
    factories.make_request(name="=HYPERLINK(1)")
    login(client, MANAGERS)

    head, row = read_xlsx(content(client.post(EXPORT, SENT | {"format": ExportFormat.XLSX})))

    assert row[head.index(("inlineStr", "name"))] == ("inlineStr", "=HYPERLINK(1)")


def test_list_holds_the_own_center_only(client: Client) -> None:
    center = factories.make_center()
    own = factories.make_request(center=center)
    factories.make_request(name="Leaky", center=factories.make_center())
    client.force_login(factories.make_staff(MANAGERS, places=[center]))

    rows = read_csv(content(client.post(EXPORT, SENT)).decode())

    assert [row[0] for row in rows] == ["reference", own.reference]


@pytest.mark.parametrize("change", [{"reason": " "}, {"format": "exe"}, {"since": "2026-12-01", "until": "2026-11-01"}])
def test_without_a_reason_or_with_nonsense_nothing_leaves(client: Client, change: dict[str, str]) -> None:
    login(client, MANAGERS)

    response = client.post(EXPORT, SENT | change)

    assert (response.status_code, ExportEntry.objects.count()) == (HTTPStatus.UNPROCESSABLE_ENTITY, 0)


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX])
def test_list_ends_where_the_right_to_a_center_is_taken_meanwhile(
    client: Client, monkeypatch: pytest.MonkeyPatch, file_format: ExportFormat
) -> None:
    monkeypatch.setattr(handing_out, "AT_ONCE", 1)
    monkeypatch.setattr(sheets, "LINES_AT_ONCE", 1)
    center = factories.make_center()
    names = ["Third", "Second", "First"]
    for name in reversed(names):
        factories.make_request(name=name, email=f"{name}@visitor.example", center=center)
    manager = factories.make_staff(MANAGERS, places=[center])
    client.force_login(manager)

    response: Any = client.post(EXPORT, SENT | {"format": file_format})
    pieces = response.streaming_content
    # The head, and the first row.
    begun = [next(pieces), next(pieces)]
    manager.place_rights.all().delete()
    whole = b"".join([*begun, *pieces])

    rows = read_csv(whole.decode()) if file_format == ExportFormat.CSV else read_xlsx(whole)
    assert len(rows) == 2


def test_too_many_do_not_leave(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_out, "MOST", 0)
    factories.make_request()
    login(client, MANAGERS)

    response = client.post(EXPORT, SENT)

    assert response.context["words"] == "A file holds 0 requests at most. Choose fewer days or one center."
    assert ExportEntry.objects.count() == 0


def test_lists_do_not_leave_with_triage_or_strangers(client: Client) -> None:
    factories.make_request()
    assert "/login/" in client.post(EXPORT, SENT).headers["Location"]
    login(client, TRIAGE)

    assert client.post(EXPORT, SENT).status_code == HTTPStatus.FORBIDDEN
    assert ExportEntry.objects.count() == 0
