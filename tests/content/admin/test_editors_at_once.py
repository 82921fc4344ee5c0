"""Editors who save at the same moment: none waits for a row that another one holds while that one waits for theirs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Center, Topic
from tests import factories
from tests.content.admin.screens import form_of, login, page

pytestmark = pytest.mark.django_db
VERSION = "content_contentversion"


def first_use(queries: CaptureQueriesContext, table: str, *beginnings: str) -> int:
    """Return the place of the first of the queries that names a table and begins so."""
    statements = [query["sql"] for query in queries]
    return next(n for n, sql in enumerate(statements) if table in sql and sql.startswith(beginnings))


def test_content_version_is_locked_before_a_row_is_written(client: Client) -> None:
    login(client, is_superuser=True)
    address = page(Center, "change", factories.make_center(slug="before").pk)
    data = form_of(client.get(address)) | {"slug": "after"}

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post(address, {name: value for name, value in data.items() if value is not None})

    assert Center.objects.filter(slug="after").exists()
    assert first_use(queries, VERSION, "SELECT") < first_use(queries, "content_center", "UPDATE")


def test_content_version_is_locked_before_a_row_is_deleted(client: Client) -> None:
    login(client, is_superuser=True)
    topic = factories.make_topic()

    with CaptureQueriesContext(connection) as queries:
        client.post(page(Topic, "delete", topic.pk), {"post": "yes"})

    assert not Topic.objects.filter(pk=topic.pk).exists()
    assert first_use(queries, VERSION, "SELECT") < first_use(queries, "content_topic", "DELETE")
