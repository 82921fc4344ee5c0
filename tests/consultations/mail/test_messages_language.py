"""In which language a mail is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from consultations.mail import messages
from consultations.models import ConsultationRequest
from consultations.statuses import MessageKind
from content.models import ClinicProfile
from tests import factories
from tests.consultations.mail.test_messages import mail_of, text_of

pytestmark = pytest.mark.django_db

TO_STAFF = MessageKind.STAFF_NEW


@pytest.fixture
def request_(clinic: ClinicProfile) -> ConsultationRequest:
    return factories.make_request()


class TestLanguage:
    """Visitors are written to in their language where all three texts exist in it."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        engine: dict[str, Any] = settings.TEMPLATES[0]
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
