"""What the private page says to visitors: headings and next steps by status. A leaf."""

from __future__ import annotations

from consultations.statuses import Status

# By the status that `shown_status` returns; staff words are not for visitors.
STATUS_WORDS: dict[Status, str] = {
    Status.NEW: "Received: we have not been in touch yet.",
    Status.ATTEMPTED: "We tried to reach you and will try again.",
    Status.REACHED: "We are in touch with you.",
    Status.BOOKED: "Your consultation is booked.",
    Status.WON: "Your consultation has taken place.",
    Status.LOST: "This request is closed.",
}

NEXT_STEPS: dict[Status, tuple[str, ...]] = {
    Status.NEW: (
        "A member of our team reads your request and gets in touch with you.",
        "You agree on a time for your free consultation.",
        "You decide, in your own time, whether to go on. Nothing is booked before you say so.",
    ),
    Status.ATTEMPTED: (
        "We try again at another time of day.",
        "If another number, address or time suits you better, change your contact details below.",
    ),
    Status.REACHED: (
        "You and our team agree on a time for your free consultation.",
        "You decide, in your own time, whether to go on. Nothing is booked before you say so.",
    ),
    Status.BOOKED: (
        "We speak at the time you agreed on.",
        "If something comes up, call us or write a note below: we find another time.",
    ),
    Status.WON: ("Questions that come up later are welcome: call us or write a note below.",),
    Status.LOST: ("Nothing else happens by itself. To take it up again, write a note below or call us.",),
}

# The same while a time waits to be confirmed, by how we can reach the visitor.
CONFIRM_BY_EMAIL = (
    "You open the email we have sent you and press its button. Look in the spam folder too.",
    "The time is yours then, and we email you the details.",
)
CONFIRM_BY_PHONE = (
    "We call you on the number you left, ask for your reference and confirm the time with you.",
    "The time is yours then. This page shows it, so please keep its address.",
)

# What the private page is headed, by what stands; where nothing else does, the first.
HEADINGS: dict[str, str] = {
    "received": "We have your request",
    "erasing": "Your request is going to be erased",
    "booked": "Your appointment is booked",
    "pending": "Your appointment is to be confirmed",
    "unconfirmed": "Your time waits for you to confirm it",
    "lapsed": "Your time was not confirmed",
    "over": "Your appointment",
    "offered": "A time is held for you",
    "cancelled": "Your appointment is cancelled",
    "declined": "We could not confirm your time",
    "attended": "Your consultation has taken place",
    "won": "Your consultation has taken place",
    "lost": "Your request is closed",
}

# Said after a change, by the word that stands in the page's address; the second of a pair is for "already so".
DONE: dict[str, str] = {
    "note": "Your note is with us.",
    "note-again": "We have that note already; it is kept once.",
    "contact": "Your contact details are changed.",
    "contact-same": "Your contact details are as they were; there was nothing to change.",
    "consent": "Your consent is withdrawn. We keep to that from now on.",
    "consent-again": "That consent was withdrawn already.",
    "erasure": "We have your wish to be erased.",
    "erasure-again": "You asked to be erased already; that still holds.",
    "booked": "Your appointment is booked.",
    "pending": "The time is kept for you. We confirm it soon.",
    "unconfirmed": "The time is kept for you for a while. It is yours once it is confirmed.",
    "confirmed": "Your address is confirmed. This page has a new address from now on.",
    "confirmed-kept": "Your address is confirmed, and your earlier appointment stands. This page is about the other request.",
    "code": "We have emailed you a code. Type it below within 15 minutes; until then nothing is changed.",
    "asked": "We have sent an email with the button, unless we sent one just now.",
    "moved": "Your appointment is moved.",
    "cancelled": "Your appointment is cancelled.",
    "cancelled-again": "That appointment was cancelled already.",
    "waiting": "You are on the waiting list. We tell you by email when a time becomes free.",
    "waiting-left": "You are no longer on the waiting list.",
    "waiting-not": "You were not on the waiting list.",
    "no-appointment": "There is no appointment to cancel.",
}

# For a calendar that asks again once nothing is agreed on.
NO_APPOINTMENT = "There is no appointment now"
NO_APPOINTMENT_HINT = (
    "So there is nothing for your calendar. Your request is with us as before: your own page says how it stands."
)

FRESH = (
    "If there is such a request and we may write to its email address, a new private link is on its way there. Otherwise, "
    "please call us."
)

# The same for a link that is forged, was replaced, or belonged to a request that has been erased: an answer that told
# them apart would tell a stranger which links are real.
NO_REQUEST = (
    "This link does not open a request. It may have been replaced by a newer one, or the request was erased. "
    "Please use the newest link we sent you, or call us."
)


def next_steps(status: Status, *, unconfirmed: bool, by_email: bool) -> tuple[str, ...]:
    """Return what happens next; `by_email` says how a time that is `unconfirmed` gets confirmed."""
    if unconfirmed:
        return CONFIRM_BY_EMAIL if by_email else CONFIRM_BY_PHONE
    return NEXT_STEPS[status]


def shown_status(status: str) -> Status:
    """Return the status as the visitor is told it: spam looks like a request that is new, as it may be a mistake."""
    return Status.NEW if status == Status.SPAM else Status(status)
