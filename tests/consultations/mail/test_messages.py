"""What mails say, to whom, and what they never say."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import cast

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import override_settings

from consultations.mail import messages
from consultations.models import ConsultationRequest, Message
from consultations.statuses import ConsentPurpose, MessageKind
from content.models import ClinicProfile
from tests import factories

pytestmark = pytest.mark.django_db

HEALTH = "Since spring my left knee gives way on the stairs"
TO_VISITOR, TO_STAFF = MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW


def mail_of(request: ConsultationRequest, kind: MessageKind = TO_VISITOR) -> EmailMessage:
    """Return the mail as a reader's program would parse it from the wire."""
    built = messages.build(Message.objects.get(request=request, kind=kind))
    raw = built.message(policy=email.policy.SMTP).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(mail: EmailMessage, subtype: str = "plain") -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return cast("str", body.get_content()).replace("\r\n", "\n")


def words_of(mail: EmailMessage) -> str:
    """Return everything in a mail, headers and both bodies."""
    return "\n".join([*map(str, mail.values()), text_of(mail), text_of(mail, "html")])


@pytest.fixture
def request_(clinic: ClinicProfile) -> ConsultationRequest:
    therapy = factories.make_therapy(name="Umbilical exosomes")
    return factories.make_request(
        name="Ewa O'Brien-Łuk",
        email="ewa@visitor.example",
        phone="+1 202 555 0199",
        message=HEALTH,
        therapies=[therapy],
        agreed={ConsentPurpose.HEALTH},
    )


def test_a_mail_is_plain_text_and_html_of_the_same_content(request_: ConsultationRequest) -> None:
    mail = mail_of(request_)

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for subtype in ("plain", "html"):
        assert request_.reference in text_of(mail, subtype)
        assert settings.SITE_URL + request_.get_private_url() in text_of(mail, subtype)
        assert "within one working day" in text_of(mail, subtype)


def test_a_mail_loads_nothing_when_it_is_opened(request_: ConsultationRequest) -> None:
    html = text_of(mail_of(request_), "html")

    assert [word for word in ("<img", "<link", "url(", "src=", "@import", "<script") if word in html] == []


@pytest.mark.parametrize("name", ["Nguyễn Thị Hoa", "O'Brien-Łuk", "李", "J. R. Dahl", "Σοφία", "नेहा"])
def test_the_visitor_is_greeted_in_their_alphabet(clinic: ClinicProfile, name: str) -> None:
    mail = mail_of(factories.make_request(name=name))

    assert text_of(mail).startswith(f"Hello {name},")
    assert f"Hello {name.replace("'", '&#x27;')}," in text_of(mail, "html")


@pytest.mark.parametrize(
    "name", ["www.pills.example", "Win at https://x.example", "a@b.example", "Call 0900", "x" * 61]
)
def test_a_name_that_is_an_advertisement_is_not_sent_on(clinic: ClinicProfile, name: str) -> None:
    mail = mail_of(factories.make_request(name=name))

    assert text_of(mail).startswith("Hello,")
    assert name not in words_of(mail)


def test_mails_hold_nothing_of_what_the_visitor_wrote(request_: ConsultationRequest) -> None:
    for kind in (TO_VISITOR, TO_STAFF):
        words = words_of(mail_of(request_, kind))

        assert HEALTH not in words
        assert "knee" not in words
        assert "exosomes" not in words.lower()


def test_the_mail_to_staff_is_a_reference_and_a_link(request_: ConsultationRequest) -> None:
    mail = mail_of(request_, TO_STAFF)
    desk = f"{settings.SITE_URL}/admin/consultations/consultationrequest/{request_.pk}/change/"

    assert mail["Subject"] == f"New request {request_.reference}"
    assert text_of(mail) == f"A request has arrived: {request_.reference}\n\nOpen it at the desk:\n{desk}\n"
    assert desk in text_of(mail, "html")
    assert "Ewa" not in words_of(mail)
    assert "ewa@" not in words_of(mail)
    assert request_.get_private_url() not in words_of(mail)


def test_a_discreet_mail_tells_onlookers_nothing(request_: ConsultationRequest) -> None:
    mail = mail_of(request_)

    assert mail["Subject"] == f"Your message to Fern: {request_.reference}"
    assert mail["From"] == "Fern <hello@fern.example>"
    links_apart = words_of(mail).replace(request_.get_private_url(), "").lower()
    assert [word for word in ("consultation", "therap", "clinic", "treat") if word in links_apart] == []


def test_a_clinic_may_speak_plainly(request_: ConsultationRequest) -> None:
    factories.make_clinic(discreet_mail=False)

    mail = mail_of(request_)

    assert mail["Subject"] == f"We have your request for a free consultation: {request_.reference}"
    assert mail["From"] == "Fern Clinics <hello@fern.example>"
    assert "request for a free consultation" in text_of(mail)


def test_headers_say_that_a_machine_wrote_and_that_people_answer(request_: ConsultationRequest) -> None:
    mail = mail_of(request_)

    assert mail["To"] == "ewa@visitor.example"
    assert mail["Reply-To"] == "hello@fern.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail["Message-ID"] == mail_of(request_)["Message-ID"]
    assert mail["Message-ID"] != mail_of(request_, TO_STAFF)["Message-ID"]


@override_settings(DEFAULT_FROM_EMAIL="Old name <post@sender.example>")
def test_the_senders_address_may_be_another_one_than_the_clinics(request_: ConsultationRequest) -> None:
    mail = mail_of(request_)

    assert mail["From"] == "Fern <post@sender.example>"
    assert mail["Reply-To"] == "hello@fern.example"


@pytest.mark.parametrize("name", ['Fern, "Clinics" <a@b.example>', "Fërn Clinics", "Fern\r\nBcc: all@x.example"])
def test_the_clinics_name_cannot_break_the_sender(request_: ConsultationRequest, name: str) -> None:
    factories.make_clinic(short_name=name[:30], name=name)

    mail = mail_of(request_)

    assert [address.addr_spec for address in mail["From"].addresses] == ["hello@fern.example"]
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1


def test_without_any_address_to_send_from_building_fails_in_words(request_: ConsultationRequest) -> None:
    ClinicProfile.objects.update(email="")

    with pytest.raises(ValueError, match="no address to send from"):
        mail_of(request_)


@pytest.mark.parametrize("recipient", ["a@x.example\nBcc: b@x.example", "a@x.example\r\n\r\nHello", "a@x.example\n"])
def test_a_recipient_cannot_write_headers(request_: ConsultationRequest, recipient: str) -> None:
    Message.objects.filter(request=request_, kind=TO_VISITOR).update(recipient=recipient)

    with pytest.raises(ValidationError):
        mail_of(request_)


def test_a_name_cannot_write_headers(clinic: ClinicProfile) -> None:
    mail = mail_of(factories.make_request(name="Ada\r\nBcc: b@x.example"))

    assert mail["Bcc"] is None
    assert mail["To"] == "ada@visitor.example"


@override_settings(SITE_URL="http://[::1]:8000")
def test_a_site_without_a_name_has_proper_message_ids(request_: ConsultationRequest) -> None:
    assert mail_of(request_)["Message-ID"].endswith("@localhost>")


def test_marketing_can_be_unsubscribed_from_with_one_click(
    request_: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MARKETING", frozenset({TO_VISITOR}))

    mail = mail_of(request_)

    address = f"<{settings.SITE_URL}{request_.get_private_url()}unsubscribe/>"
    assert mail["List-Unsubscribe"] == address
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
