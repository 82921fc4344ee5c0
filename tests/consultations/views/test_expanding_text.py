"""Text that grows when it is normalised: 200 characters become 600, and a field of 200 is still asked for fewer in words."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from consultations.forms.request import MESSAGE_LENGTH, NAME_LENGTH
from consultations.models import ConsultationRequest
from tests.factories import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]

# A letter of Hebrew with two marks, which has no one-character form in NFC.
GROWING = "\ufb2c"
WIDE = GROWING * NAME_LENGTH
LONG = GROWING * (MESSAGE_LENGTH // 2)
GOOD = {"name": "Ada Visitor", "email": "ada@visitor.example", "best_time": "at dawn"}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("name", WIDE, f"Enter a name of at most {NAME_LENGTH} characters."),
        ("phone", WIDE, "Enter a phone number of at most 60 characters."),
        ("best_time", WIDE, "Use at most 200 characters for the time."),
        ("message", LONG, f"Use at most {MESSAGE_LENGTH} characters for your message."),
        ("email", f"{WIDE}@visitor.example", "We cannot send mail to an address with “ש” before the @."),
    ],
)
def test_form_comes_back_with_a_sentence_and_everything_typed(
    client: Client, name: str, typed: str, sentence: str
) -> None:
    response = client.post("/consultation/", GOOD | {name: typed})

    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert sentence in page
    assert [value in page for value in (GOOD | {name: typed}).values()] == [True] * len(GOOD | {name: typed})
    assert ConsultationRequest.objects.count() == 0


def test_message_that_still_fits_is_kept_whole(client: Client) -> None:
    response = client.post("/consultation/", GOOD | {"message": WIDE, "agree_health": "on"})

    assert response.status_code == 303
    assert len(ConsultationRequest.objects.get().message) == 3 * NAME_LENGTH


@pytest.mark.parametrize(
    ("action", "name", "typed", "sentence"),
    [
        ("contact", "name", WIDE, f"Enter a name of at most {NAME_LENGTH} characters."),
        ("contact", "phone", WIDE, "Enter a phone number of at most 60 characters."),
        ("contact", "best_time", WIDE, "Use at most 200 characters for the time."),
        ("note", "text", LONG, f"Use at most {MESSAGE_LENGTH} characters for your note."),
    ],
)
def test_private_page_comes_back_with_a_sentence_and_everything_typed(
    client: Client, action: str, name: str, typed: str, sentence: str
) -> None:
    address = make_request().get_private_url()

    response = client.post(f"{address}{action}/", {name: typed})

    page = unescape(response.content.decode())
    assert (response.status_code, sentence in page, typed in page) == (422, True, True)
