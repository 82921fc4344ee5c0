"""What a visitor wrote about themselves is nowhere but sealed in its column, and after erasing nothing of them is anywhere.

These look at the database as whoever steals it would: at the bytes of SQLite's files, or at every row of PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter, get_exception_reporter_filter

from consultations.evidence import consents
from consultations.intake import receiving
from consultations.links import digests
from consultations.mail import delivery
from consultations.models import ConsultationRequest, Message
from consultations.privacy import retention
from consultations.requests import moving, people
from consultations.statuses import ConsentPurpose, Status
from tests.factories import confirm, make_center, make_clinic, make_staff

SENTENCE = "zirconium ligament whispers"
NAME, EMAIL, PHONE = "Quirina Vantongeren", "quirina@vantongeren.example", "+1 202-555-0187"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("words_beside_boxes")]


@pytest.fixture
def words_beside_boxes(transactional_db: None) -> None:
    """The consent texts of the migrations, which a test that empties the database takes away from the next."""
    for purpose in ConsentPurpose:
        if purpose not in receiving.current_texts(timezone.now()):
            consents.reword(purpose, text=f"I agree: {purpose}", active_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def database_bytes() -> bytes:
    """Return what a copy of the database holds."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        # Read by another process: where this one closes a file of the database, SQLite's locks on it are gone, and the next
        # process that leaves takes the journal away (sqlite.org/howtocorrupt.html, 2.2).
        return subprocess.check_output(["/bin/cat", *path.parent.glob(f"{path.name}*")])
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608  names of our tables
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).encode()


def walk_through(client: Client) -> ConsultationRequest:
    """Send the form, add a note, and let staff note something and close it: each with the sentence in it."""
    client.post(
        "/consultation/",
        {
            "name": NAME,
            "email": EMAIL,
            "phone": PHONE,
            "message": SENTENCE,
            "agree_health": "on",
            "center": make_center().slug,
        },
    )
    request = ConsultationRequest.objects.get()
    client.post(f"{request.get_private_url()}note/", {"text": f"Again: {SENTENCE}"})
    client.post(f"{request.get_private_url()}contact/", {"best_time": "at noon"})
    moving.move(
        request,
        to=Status.LOST,
        by=make_staff(),
        seen=Status(request.status),
        now=timezone.now(),
        reason=f"Because {SENTENCE}",
    )
    return request


def work_at_the_desk(client: Client, request: ConsultationRequest) -> None:
    """Read the request and note the sentence, through the admin."""
    client.force_login(make_staff("Triage", "Managers"))
    base = "admin:consultations_consultationrequest"
    client.get(reverse(f"{base}_changelist"), {"q": NAME})
    assert SENTENCE in client.get(reverse(f"{base}_change", args=[request.pk])).content.decode()
    assert client.post(reverse(f"{base}_note", args=[request.pk]), {"text": SENTENCE}).status_code == 302
    client.post(reverse(f"{base}_move", args=[request.pk]), {"to": "lost", "seen": "new", "reason": SENTENCE})
    client.get(reverse(f"{base}_proof", args=[request.pk]))


def deliver_into(folder: Path) -> str:
    """Send every mail into a folder and return all of it."""
    mailers = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(folder)},
        }
    }
    with override_settings(MAILERS=mailers):
        assert delivery.deliver_due(now=timezone.now() + dt.timedelta(days=1)) == 2
    return "\n".join(path.read_text() for path in folder.iterdir())


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything logged from here on, as a file would get it from a site that logs as much as it can."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, loggers = Keep(logging.DEBUG), [logging.getLogger(name) for name in ("", "django")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield lines
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_sentence_is_found_where_it_is_not_sealed() -> None:
    """Shows that the search below would find something: a name is not sealed."""
    make_clinic()
    walk_through(Client())

    assert NAME.encode() in database_bytes()


def test_health_sentence_is_only_where_it_is_sealed(tmp_path: Path, logged: list[str]) -> None:
    make_clinic()
    client = Client()

    request = walk_through(client)
    work_at_the_desk(client, request)
    mails = deliver_into(tmp_path)

    request.refresh_from_db()
    assert request.message == SENTENCE
    assert SENTENCE.encode() not in database_bytes()
    assert SENTENCE not in mails
    assert SENTENCE not in "\n".join(logged)
    assert request.reference in mails


def test_error_report_hides_what_was_typed_and_what_was_read() -> None:
    posted = RequestFactory().post("/consultation/", {"name": NAME, "message": SENTENCE})

    def breaks(message: str) -> None:
        raise RuntimeError("broken")

    try:
        breaks(SENTENCE)
    except RuntimeError:
        reporter = ExceptionReporter(posted, *sys.exc_info())
        report = reporter.get_traceback_text() + reporter.get_traceback_html()

    assert (
        type(get_exception_reporter_filter(posted)).__name__
        == project.DEFAULT_EXCEPTION_REPORTER_FILTER.rsplit(".")[-1]
    )
    assert "broken" in report
    assert [word for word in (SENTENCE, NAME) if f"'{word}'" in report or f"&#x27;{word}" in report] == []


def test_after_erasing_nothing_of_the_person_is_left(tmp_path: Path) -> None:
    make_clinic()
    client = Client()
    request = confirm(walk_through(client))
    work_at_the_desk(client, request)
    deliver_into(tmp_path)
    LogEntry.objects.create(
        user=make_staff(),
        content_type=ContentType.objects.get_for_model(ConsultationRequest),
        object_id=str(request.pk),
        object_repr=request.reference,
        action_flag=CHANGE,
        change_message=NAME,
    )
    mark = digests.keyed(people.PURPOSE, f"email {EMAIL}")
    traces = [NAME, EMAIL, PHONE, "2025550187", "at noon", request.reference, request.link_id, request.key, mark]
    traces += [request.body_digest, SENTENCE]
    present = database_bytes()
    assert [trace for trace in traces if trace.encode() not in present] == ["at noon", SENTENCE]
    assert Session.objects.exists()

    retention.erase(request, by=None, now=timezone.now())

    left = database_bytes()
    assert [trace for trace in traces if trace.encode() in left] == []
    assert Message.objects.filter(request=request).count() == 2


def test_failed_mail_is_logged_without_address(logged: list[str]) -> None:
    make_clinic()
    walk_through(Client())
    options = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    mailers = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

    with override_settings(MAILERS=mailers):
        delivery.deliver_due(now=timezone.now() + dt.timedelta(days=1))

    said = "\n".join(logged)
    assert "could not be sent" in said
    assert [word for word in (EMAIL, NAME, PHONE, SENTENCE) if word in said] == []
