"""What mails say, to whom, and what they never say."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import override_settings

from consultations import messages, retention
from consultations.exceptions import ChangedMeanwhile
from consultations.models import Activity, ConsultationRequest, Message
from consultations.statuses import ActivityKind, ConsentPurpose, MessageKind, MessageState
from content.models import ClinicProfile
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HEALTH = "Since spring my left knee gives way on the stairs"
TO_VISITOR, TO_STAFF = MessageKind.VISITOR_RECEIVED, MessageKind.STAFF_NEW


def mail_of(request: ConsultationRequest, kind: MessageKind = TO_VISITOR) -> EmailMessage:
    """Return the mail as a reader's program would parse it from the wire."""
    built = messages.build(Message.objects.get(request=request, kind=kind))
    raw = built.message(policy=email.policy.SMTP).as_bytes()
    return cast("EmailMessage", email.message_from_bytes(raw, policy=email.policy.default))


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
    assert len(mail.get_all("Subject")) == 1


def test_without_any_address_to_send_from_building_fails_in_words(request_: ConsultationRequest) -> None:
    ClinicProfile.objects.update(email="")

    with pytest.raises(ValueError, match="no address to send from"):
        mail_of(request_)


@pytest.mark.parametrize(
    "recipient", ["a@x.example\nBcc: b@x.example", "a@x.example\r\n\r\nHello", "a@x.example\n"]
)
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


class TestLanguage:
    """Visitors are written to in their language where all three texts exist in it."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Any:
        engine = settings.TEMPLATES[0]
        with override_settings(TEMPLATES=[engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]):
            folder = tmp_path / "consultations/mail/pt-br"
            folder.mkdir(parents=True)
            yield folder

    def write(self, folder: Path, *names: str) -> None:
        for name in names:
            (folder / f"visitor-received-{name}").write_text("Olá {{ request.reference }}", encoding="utf-8")

    @pytest.mark.parametrize("language", ["pt-br", "pt-BR"])
    def test_their_own_texts_are_used(self, request_: ConsultationRequest, folder: Path, language: str) -> None:
        self.write(folder, *messages.TRIO)
        ConsultationRequest.objects.update(language=language)

        mail = mail_of(request_)

        assert text_of(mail) == f"Olá {request_.reference}\n"
        assert mail["Content-Language"] == "pt-br"

    def test_half_a_translation_is_not_used(self, request_: ConsultationRequest, folder: Path) -> None:
        self.write(folder, "subject.txt", "body.txt")
        ConsultationRequest.objects.update(language="pt-br")

        mail = mail_of(request_)

        assert text_of(mail).startswith("Hello")
        assert mail["Content-Language"] == "en"
        assert '<html lang="en" dir="ltr">' in text_of(mail, "html")

    def test_staff_are_written_to_in_the_sites_language(self, request_: ConsultationRequest, folder: Path) -> None:
        self.write(folder, *messages.TRIO)
        ConsultationRequest.objects.update(language="pt-br")

        assert mail_of(request_, TO_STAFF)["Content-Language"] == "en"

    @pytest.mark.parametrize("language", ["", "de", "xx-yy", "*", "../..", "en;q=0.1", "a" * 12])
    def test_any_other_language_is_answered_in_the_sites(self, request_: ConsultationRequest, language: str) -> None:
        ConsultationRequest.objects.update(language=language)

        assert mail_of(request_)["Content-Language"] == "en"


class TestResend:
    """Staff may send again what failed, and nothing else."""

    def fail(self, request: ConsultationRequest, **changes: Any) -> Message:
        found = request.messages.filter(kind=TO_VISITOR)
        found.update(**{"state": MessageState.DEAD, "attempts": 11, "last_error": "TimeoutError"} | changes)
        return found.get()

    @pytest.mark.parametrize("state", [MessageState.DEAD, MessageState.QUEUED])
    def test_a_failed_mail_is_due_at_once_and_starts_afresh(
        self, request_: ConsultationRequest, state: MessageState
    ) -> None:
        message, staff = self.fail(request_, state=state, due_at=NOW + dt.timedelta(days=1)), factories.make_staff()

        messages.resend(message, by=staff, now=NOW)

        assert (message.state, message.attempts, message.due_at) == (MessageState.QUEUED, 0, NOW)
        assert message.last_error == ""
        line = Activity.objects.get(request=request_, kind=ActivityKind.MESSAGE)
        assert (line.by, line.at, line.text) == (staff, NOW, "Confirmation to the visitor: to be sent again")

    def test_a_corrected_address_is_used(self, request_: ConsultationRequest) -> None:
        self.fail(request_)
        ConsultationRequest.objects.update(email="right@visitor.example")
        message = Message.objects.get(kind=TO_VISITOR)

        messages.resend(message, by=factories.make_staff(), now=NOW)

        assert message.recipient == "right@visitor.example"

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": MessageState.SENT, "sent_at": NOW},
            {"state": MessageState.SENDING, "leased_until": NOW},
            {"state": MessageState.QUEUED, "attempts": 0},
        ],
    )
    def test_other_mails_are_left_alone(self, request_: ConsultationRequest, changes: dict[str, Any]) -> None:
        message = self.fail(request_, **changes)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(message, by=factories.make_staff(), now=NOW)

        assert Message.objects.get(pk=message.pk).state == changes["state"]
        assert not Activity.objects.filter(kind=ActivityKind.MESSAGE).exists()

    def test_a_second_click_is_refused(self, request_: ConsultationRequest) -> None:
        message, staff = self.fail(request_), factories.make_staff()
        messages.resend(message, by=staff, now=NOW)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(message, by=staff, now=NOW)

        assert Activity.objects.filter(kind=ActivityKind.MESSAGE).count() == 1

    def test_nobody_writes_to_an_erased_visitor(self, request_: ConsultationRequest) -> None:
        self.fail(request_)
        retention.erase(request_, by=None, now=NOW)

        with pytest.raises(ChangedMeanwhile):
            messages.resend(Message.objects.get(kind=TO_VISITOR), by=factories.make_staff(), now=NOW)


class TestTrouble:
    """A request whose mail failed is flagged."""

    @pytest.mark.parametrize(
        ("changes", "flagged"),
        [
            ({}, False),
            ({"state": MessageState.QUEUED, "attempts": 1, "last_error": "TimeoutError"}, True),
            ({"state": MessageState.SENDING, "leased_until": NOW, "last_error": "TimeoutError"}, True),
            ({"state": MessageState.SENDING, "leased_until": NOW, "attempts": 1}, False),
            ({"state": MessageState.DEAD}, True),
            ({"state": MessageState.SENT, "sent_at": NOW, "attempts": 3}, False),
        ],
    )
    def test_what_counts(self, request_: ConsultationRequest, changes: dict[str, Any], flagged: bool) -> None:  # noqa: FBT001
        other = factories.make_request()
        other.messages.update(state=MessageState.SENT, sent_at=NOW)
        request_.messages.filter(kind=TO_STAFF).update(state=MessageState.SENT, sent_at=NOW)
        if changes:
            request_.messages.filter(kind=TO_VISITOR).update(**changes)

        found = dict(ConsultationRequest.objects.with_mail_trouble().values_list("pk", "mail_trouble"))

        assert found == {request_.pk: flagged, other.pk: False}

    def test_an_erased_request_troubles_nobody(self, request_: ConsultationRequest) -> None:
        retention.erase(request_, by=None, now=NOW)

        assert ConsultationRequest.objects.with_mail_trouble().get().mail_trouble is False
