"""What each role may do at each address of the admin, as docs/rights.md says it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from consultations.groups import GRANTS
from consultations.models import ConsultationRequest
from tests.consultations.access.addresses import Address, addresses
from tests.consultations.access.asking import Answer, ask
from tests.consultations.access.world import Side, World
from tests.factories import make_staff

ROLES = ("stranger", "no group", *GRANTS, "superuser")
WORDS = {HTTPStatus.FORBIDDEN: "no", HTTPStatus.NOT_FOUND: "none"}
HEAD = """# Rights in the admin

Who gets what at each address of the admin: for a row of their own center, and after the stroke for one of another center.
An address without a row, or whose rows have no place, has one answer. Addresses are asked with GET; buttons, which answer to
POST only, are sent an empty form.
`yes`: the page, or a form that may be sent. `no`: 403. `none`: as for a row that does not exist. `on`: leads to another page.
`login`: to the login page.

`tests/consultations/access/test_matrix.py` compares this file with what it finds; `REWRITE=1` in its environment writes it.

"""


def matrix(world: World) -> str:
    """Return docs/rights.md."""
    users = _users(world)
    lines = [_line(["address", *ROLES]), _line(["---"] * (len(ROLES) + 1))]
    lines += [_line([_named(one), *(_cell(user, one, world) for user in users)]) for one in addresses()]
    return HEAD + "\n".join(lines) + "\n"


def _users(world: World) -> list[User | AnonymousUser]:
    places = [world.own.center]
    staff = [make_staff(*groups, places=places) for groups in [(), *((name,) for name in GRANTS)]]
    return [AnonymousUser(), *staff, make_staff(places=[], is_superuser=True)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _named(address: Address) -> str:
    # A stroke would end the cell.
    return f"`/{address.route}`".replace("|", "\\|")


def _cell(user: User | AnonymousUser, address: Address, world: World) -> str:
    if not address.of_row:
        return answer(user, address.path(url="nothing"))
    own, foreign = (answer(user, _path(address, side)) for side in (world.own, world.foreign))
    return own if own == foreign else f"{own} / {foreign}"


def _path(address: Address, side: Side) -> str:
    model = address.model or ConsultationRequest
    row = side.rows.get(model) or model._default_manager.order_by("pk").last()
    return address.of(row or side.request, row.pk if row else 1)


@transaction.atomic
def answer(user: User | AnonymousUser, path: str) -> str:
    """Return in a word what somebody is answered; what is written by it is taken back."""
    given = ask(user, "GET", path, {}, drawn=False)
    if given.status == HTTPStatus.METHOD_NOT_ALLOWED:
        given = ask(user, "POST", path, {}, drawn=False)
    transaction.set_rollback(True)
    if given.location:
        return _led(given)
    return WORDS.get(HTTPStatus(given.status), "yes")


def _led(given: Answer) -> str:
    missing = "doesn\u2019t exist" in given.told
    return "login" if "/login/" in given.location else "none" if missing else "on"
