"""How mails about a request hang together in a mail program: Message-ID, In-Reply-To, References (RFC 5322, 3.6.4)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from consultations.models import Message
from consultations.statuses import BY_STAFF, MessageState

# A header with more of them would only be longer.
MOST = 10


def message_id(pk: int | None, reference: str) -> str:
    """Return the Message-ID of a mail, the same at every attempt."""
    return f"<message-{pk}-{reference.lower()}@{domain()}>"


def references(message: Message) -> dict[str, str]:
    """Return the headers that put a mail of staff below those that the visitor has got at the same address."""
    if message.kind not in BY_STAFF:
        return {}
    before = Message.objects.filter(
        request=message.request_id, recipient=message.recipient, state=MessageState.SENT
    ).exclude(pk=message.pk)
    found = list(before.order_by("-sent_at", "-pk").values_list("pk", flat=True)[:MOST])
    if not found:
        return {}
    named = [message_id(pk, message.request.reference) for pk in reversed(found)]
    return {"In-Reply-To": named[-1], "References": " ".join(named)}


def domain() -> str:
    """Return the site's domain, for Message-IDs."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return host if host and ":" not in host else "localhost"
