"""A web server that starts has read its templates before anybody asks, and asks no database for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Engine
from django.template.loader import get_template

from clinic import warming


@pytest.fixture(autouse=True)
def _collected_again() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_loading_compiles_every_template_without_a_database() -> None:
    loader: Any = Engine.get_default().template_loaders[0]
    loader.reset()

    warming.load()

    kept = len(loader.get_template_cache)
    get_template("content/article.html")
    get_template("consultations/soonest.html")
    assert (len(loader.get_template_cache), gc.get_freeze_count() > 0) == (kept, True)
