"""Which passwords are refused."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests import factories

pytestmark = pytest.mark.django_db


def is_refused(password: str, user: object = None) -> bool:
    try:
        validate_password(password, user)  # type: ignore[arg-type]
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    ["Summer26", "Summer2026!", "Internationalization2026", "2026-extraordinarily", "aaaaaaaaaaaaaaaaaaaa", "9" * 18],
)
def test_password_that_programs_try_first_is_refused(password: str) -> None:
    assert is_refused(password)


def test_four_words_are_taken_and_names_in_them_are_not() -> None:
    clinic = factories.make_clinic()
    staff = factories.make_staff(first_name="Rowena", last_name="Okonjo")
    words = "otter plum lantern gravel"

    assert not is_refused(words, staff)
    assert is_refused(f"{words} rowena", staff)
    assert is_refused(f"{words} {clinic.name.split()[0]}", staff)


def test_length_depends_on_the_second_factor() -> None:
    staff = factories.make_staff()
    before = is_refused("plum otter 4kg", staff), is_refused("plum otter 14kg", staff)
    Authenticator.objects.create(user=staff, type="totp", data={})

    after = is_refused("plum otter 4", staff), is_refused("plum otter", staff)

    assert before == (True, False)
    assert after == (False, True)
