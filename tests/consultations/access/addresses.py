"""Every address of the admin as the resolver knows it, so that a new page cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.login import urls as account

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"(content|consultations|auth)_([a-z]+)_\w+")
# Pages about the account that asks: nothing of a center is in them, so that one question is enough.
OWN_ACCOUNT = {pattern.name for pattern in account.urlpatterns}
# Django's own pages that read nothing of a query.
PLAIN = {"index", "app_list", "login", "password_change", "password_change_done", "jsi18n"}


@dataclass(frozen=True)
class Address:
    """A route with its name; `model` is whose list, form or row it is, and None for a page of its own."""

    route: str
    name: str
    model: type[Model] | None

    @property
    def of_row(self) -> bool:
        """Whether a row's id belongs in it."""
        return bool({"object_id", "id"} & set(self.parameters))

    @property
    def parameters(self) -> list[str]:
        """The names of what is to be filled in."""
        return [one or other for one, other in PARAMETER.findall(self.route)]

    def path(self, **values: Any) -> str:
        """Return it filled in; what is not given is "consultations", as the admin's list of an app needs it."""
        bare = PARAMETER.sub(lambda found: str(values.get(found[1] or found[2], "consultations")), self.route)
        return "/" + bare.replace("^", "").replace("$", "").replace("\\Z", "")

    def of(self, row: Model, pk: Any = None) -> str:
        """Return the address of a row, or of another id in its place."""
        pk = row.pk if pk is None else pk
        return self.path(object_id=pk, id=pk, content_type_id=ContentType.objects.get_for_model(row).pk)


def addresses() -> list[Address]:
    """Return every address below admin/, but for those that end the session; the first of two alike is the one that answers."""
    found: dict[str, Address] = {}
    for one in _flat(get_resolver().url_patterns, ""):
        if one.route.startswith("admin/") and "logout" not in one.route:
            found.setdefault(one.route, one)
    return list(found.values())


def _flat(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, route)
        else:
            name = str(pattern.name or "")
            found = NAME.fullmatch(name)
            known = found is not None and found[2] in apps.all_models[found[1]]
            yield Address(route, name, apps.get_model(found[1], found[2]) if found and known else None)
