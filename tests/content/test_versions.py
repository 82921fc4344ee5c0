"""The content version: who raises it, and how long a process believes the number that it read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from content import versions
from content.models import ContentVersion, Therapy
from tests.asking import queries_of, text_of
from tests.factories import (
    NOW,
    make_article,
    make_therapy,
    make_topic,
)

pytestmark = pytest.mark.usefixtures("clinic")


def test_clock_that_was_set_back_makes_no_number_last(client: Client) -> None:
    path = make_article().get_absolute_url()
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(path)
        clock.shift(dt.timedelta(hours=-1))

        assert queries_of(client, path) == 1


def test_edit_past_the_models_is_seen_once_the_version_is_bumped(client: Client) -> None:
    therapy = make_therapy(summary="Old words.")
    client.get(therapy.get_absolute_url())

    Therapy.objects.update(summary="New words.")
    assert "Old words." in text_of(client, therapy.get_absolute_url())
    versions.bump()

    assert "New words." in text_of(client, therapy.get_absolute_url())


def test_edit_of_another_process_is_seen_a_quarter_of_a_second_later(client: Client) -> None:
    # What another process leaves behind: rows and higher numbers, and nothing in this one's memory.
    article = make_article(topic=make_topic(name="Before"))
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(article.get_absolute_url())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE content_topic SET name = 'After' WHERE name = 'Before'")
            cursor.execute("UPDATE content_contentversion SET number = number + 1")
            cursor.execute("UPDATE content_tableversion SET number = number + 1 WHERE name = 'content_topic'")

        clock.shift(versions.BELIEVED)
        assert "After" in text_of(client, article.get_absolute_url())


def test_number_that_was_read_while_another_thread_raised_it_is_not_kept() -> None:
    last = versions.LastRead()

    def raise_meanwhile(execute: Any, *asked: Any) -> Any:
        found = execute(*asked)
        last.forget()
        return found

    with connection.execute_wrapper(raise_meanwhile):
        before = last.at(NOW)
    ContentVersion.objects.update(number=before + 1)

    assert last.at(NOW) == before + 1


@pytest.mark.django_db(transaction=True)
def test_process_that_edits_forgets_its_number_once_the_edit_is_there() -> None:
    with transaction.atomic():
        versions.bump()
        # As a thread that cannot see this transaction yet.
        versions.last_read._read = 0, NOW
    assert versions.last_read.at(NOW) == versions.current()


def test_bump_counts_from_nothing_and_up() -> None:
    ContentVersion.objects.all().delete()
    assert versions.current() == 0

    versions.bump()
    first = versions.current()
    versions.bump()

    assert versions.current() == first + 1
