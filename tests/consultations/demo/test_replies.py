"""Canned replies of the demo run could be sent."""

from __future__ import annotations

import pytest

from consultations.demo import replies as demo
from consultations.mail import replies
from consultations.models import CannedReply
from content.proofreading import book

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", demo.REPLIES)
def test_reply_fills_in_what_is_known_and_claims_nothing(name: str) -> None:
    subject, body = demo.REPLIES[name]

    found = [finding for text in (subject, body) for finding in book.sample().check(text)]

    assert (replies.unknown(f"{subject} {body}"), found) == ([], [])


def test_second_load_writes_nothing() -> None:
    assert [demo.load(), demo.load(), CannedReply.objects.count()] == [3, 0, 3]
