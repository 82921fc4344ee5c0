"""Every address of the site, public and of the admin, asked with values that no database can look for."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import cycle
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Field, Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests import factories

pytestmark = pytest.mark.usefixtures("clinic")

PLANTED = "Planted Zebrafish"
ANSWERS = {
    HTTPStatus.OK,
    HTTPStatus.FOUND,
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
}
# As they stand in an address; %ED%A0%80 is half of a surrogate pair, %EF%BF%BE is U+FFFE.
HOSTILE = [
    "%00",
    "%EF%BF%BE",
    "%ED%A0%80",
    "%FF",
    "1" + "0" * 30,
    "-1",
    "99999999",
    "0000-00-00",
    "9999-12-31T23:59:59-14:00",
    "NaN",
    "Infinity",
    "W" * 2000,
    "%5B",
    "%25",
    "(",
]
LOOKUPS = ["", "__exact", "__in", "__isnull", "__gte", "__regex", "__iregex", "__year", "__nope"]
NAMES = ["q", "o", "p", "e", "all", "_to_field", "_changelist_filters", "next", "page"]


def routes(found: URLResolver, before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every address below a resolver, its converters still in it, and the converters by name."""
    for one in found.url_patterns:
        if not isinstance(one.pattern, RoutePattern):
            continue
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path, one.pattern.converters
        else:
            yield from routes(one, path)


def filled(value: str) -> list[str]:
    """Return every address of the site that takes arguments, with `value` for each of them."""
    addresses = []
    for route, _ in routes(get_resolver()):
        if "<" in route:
            parts = [part.partition(">") for part in route.split("<")]
            addresses.append("/" + parts[0][0] + "".join(value + rest for _, _, rest in parts[1:]))
    return addresses


def plain() -> list[str]:
    """Return every address of the site that takes no argument."""
    return ["/" + route for route, _ in routes(get_resolver()) if "<" not in route and "logout" not in route]


def columns(model: type[Model]) -> list[str]:
    """Return the names of a model's columns."""
    return [field.name for field in model._meta.get_fields() if isinstance(field, Field)]


@pytest.fixture
def desk(client: Client) -> Client:
    """A client that may see everything; a request with a name that no hostile filter may show."""
    factories.make_request(name=PLANTED, email="zebra@visitor.example")
    client.force_login(factories.make_staff(is_superuser=True))
    return client


def wrong(client: Client, addresses: list[str]) -> list[tuple[int, str]]:
    """Return the addresses with an answer that nobody should get, with its status."""
    client.raise_request_exception = False
    statuses = [(client.get(address).status_code, address[:200]) for address in addresses]
    return [(status, address) for status, address in statuses if status not in ANSWERS]


def in_turn(addresses: list[str], shift: int) -> list[str]:
    """Complete each address with the next hostile value, as pages cost too much for all of them at each."""
    return [address.format(HOSTILE[(shift + number) % len(HOSTILE)]) for number, address in enumerate(addresses)]


def test_every_address_is_found() -> None:
    assert len(plain()) > 40
    assert {"/articles/1/", "/consultation/r/1/times/", "/admin/content/article/1/history/"} <= set(filled("1"))


@pytest.mark.parametrize("shift", [0, 5])
def test_hostile_part_of_a_path_breaks_no_page(desk: Client, shift: int) -> None:
    assert wrong(desk, in_turn(filled("{0}"), shift)) == []


def test_hostile_part_of_a_public_path_breaks_no_page(client: Client) -> None:
    public = [path for path in filled("{0}") if not path.startswith("/admin/")]

    assert [wrong(client, in_turn(public, shift)) for shift in range(len(HOSTILE))] == [[]] * len(HOSTILE)


def test_hostile_parameter_breaks_no_page(desk: Client) -> None:
    names = ["q", "next", "page", "topic", "therapy", "center", "country", "day", "from", "email", "date", "type"]
    names += ["appointment_type", "consultant", "app_label", "model_name", "field_name", "term", "time_zone", "local"]
    query = "&".join(f"{name}={{0}}" for name in names)

    assert wrong(desk, in_turn([f"{path}?{query}" for path in plain()], 0)) == []


def test_hostile_parameter_breaks_no_page_that_reads_some(desk: Client) -> None:
    known = [
        "/admin/autocomplete/?app_label=consultations&model_name=appointment&field_name=consultant&term={0}",
        "/admin/autocomplete/?app_label=consultations&model_name=appointment&field_name=consultant&page={0}",
        "/admin/consultations/agenda/?day={0}",
        "/admin/consultations/agenda/?from={0}&center={0}&consultant={0}",
        "/admin/consultations/why/?center={0}&appointment_type={0}&consultant={0}&day={0}&local={0}",
        "/admin/content/finding/grid/?therapy={0}&criterion={0}",
        "/articles/?topic={0}&page={0}",
        "/compare/?therapy={0}&therapy={0}",
        "/centers/?country={0}&q={0}",
        "/consultation/?center={0}&therapy={0}&article={0}",
        "/consultation/soonest/?center={0}&appointment_type={0}&time_zone={0}",
        "/admin/login/?next={0}",
    ]

    assert [wrong(desk, in_turn(known, shift)) for shift in range(len(HOSTILE))] == [[]] * len(HOSTILE)


# The failed statement ends on PostgreSQL the transaction that a test is otherwise in.
@pytest.mark.django_db(transaction=True)
def test_hostile_filter_breaks_no_list(desk: Client) -> None:
    lists = []
    lookups, others = cycle(LOOKUPS), cycle(NAMES)
    for model, shown in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        offered = {str(one[0] if isinstance(one, (list, tuple)) else one) for one in shown.list_filter}
        names = sorted({"id", *(name for name in offered if name.split("__")[0] in columns(model))})
        # All of them with each would take minutes.
        lists += [f"{path}?{name}{lookup}={{0}}" for name, lookup in zip(names, lookups, strict=False)]
        lists.append(f"{path}?{next(others)}={{0}}")

    assert wrong(desk, in_turn(lists, 0)) == []


@pytest.mark.django_db(transaction=True)
def test_hostile_filter_breaks_not_the_list_of_requests(desk: Client) -> None:
    path = "/admin/consultations/consultationrequest/"
    names = [
        "id__exact",
        "received_at__year",
        "received_at__gte",
        "received_at__day",
        "status__regex",
        "center__id__exact",
    ]

    assert wrong(desk, [f"{path}?{name}={value}" for name in names for value in HOSTILE]) == []


def test_filter_that_cannot_be_used_shows_nobody(desk: Client) -> None:
    path = "/admin/consultations/consultationrequest/"

    assert PLANTED in desk.get(f"{path}?q=Zebrafish").content.decode() or PLANTED in desk.get(path).content.decode()
    for query in ("status=nope", "id__exact=-1", "q=nobody"):
        assert PLANTED not in desk.get(f"{path}?{query}").content.decode()
