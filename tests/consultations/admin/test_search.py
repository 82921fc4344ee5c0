"""Searches of the long lists: what they find, whose, and that PostgreSQL reads an index for them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from consultations.admin.search import search
from consultations.models import ConsultationRequest, Message, PlaceRight
from consultations.statuses import ConsentPurpose, PlaceScope
from content.models import Contributor
from tests.booking_factories import make_appointment, make_consultant
from tests.desk import login
from tests.factories import make_center, make_request, make_staff

pytestmark = pytest.mark.django_db

HALF = {
    "lukas": "Jan Łukasik",
    "hallgrimsson": "Jón Hallgrímsson",
    "MULLER": "Anna Müller",
    "oz": "Öz",
    "strasse": "Ute Straße",
    "soren": "Søren Kjær",
    "isik": "IŞIK Demir",
    "émile": "ÉMILE Zola",
    "huong nguyen": "Nguyễn Thị Hương",
    "О\u0301льга": "ОЛЬГА",
}
LISTS = ("activity", "appointment", "consent", "message", "accessentry")


def found(client: Client, model: str, term: str) -> list[Any]:
    """Return the rows that a list shows for a search."""
    return list(client.get(reverse(f"admin:consultations_{model}_changelist"), {"q": term}).context["cl"].result_list)


@pytest.mark.parametrize("model", LISTS)
def test_rows_are_found_by_the_reference_of_their_request_or_its_beginning(client: Client, model: str) -> None:
    ours, other = (
        make_request(agreed=[ConsentPurpose.HEALTH]),
        make_request(email="b@visitor.example", agreed=[ConsentPurpose.HEALTH]),
    )
    for request in (ours, other):
        make_appointment(request=request)
    login(client, "Managers")
    for request in (ours, other):
        client.get(reverse("admin:consultations_consultationrequest_change", args=[request.pk]))

    spoken = ours.reference.lower().replace("-", " ")
    by_all, by_half, by_none = (found(client, model, term) for term in (spoken, ours.reference[2:6], "R-0000-0000"))

    assert {row.request_id for row in by_all} == {row.request_id for row in by_half} == {ours.pk}
    assert by_none == []


def test_rows_of_another_center_are_not_found(client: Client) -> None:
    theirs = make_request(center=make_center())
    client.force_login(make_staff("Managers", places=[make_center()]))

    assert [found(client, model, theirs.reference) for model in ("activity", "message")] == [[], []]


def test_mails_are_found_by_the_beginning_of_their_address(client: Client) -> None:
    ours = make_request(email="Ada.Lovelace@visitor.example")
    make_request(email="b@visitor.example")
    login(client, "Triage")

    assert {row.request_id for row in found(client, "message", "ada.love")} == {ours.pk}


@pytest.mark.parametrize(("term", "name"), HALF.items())
def test_half_a_name_finds_it_without_its_accents(term: str, name: str) -> None:
    ours = make_request(name=name)
    make_request(name="Somebody Else", email="b@visitor.example")

    assert list(search(ConsultationRequest.objects.all(), term)) == [ours]
    assert list(search(ConsultationRequest.objects.all(), name.upper())) == [ours]


@pytest.mark.parametrize(("term", "name"), HALF.items())
def test_every_search_for_a_person_finds_half_a_name_without_its_accents(client: Client, term: str, name: str) -> None:
    ours = make_request(name=name)
    for who in ("Somebody Else", "Łukasik Müller Öz Strasse Soren"):
        make_request(name=who, email=f"{len(who)}@visitor.example", center=make_center())
    client.force_login(make_staff("Managers", places=[PlaceScope.POOL]))

    assert found(client, "consultationrequest", term) == [ours]
    person = client.get(reverse("admin:consultations_person_changelist"), {"q": term})
    assert person["Location"] == reverse("admin:consultations_person_change", args=[ours.person_id])


def test_accent_without_its_letter_finds_nobody() -> None:
    make_request(name="Müller")

    assert list(search(ConsultationRequest.objects.all(), "\u0308")) == []


@pytest.mark.postgresql
def test_where_a_host_allows_no_trigrams_the_same_names_are_found() -> None:
    ours = make_request(name="Łukasik")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")

    requests = search(ConsultationRequest.objects.order_by(), "lukas")

    assert (list(requests), read_by(requests)) == ([ours], set())


def test_staff_are_found_by_half_a_name_without_its_accents(client: Client) -> None:
    colleague = make_staff(first_name="Łukasz", last_name="Müller")
    consultant = make_consultant(public_name="Dr. Hallgrímsson")
    author = Contributor.objects.create(name="Søren Öz", slug="soren")
    client.force_login(make_staff(is_superuser=True))
    lists = {"auth_user": "muller", "consultations_placeright": "lukasz", "consultations_consultant": "hallgrimsson"}

    rows = {
        name: list(client.get(reverse(f"admin:{name}_changelist"), {"q": term}).context["cl"].queryset.order_by("pk"))
        for name, term in (lists | {"content_contributor": "soren"}).items()
    }

    assert rows == {
        "auth_user": [colleague],
        "consultations_placeright": list(PlaceRight.objects.filter(user=colleague).order_by("pk")),
        "consultations_consultant": [consultant],
        "content_contributor": [author],
    }


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("uillfea", {"request_folded_parts", "request_email_start"}),
        ("quill ada", {"request_folded_parts", "request_email_start"}),
        ("ŁUKÁS", {"request_folded_parts", "request_email_start"}),
        ("4321", {"request_phone_parts"}),
        ("ada@visitor.ex", {"request_email_start"}),
        ("@visitor.example", {"request_email_end"}),
    ],
)
def test_postgresql_reads_an_index(term: str, names: set[str]) -> None:
    plan = read_by(search(ConsultationRequest.objects.order_by(), term))

    assert plan == (names if connection.vendor == "postgresql" else set())


def test_postgresql_reads_an_index_for_mails_by_address() -> None:
    plan = read_by(Message.objects.filter(recipient__istartswith="ada").order_by())

    assert plan == ({"message_recipient"} if connection.vendor == "postgresql" else set())


def read_by(rows: Any) -> set[str]:
    """Return the indexes of ours by which PostgreSQL reads rows when it is told not to read the table."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    named = set(re.findall(r"consultations_(\w+)", rows.explain()))
    return {name for name in named if re.search(r"_(parts|start|end|recipient)$", name)}
