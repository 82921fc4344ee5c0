"""How heavy the article page is with the finished files, as a visitor's browser gets them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from tests.clinic.pages import Page

# What fits into the first round trip of a new connection: ten segments of 1460 bytes (RFC 6928).
FIRST_WINDOW = 14_600
ARTICLE = "/articles/exosomes-vs-prp/"

pytestmark = [pytest.mark.usefixtures("sample_site", "db"), pytest.mark.alike]


@pytest.fixture(scope="module")
def finished_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Static files as `collectstatic` leaves them."""
    folder = tmp_path_factory.mktemp("static")
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "content.stylesheets.BundledManifestStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


def test_article_fits_into_the_first_round_trip(client: Client, finished_files: Path) -> None:
    response = client.get(ARTICLE, headers={"accept-encoding": "br, gzip"})
    html = brotli.decompress(response.content)
    stylesheet = finished_files / Page(html.decode()).links["stylesheet"].removeprefix("/static/")

    small = len(response.content) + Path(f"{stylesheet}.br").stat().st_size
    everywhere = len(gzip.compress(html)) + Path(f"{stylesheet}.gz").stat().st_size

    assert response.headers["Content-Encoding"] == "br"
    assert small <= FIRST_WINDOW
    assert everywhere <= FIRST_WINDOW


def test_article_asks_for_little(client: Client, finished_files: Path) -> None:
    page = Page(client.get(ARTICLE).content.decode())

    assert len(page.requests) + 1 <= 4
    assert page.tags["script"] == 1  # the data block


def test_stylesheet_is_one_file_without_imports(client: Client, finished_files: Path) -> None:
    page = Page(client.get(ARTICLE).content.decode())

    text = (finished_files / page.links["stylesheet"].removeprefix("/static/")).read_text(encoding="utf-8")
    assert "@import" not in text
    assert "@layer" in text
