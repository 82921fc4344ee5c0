"""Every address of the site, public and of the admin, asked with values that no database can look for."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
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
        if "<" not in route:
            continue
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


def test_every_address_is_found() -> None:
    assert len(plain()) > 40
    assert {"/articles/1/", "/consultation/r/1/times/", "/admin/content/article/1/history/"} <= set(filled("1"))


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
def test_hostile_part_of_a_path_breaks_no_page(desk: Client, value: str) -> None:
    assert wrong(desk, filled(value)) == []


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
def test_hostile_parameter_breaks_no_page(desk: Client, value: str) -> None:
    names = ["q", "next", "page", "topic", "therapy", "center", "country", "day", "from", "email", "date", "type"]
    names += ["appointment_type", "consultant", "app_label", "model_name", "field_name", "term", "time_zone", "local"]
    query = "&".join(f"{name}={value}" for name in names)

    assert wrong(desk, [f"{address}?{query}" for address in plain()]) == []


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
def test_hostile_filter_breaks_no_list(desk: Client, value: str) -> None:
    addresses = []
    for model, shown in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = {str(one[0] if isinstance(one, (list, tuple)) else one) for one in shown.list_filter} | {"id"}
        names = {name for name in names if name.split("__")[0] in columns(model)}
        addresses += [f"{path}?{name}{lookup}={value}" for name in sorted(names) for lookup in LOOKUPS]
        addresses += [f"{path}?{name}={value}" for name in NAMES]

    assert wrong(desk, addresses) == []


def test_filter_that_cannot_be_used_shows_nobody(desk: Client) -> None:
    path = "/admin/consultations/consultationrequest/"

    assert PLANTED in desk.get(f"{path}?q=Zebrafish").content.decode() or PLANTED in desk.get(path).content.decode()
    for query in ("status=nope", "id__exact=-1", "q=%EF%BF%BE"):
        assert PLANTED not in desk.get(f"{path}?{query}").content.decode()
