"""Fixtures of every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from content.models import ClinicProfile
from tests import factories


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Let no page that one test kept be served to another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clinic(db: None) -> ClinicProfile:
    """The clinic's profile, without which pages have little to say."""
    return factories.make_clinic()


@pytest.fixture(scope="module")
def sample_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The sample site of content/library/, loaded once for a module and rolled back after it; only for tests that read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_library", verbosity=0)
        yield
        transaction.set_rollback(True)
