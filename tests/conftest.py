"""Fixtures of every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from clinic.login import turns
from content.models import ClinicProfile
from content.site import memory
from tests import factories
from tests.sample_site import GUARDS, load_sample_site

KEPT = pytest.StashKey[tuple[list[Model], DjangoDbBlocker]]()
EMPTIED = pytest.StashKey[bool]()
COMMITTING = {"transactional_db", "live_server"}
# One of these, or the mark, is what pytest-django opens the database for.
DATABASE = COMMITTING | {"db", "django_db_setup"}


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Remember the rows that migrations wrote, such as the consent texts: see `pytest_runtest_setup`."""
    with django_db_blocker.unblock():
        models = [model for app in ("content", "consultations") for model in apps.get_app_config(app).get_models()]
        rows = [row for model in models for row in model._default_manager.all()]
    request.config.stash[KEPT] = rows, django_db_blocker
    yield
    if connection.vendor == "postgresql":
        # A thread of a test that failed may hold a connection still; the database could not be dropped.
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Mark as alike what may not ask the database, before marks choose what is run; leave out what this database cannot do."""
    if connection.vendor != "postgresql":
        others = [item for item in items if item.get_closest_marker("postgresql") is not None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
    for item in items:
        if item.get_closest_marker("django_db") is None and not DATABASE & set(item.fixturenames):
            item.add_marker("alike")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> None:
    """Write the migrations' rows again where the test before this one committed: emptying the database took them too."""
    if item.config.stash.get(EMPTIED, False):
        rows, blocker = item.config.stash[KEPT]
        with blocker.unblock():
            for guards in GUARDS:
                guards.raise_(connection)
            for row in rows:
                type(row)._default_manager.bulk_create([row], ignore_conflicts=True)
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    item.config.stash[EMPTIED] = commits or bool(COMMITTING & set(item.fixturenames))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Function) -> None:
    """Let the tables be emptied after a test that committed: what was approved, and history, could not be deleted."""
    if item.config.stash[EMPTIED]:
        with item.config.stash[KEPT][1].unblock():
            for guards in GUARDS:
                guards.lower(connection)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Let no page, and no part of one, that a test kept be served to another."""
    forget_pages()
    yield
    forget_pages()


def forget_pages() -> None:
    """Make this process remember as little of the site as a new one."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    memory.forget()


@pytest.fixture
def clinic(db: None) -> ClinicProfile:
    """The clinic's profile, without which pages have little to say."""
    return factories.make_clinic()


@pytest.fixture(scope="module")
def sample_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The sample site of content/library/, loaded once for a module and rolled back after it; only for tests that read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_sample_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_pause_between_log_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests log in one right after the other, as if time had passed."""
    monkeypatch.setattr(turns, "LONGEST_PAUSE", 0.0)
