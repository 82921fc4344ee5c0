"""Codes that are mailed before a confirmed address is changed or a request is erased."""

from __future__ import annotations

import datetime as dt

import pytest

from consultations.exceptions import NotAllowed
from consultations.links import codes as links
from consultations.mail import messages
from consultations.models import ConsultationRequest, ContactCode
from consultations.models.code import MOST_TRIES
from consultations.privacy import codes
from consultations.privacy.selfservice import Correction
from consultations.statuses import MessageKind
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


def asked(wanted: Correction | None = None) -> tuple[ConsultationRequest, str]:
    request = factories.make_request()
    codes.start(request, wanted=wanted, now=NOW)
    return request, links.code_of(request.codes.get().mark)


def test_the_code_is_in_the_mail_and_not_in_the_database() -> None:
    request, code = asked()

    assert code in messages.build(request.messages.get(kind=MessageKind.VISITOR_CODE)).body
    assert code not in str(ContactCode.objects.values().get())
    assert (len(code), code.isdigit()) == (8, True)


def test_the_right_code_erases_once() -> None:
    request, code = asked()

    assert codes.carry_out(request, typed=f" {code[:4]} {code[4:]}", now=NOW) == "erasure"

    request.refresh_from_db()
    assert request.erasure_asked_at == NOW
    with pytest.raises(NotAllowed):
        codes.carry_out(request, typed=code, now=NOW)


def test_the_right_code_changes_the_address_as_far_as_the_new_one_must_confirm() -> None:
    request, code = asked(Correction(email="ada@work.example"))

    codes.carry_out(request, typed=code, now=NOW)

    request.refresh_from_db()
    assert (request.email, request.pending_email) == ("ada@visitor.example", "ada@work.example")
    assert request.messages.get(kind=MessageKind.VISITOR_CONFIRM).recipient == "ada@work.example"


def test_five_wrong_codes_end_it() -> None:
    request, code = asked()
    wrong = "0" * 8 if code != "0" * 8 else "1" * 8

    for _ in range(MOST_TRIES):
        with pytest.raises(NotAllowed):
            codes.carry_out(request, typed=wrong, now=NOW)

    with pytest.raises(NotAllowed):
        codes.carry_out(request, typed=code, now=NOW)
    request.refresh_from_db()
    assert request.erasure_asked_at is None


def test_a_code_ends_after_fifteen_minutes() -> None:
    request, code = asked()

    with pytest.raises(NotAllowed):
        codes.carry_out(request, typed=code, now=NOW + dt.timedelta(minutes=15))


def test_visitors_with_a_number_only_are_told_to_call() -> None:
    request = factories.make_request(email="", phone="+12025550143", phone_e164="+12025550143")

    with pytest.raises(NotAllowed, match="Please call us"):
        codes.refuse_by_phone(request)


@pytest.mark.parametrize(
    ("email", "confirmed", "wanted", "refused"),
    [
        ("", True, None, True),
        ("", False, None, True),
        ("ada@visitor.example", True, None, False),
        ("", True, Correction(phone="+12025550188"), True),
        ("", True, Correction(email="ada@visitor.example"), True),
        ("", True, Correction(name="Ada"), False),
        ("", False, Correction(phone="+12025550188"), False),
        ("ada@visitor.example", True, Correction(phone="+12025550188"), False),
    ],
)
def test_who_left_no_address_calls_to_erase_or_to_change_a_confirmed_number(
    email: str,
    confirmed: bool,  # noqa: FBT001
    wanted: Correction | None,
    refused: bool,  # noqa: FBT001
) -> None:
    request = ConsultationRequest(email=email, phone="+12025550187", phone_confirmed_at=NOW if confirmed else None)

    if refused:
        with pytest.raises(NotAllowed, match="Please call us"):
            codes.refuse_by_phone(request, wanted)
    else:
        codes.refuse_by_phone(request, wanted)
