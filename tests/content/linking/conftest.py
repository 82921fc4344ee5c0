"""Who works at the desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.factories import make_reviewer, make_staff


@pytest.fixture
def editor() -> User:
    """Who writes."""
    return make_staff("Editors")


@pytest.fixture
def reviewer() -> User:
    """Who approves."""
    return make_reviewer()[0]
