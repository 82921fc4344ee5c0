"""A few of the hostile posts of scripts/hostile_posts.py; that script sends ten thousand to a real server."""

from __future__ import annotations

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from consultations.limits import table
from scripts import hostile_posts
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_hostile_posts_break_nothing_and_lose_no_honest_request(live_server: LiveServer, settings: Settings) -> None:
    settings.LIMITS = table.adjusted("all=0", requests_per_hour=0)
    factories.make_clinic()
    factories.make_center()
    factories.make_therapy()

    report = hostile_posts.run(live_server.url, posts=150, seed=7)

    assert report.broken == []
    assert report.lost == []
    assert report.honest == 3
    assert set(report.statuses) >= {"400", "403", "405", "413", "422"}
