"""Everything the site holds about a request, as data: what a visitor is entitled to be handed."""

from __future__ import annotations

from typing import Any

from consultations.models import ConsultationRequest
from consultations.proof import of as proof_of


def everything(request: ConsultationRequest) -> dict[str, Any]:
    """Return the request with its words in the clear, its history, mails, consents and what was shown."""
    columns = (
        "reference", "name", "email", "phone", "contact_by", "best_time", "message", "source", "attribution",
        "language", "status", "received_at", "respond_by", "first_contact_at", "erasure_asked_at", "erased_at",
    )  # fmt: skip
    return {
        **{name: getattr(request, name) for name in columns},
        "center": str(request.center or ""),
        "therapies": [therapy.name for therapy in request.therapies.all()],
        "history": [
            {
                "at": one.at,
                "what": one.get_kind_display(),
                "from": one.from_status,
                "to": one.to_status,
                "text": one.text,
            }
            for one in request.activities.all()
        ],
        "mails": [
            {"kind": one.get_kind_display(), "recipient": one.recipient, "state": one.state, "sent_at": one.sent_at}
            for one in request.messages.all()
        ],
        "proof": proof_of(request).as_data(),
    }
