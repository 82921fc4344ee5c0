"""Bytes of pictures in a storage beside the database: any of Django's will do, so these are in memory."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage, storages
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from pytest_django import Settings

from clinic.backup import making
from clinic.doctor import contents
from clinic.doctor.findings import Finding
from content.media import keeping, reading, storing
from content.models import Image, ImageFile
from tests.clinic.backup.test_backup import back_up, empty_database, restore
from tests.content.media.pictures import picture
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db


class Away(InMemoryStorage):
    """A storage that cannot be reached."""

    def _open(self, *arguments: Any, **options: Any) -> Any:
        raise ConnectionError("https://key:secret@storage.example")

    _save = exists = delete = _open


@pytest.fixture
def storage(settings: Settings) -> Storage:
    settings.STORAGES = settings.STORAGES | {"pictures": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    return storages["pictures"]


def put_away(settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {"pictures": {"BACKEND": f"{__name__}.Away"}}


def store(title: str = "A joint") -> Image:
    return storing.store(reading.read(picture(size=(90, 30))), title=title, by=make_staff("Editors"), now=NOW)[0]


def sent(client: Client, image: Image) -> bytes:
    response = client.get(image.everyones())
    assert response.status_code == 200
    return response.content


def names_in(storage: Storage) -> list[str]:
    return sorted(storage.listdir("pictures")[1]) if storage.exists("pictures") else []


def move(to: str) -> str:
    out = io.StringIO()
    call_command("move_pictures", to=to, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_picture_is_kept_in_the_storage_and_sent_from_our_own_address(client: Client, storage: Storage) -> None:
    image = store()

    rows = list(ImageFile.objects.values_list("content", "digest", "kind"))
    assert [bytes(content) for content, _, _ in rows] == [b""] * 3
    assert names_in(storage) == sorted(f"{digest}.{kind}" for _, digest, kind in rows)
    assert sent(client, image)[:3] == b"\xff\xd8\xff"


def test_same_picture_sent_again_is_there_already(storage: Storage) -> None:
    first = store()

    assert store("Another title") == first
    assert len(names_in(storage)) == 3


def test_picture_stays_in_the_database_where_the_storage_is_away(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    put_away(settings)
    caplog.set_level(logging.ERROR, logger=keeping.__name__)

    image = store()

    assert sent(client, image) != b""
    assert [message for message in caplog.messages if "secret" in message] == []
    assert (
        caplog.messages[0]
        == "A file of a picture stays in the database: the storage does not take it (ConnectionError)"
    )
    assert list(contents.pictures(NOW)) == [
        Finding("3 files of pictures are in the database: run `manage.py move_pictures --to storage`.")
    ]


def test_picture_whose_storage_is_away_is_asked_for_again_later(
    client: Client, storage: Storage, settings: Settings
) -> None:
    image = store()
    put_away(settings)

    response = client.get(image.everyones())

    assert (response.status_code, response.headers["Retry-After"], response.headers["Cache-Control"]) == (
        503,
        "10",
        "no-store",
    )


def test_bytes_that_are_others_are_not_sent_and_the_doctor_tells(client: Client, storage: Storage) -> None:
    image = store()
    name = f"pictures/{ImageFile.objects.get(kind='jpg').digest}.jpg"
    storage.delete(name)
    storage.save(name, ContentFile(b"something else"))

    assert client.get(image.everyones()).status_code == 503
    assert list(contents.pictures(NOW)) == [
        Finding(
            "Readers do not see 1 file of pictures: the storage gives other bytes than were put there.", serious=True
        )
    ]


def test_doctor_tells_that_the_setting_is_gone(storage: Storage, settings: Settings) -> None:
    store()
    settings.STORAGES = {name: one for name, one in settings.STORAGES.items() if name != "pictures"}

    assert list(contents.pictures(NOW)) == [
        Finding("Readers do not see 3 files of pictures: MEDIA_STORAGE is not set.", serious=True)
    ]


def test_pictures_are_moved_both_ways_under_the_same_addresses(client: Client, settings: Settings) -> None:
    image = store()
    before, rows = sent(client, image), sorted(ImageFile.objects.values_list("pk", "kind", "width"))
    settings.STORAGES = settings.STORAGES | {"pictures": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}

    assert move("storage") == "Moved into the storage: 3 of 3 files.\n"
    assert ImageFile.objects.filter(digest="").count() == 0
    assert (sent(client, image), list(contents.pictures(NOW))) == (before, [])
    assert move("storage") == "Moved into the storage: 0 of 0 files.\n"
    assert move("database") == "Moved into the database: 3 of 3 files.\n"

    assert ImageFile.objects.exclude(digest="").count() == 0
    assert sent(client, image) == before
    assert sorted(ImageFile.objects.values_list("pk", "kind", "width")) == rows


def test_pictures_that_cannot_be_moved_stay_where_they_are(client: Client, settings: Settings) -> None:
    image = store()
    put_away(settings)

    with pytest.raises(CommandError, match=r"^3 stay where they are; run it again once the storage answers\.$"):
        move("storage")

    assert sent(client, image) != b""


def test_nothing_is_moved_without_a_storage() -> None:
    with pytest.raises(CommandError, match=r"^MEDIA_STORAGE is not set: there is no storage beside the database\.$"):
        move("storage")


def test_row_has_either_bytes_or_their_digest() -> None:
    image = store()
    for values in (
        {"content": b"x", "digest": "0" * 64},
        {"content": b"", "digest": ""},
        {"content": b"", "digest": "x"},
    ):
        with pytest.raises(IntegrityError, match="content_imagefile_here_or_elsewhere"), transaction.atomic():
            ImageFile.objects.create(image=image, kind="png", width=1, **values)


def test_picture_in_a_storage_cannot_be_changed_either(storage: Storage) -> None:
    store()

    with pytest.raises(IntegrityError, match="A picture never changes"), transaction.atomic():
        ImageFile.objects.update(digest="0" * 64)


@pytest.mark.django_db(transaction=True)
def test_backup_holds_the_bytes_and_a_restore_needs_no_storage(
    client: Client, storage: Storage, settings: Settings, tmp_path: Path
) -> None:
    image = store()
    before = sent(client, image)
    back_up(tmp_path / "one.backup")
    empty_database()
    settings.STORAGES = {name: one for name, one in settings.STORAGES.items() if name != "pictures"}

    restore(tmp_path / "one.backup", "--nobody-erased")

    assert ImageFile.objects.exclude(digest="").count() == 0
    assert sent(client, image) == before


@pytest.mark.django_db(transaction=True)
def test_backup_is_made_without_pictures_that_the_storage_does_not_give(
    storage: Storage, settings: Settings, tmp_path: Path
) -> None:
    store()
    put_away(settings)
    said: list[str] = []

    with (tmp_path / "one.backup").open("wb") as file:
        making.write(file, key=settings.BACKUP_KEY, now=NOW, say=said.append)
    empty_database()
    restore(tmp_path / "one.backup", "--nobody-erased")

    assert said[-1].startswith(
        "The bytes of 3 files of pictures are not in the backup: the storage does not give it (ConnectionError)."
    )
    assert ImageFile.objects.exclude(digest="").count() == 3
