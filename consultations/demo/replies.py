"""Canned replies for a demo run."""

from __future__ import annotations

from consultations.models import CannedReply

REPLIES = {
    "We tried to call": (
        "We tried to reach you",
        (
            "Hello {{ name }},\n\nwe tried to call you about your request {{ reference }} and did not reach you. When is a good "
            "time? You can answer this mail, call us at {{ phone }}, or choose a time on your own page.\n\n{{ staff }}"
        ),
    ),
    "Before your appointment": (
        "Before your appointment",
        (
            "Hello {{ name }},\n\nplease bring a list of the medicines that you take, and earlier findings if you have them. If "
            "the time does not suit you any more, you can move it on your own page.\n\n{{ staff }}, {{ center }}"
        ),
    ),
    "We have no such therapy": (
        "About your question",
        (
            "Hello {{ name }},\n\nwhat you ask about is not among the therapies that we offer, so we would rather not "
            "book you a visit. Your own doctor can tell you who to ask.\n\n{{ staff }}"
        ),
    ),
}


def load() -> int:
    """Write those that are missing and return how many."""
    before = CannedReply.objects.count()
    CannedReply.objects.bulk_create(
        [CannedReply(name=name, subject=subject, body=body) for name, (subject, body) in REPLIES.items()],
        ignore_conflicts=True,
    )
    return CannedReply.objects.count() - before
