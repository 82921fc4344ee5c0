"""The visitor's private page: what it says, what can be sent from it, and who may not open it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from consultations.links import private_link
from consultations.models import Activity, ConsultationRequest, Message
from consultations.privacy import retention, selfservice
from consultations.requests import moving
from consultations.statuses import ActivityKind, ConsentPurpose, ContactBy, Status
from consultations.visitor_words import DONE, NEXT_STEPS, NO_REQUEST
from content.models import ClinicProfile
from tests.factories import NOW, make_center, make_request, make_staff

LATER = NOW + dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


def address(request: ConsultationRequest, action: str = "") -> str:
    name = f"consultations:private-{action}" if action else "consultations:private"
    return reverse(name, args=[private_link.token_for(request.link_id)])


def kinds(request: ConsultationRequest) -> list[str]:
    return [activity.kind for activity in request.activities.all()]


def test_page_says_status_deadline_with_zone_and_first_name(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(center=make_center(time_zone="America/New_York"))
    marta = make_staff(first_name="Marta", last_name="Secretname")
    moving.assign(request, to=marta, by=marta, seen=None, now=NOW)

    page = client.get(address(request)).content.decode()

    assert "Received: we have not been in touch yet." in page
    assert "(New York time)" in page
    assert "Marta" in page
    assert "Secretname" not in page


def test_page_shows_nothing_personal_in_full(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(
        name="Ada Visitor",
        email="ada@visitor.example",
        phone="+1 202-555-0143",
        phone_e164="+12025550143",
        message="My knee",
        best_time="after tea",
        agreed={ConsentPurpose.HEALTH},
    )
    selfservice.add_note(request, text="And my elbow", now=LATER)

    page = (
        client.get(address(request))
        .content.decode()
        .replace(str(clinic.phone.as_international), "")
        .replace("+12025550143", "")
    )

    shown = [word for word in ("Ada", "visitor.example", "555-0143", "knee", "elbow", "after tea") if word in page]
    assert shown == []
    assert "a…@v….example" in page
    assert "+1 … 43" in page


def test_page_headers_keep_it_private_and_set_no_cookie(client: Client, clinic: ClinicProfile) -> None:
    response = client.get(address(make_request()))

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_page_of_suspected_spam_reads_like_a_new_request(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()
    before = client.get(address(request)).content
    ConsultationRequest.objects.filter(pk=request.pk).update(status=Status.SPAM)

    assert client.get(address(request)).content == before


def test_every_status_has_next_steps() -> None:
    assert set(NEXT_STEPS) | {Status.SPAM} == set(Status)


@pytest.mark.parametrize("how", ["forged", "short", "revoked", "erased"])
@pytest.mark.parametrize("action", ["", "note", "contact", "consent", "erase"])
def test_link_that_opens_nothing_is_the_same_404(client: Client, clinic: ClinicProfile, how: str, action: str) -> None:
    request = make_request()
    path = address(request, action)
    if how == "forged":
        path = path.replace(private_link.token_for(request.link_id), request.link_id + "A" * 32)
    elif how == "short":
        path = path.replace(private_link.token_for(request.link_id), "abc")
    elif how == "revoked":
        selfservice.revoke_link(request, by=make_staff(), now=LATER)
    else:
        retention.erase(request, by=None, now=LATER)

    response = client.post(path, {"text": "x"}) if action else client.get(path)

    assert response.status_code == 404
    assert NO_REQUEST in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert not request.activities.filter(kind=ActivityKind.VISITOR).exists()


def test_get_and_head_change_nothing(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(agreed=set(ConsentPurpose))
    before = [sorted(Model.objects.values_list()) for Model in (ConsultationRequest, Activity, Message)]

    for action in ("", "note", "contact", "consent", "erase"):
        for method in (client.get, client.head):
            method(address(request, action), {"done": "erasure", "sure": "on", "text": "x"})

    assert [sorted(Model.objects.values_list()) for Model in (ConsultationRequest, Activity, Message)] == before


def test_get_of_an_action_leads_to_the_page(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()

    response = client.get(address(request, "note"))

    assert (response.status_code, response.headers["Location"]) == (302, address(request))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, clinic: ClinicProfile, method: str) -> None:
    request = make_request()

    assert getattr(client, method)(address(request)).status_code == 405
    assert getattr(client, method)(address(request, "erase")).status_code == 405


def test_form_from_another_site_is_turned_away_in_words(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()

    response = client.post(address(request, "erase"), {"sure": "on"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "nothing was changed" in response.content.decode()
    request.refresh_from_db()
    assert request.erasure_asked_at is None


def test_post_works_as_browsers_send_it_without_cookie_and_referrer(clinic: ClinicProfile) -> None:
    request = make_request(confirmed=False)
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(
        address(request, "erase"), {"sure": "on"}, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    )

    assert (response.status_code, response.headers["Location"]) == (303, f"{address(request)}?done=erasure")


def test_note_is_kept_and_said_once(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(message="x", agreed={ConsentPurpose.HEALTH})

    first = client.post(address(request, "note"), {"text": "I forgot: mornings only."})
    second = client.post(address(request, "note"), {"text": "I forgot: mornings only."})

    note = request.activities.get(kind=ActivityKind.VISITOR)
    assert (note.text, note.by) == ("I forgot: mornings only.", None)
    assert first.headers["Location"] == f"{address(request)}?done=note"
    assert second.headers["Location"] == f"{address(request)}?done=note-again"
    assert DONE["note"] in client.get(first.headers["Location"]).content.decode()


def test_note_without_words_is_an_error_that_links_to_the_field(client: Client, clinic: ClinicProfile) -> None:
    response = client.post(address(make_request(agreed={ConsentPurpose.HEALTH}), "note"), {"text": "  "})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert '<a href="#id_text">Write your note first.</a>' in page


def test_note_needs_the_health_consent_where_none_stands(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()

    refused = client.post(address(request, "note"), {"text": "My knee"})
    taken = client.post(address(request, "note"), {"text": "My knee", "agree_health": "on"})

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "My knee</textarea>" in refused.content.decode()
    assert [consent.text.purpose for consent in request.consents.all()] == [ConsentPurpose.HEALTH]


def test_hostile_bytes_in_a_note_are_no_server_error(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(agreed={ConsentPurpose.HEALTH})

    for body in (b"text=%00%ff%fe\xff", b"text=" + b"a" * 100_000, b"text[]=1&text=%ED%A0%80", b"\x00"):
        response = client.post(address(request, "note"), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in {303, 422}


def test_contact_correction_changes_what_was_typed_and_notes_which_fields(
    client: Client, clinic: ClinicProfile
) -> None:
    request = make_request(
        name="Ada", email="old@visitor.example", phone="+1 202-555-0143", phone_e164="+12025550143", confirmed=False
    )
    mails = list(request.messages.values_list("recipient", flat=True))

    response = client.post(address(request, "contact"), {"email": "new@visitor.example", "phone": "", "name": ""})

    request.refresh_from_db()
    assert response.headers["Location"] == f"{address(request)}?done=contact"
    assert (request.name, request.email, request.phone) == ("Ada", "new@visitor.example", "+1 202-555-0143")
    assert request.activities.get(kind=ActivityKind.CONTACT).text == "Changed: email address"
    asked = request.messages.get(kind="visitor_confirm")
    assert asked.recipient == "new@visitor.example"
    assert list(request.messages.exclude(pk=asked.pk).values_list("recipient", flat=True)) == mails


def test_contact_correction_without_change_says_so(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(confirmed=False)

    response = client.post(address(request, "contact"), {"email": "ada@visitor.example"})

    assert response.headers["Location"] == f"{address(request)}?done=contact-same"
    assert ActivityKind.CONTACT not in kinds(request)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "no address"}, "Enter an email address like name@example.com."),
        ({"phone": "none"}, "Enter a phone number with digits"),
        ({"drop_email": "on", "drop_phone": "on"}, "Keep one of the two"),
        ({"drop_email": "on", "email": "b@c.example"}, "You typed a new one above"),
        ({"drop_email": "on", "contact_by": "email"}, "For that we need an email address"),
    ],
)
def test_contact_correction_refuses_in_words(
    client: Client, clinic: ClinicProfile, typed: dict[str, str], sentence: str
) -> None:
    request = make_request(phone="+1 202-555-0143", phone_e164="+12025550143")

    response = client.post(address(request, "contact"), typed | {"best_time": "at dawn"})

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'value="at dawn"' in page
    assert ActivityKind.CONTACT not in kinds(request)


def test_dropping_an_address_leaves_a_way_that_works(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(
        phone="+1 202-555-0143", phone_e164="+12025550143", contact_by=ContactBy.EMAIL, confirmed=False
    )

    client.post(address(request, "contact"), {"drop_email": "on"})

    request.refresh_from_db()
    assert (request.email, request.contact_by) == ("", ContactBy.PHONE)


def test_erasure_is_asked_for_once(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(confirmed=False)

    unsure = client.post(address(request, "erase"), {})
    first = client.post(address(request, "erase"), {"sure": "on"})
    request.refresh_from_db()
    asked_at = request.erasure_asked_at
    second = client.post(address(request, "erase"), {"sure": "on"})

    request.refresh_from_db()
    assert (unsure.status_code, first.status_code) == (422, 303)
    assert second.headers["Location"] == f"{address(request)}?done=erasure-again"
    assert asked_at is not None
    assert request.erasure_asked_at == asked_at
    assert kinds(request).count(ActivityKind.ERASURE) == 1
    assert "you asked us to erase" in client.get(address(request)).content.decode()


def test_unknown_done_word_says_nothing(client: Client, clinic: ClinicProfile) -> None:
    page = client.get(address(make_request()), {"done": "<script>"}).content.decode()

    assert 'role="status"' not in page


def test_revoked_link_is_replaced_by_a_new_one(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()
    old = address(request)

    selfservice.revoke_link(request, by=make_staff(), now=LATER)

    assert client.get(old).status_code == 404
    assert client.get(address(request)).status_code == 200
