"""Files of pictures at addresses that never say anything else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.media import reading, storing
from content.models import Image
from tests.content.media.pictures import opened, picture
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    return storing.store(reading.read(picture(size=(900, 300))), title="A joint", by=make_staff("Editors"), now=NOW)[0]


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [("720.avif", "AVIF", (720, 240)), ("900.webp", "WEBP", (900, 300)), ("900.jpg", "JPEG", (900, 300))],
)
def test_file_is_sent_to_be_kept_for_good_and_to_do_nothing(
    client: Client, image: Image, name: str, kind: str, size: tuple[int, int]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/media/{image.digest}-{name}", headers={"accept-encoding": "br, gzip"})

    shown = opened(response.content)
    assert (shown.format, shown.size, len(asked)) == (kind, size, 1)
    headers = {key: response.headers.get(key) for key in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
    assert headers == {
        "Content-Type": f"image/{kind.lower()}",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (response.cookies.output(), response.headers.get("Content-Encoding")) == ("", None)


def test_our_own_proxy_asks_again_after_a_minute(client: Client, image: Image) -> None:
    headers = list(client.get(image.everyones()).headers.items())

    told = [name for name, _ in headers if name in {"X-Accel-Expires", "Cache-Control"}]
    assert dict(headers)["X-Accel-Expires"] == "60"
    # nginx before 1.23 heeds the first of the two.
    assert told == ["X-Accel-Expires", "Cache-Control"]


def test_file_that_is_not_there_is_not_found(client: Client, image: Image) -> None:
    gone = [f"{image.digest}-721.jpg", f"{image.digest}-900.png", f"{'0' * 64}-900.jpg", f"{image.digest}-900.gif"]
    odd = ["x-900.jpg", f"{image.digest}.jpg", f"../{image.digest}-900.jpg", f"{image.digest}-999999.jpg", ""]

    assert [client.get(f"/media/{name}").status_code for name in gone + odd] == [404] * 9


def test_file_can_only_be_read(client: Client, image: Image) -> None:
    assert client.post(image.everyones()).status_code == 405
    assert client.head(image.everyones()).status_code == 200
