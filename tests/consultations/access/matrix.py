"""What each role may do at each address of the admin, as docs/rights.md says it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve

from consultations.groups import EDITORS, MANAGERS, REVIEWERS, TRIAGE
from consultations.models import ConsultationRequest
from tests.consultations.access.walking import ENDS, Address, addresses
from tests.consultations.access.world import Side, World
from tests.factories import make_staff

ROLES = ("stranger", "editor", "reviewer", "triage", "manager", "superuser")
WORDS = {200: "yes", 403: "no", 404: "none", 405: "post"}
HEAD = """# Rights in the admin

Who gets what at each address of the admin, asked with GET: of a row at their own center, and after the stroke of a row at
another. An address without a row, or whose rows have no place, has one answer.
`yes`: the page. `no`: 403. `none`: as for a row that does not exist. `post`: a button, which answers to POST only; whose
row it is, is asked before anything is done. `on`: leads to another page. `login`: to the login page.

`tests/consultations/access/test_matrix.py` compares this file with what it finds; `REWRITE=1` in its environment writes it.

"""


def matrix(world: World) -> str:
    """Return docs/rights.md."""
    users = _users(world)
    lines = [_line(["address", *ROLES]), _line(["---"] * (len(ROLES) + 1))]
    asked = [address for address in addresses() if ENDS not in address.route]
    lines += [_line([f"`/{one.route}`", *(_cell(user, one, world) for user in users)]) for one in asked]
    return HEAD + "\n".join(lines) + "\n"


def _users(world: World) -> list[User | AnonymousUser]:
    places = [world.own.center]
    staff = [make_staff(group, places=places) for group in (EDITORS, REVIEWERS, TRIAGE, MANAGERS)]
    return [AnonymousUser(), *staff, make_staff(places=[], is_superuser=True)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(user: User | AnonymousUser, address: Address, world: World) -> str:
    if not address.of_row:
        return answer(user, address.path(url="nothing"))
    own, foreign = (answer(user, _path(address, side)) for side in (world.own, world.foreign))
    return own if own == foreign else f"{own} / {foreign}"


def _path(address: Address, side: Side) -> str:
    row: Model | None = side.rows.get(address.model or ConsultationRequest)
    if row is None and address.model is not None:
        row = address.model._default_manager.order_by("pk").last()
    return address.path(object_id=row.pk if row else 1, content_type_id=1)


def answer(user: User | AnonymousUser, path: str) -> str:
    """Return in a word what somebody is answered; pages are not drawn, which would take most of the time."""
    request = RequestFactory().get(path)
    request.user, request.session = user, SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    found = resolve(path)
    try:
        response = found.func(request, *found.args, **found.kwargs)
    except PermissionDenied:
        return "no"
    except Http404:
        return "none"
    if response.status_code in (301, 302):
        target = response["Location"]
        missing = any("doesn\u2019t exist" in str(message) for message in request._messages)  # type: ignore[attr-defined]
        return "login" if "/login/" in target else "none" if missing else "on"
    return WORDS.get(response.status_code, str(response.status_code))
