"""All statuses, kinds and channels, and the allowed status transitions, as data. A leaf."""

from __future__ import annotations

from django.db.models import TextChoices


class Status(TextChoices):
    """Where a consultation request stands."""

    NEW = "new", "New"
    ATTEMPTED = "attempted", "Tried to reach"
    REACHED = "reached", "In conversation"
    BOOKED = "booked", "Appointment booked"
    WON = "won", "Became a patient"
    LOST = "lost", "Closed"
    SPAM = "spam", "Spam"


LIVE = frozenset({Status.NEW, Status.ATTEMPTED, Status.REACHED, Status.BOOKED})
FINAL = frozenset({Status.WON, Status.LOST, Status.SPAM})
# Before a person has spoken with the visitor, the promised response time is running.
WAITING = frozenset({Status.NEW, Status.ATTEMPTED})
# A move to one of these says that a person has been in touch.
CONTACTED = frozenset({Status.REACHED, Status.BOOKED, Status.WON})
NEEDS_REASON = frozenset({Status.LOST, Status.SPAM})

TRANSITIONS: dict[Status, frozenset[Status]] = {
    # Visitors may book before anybody has called them.
    Status.NEW: frozenset({Status.ATTEMPTED, Status.REACHED, Status.BOOKED, Status.LOST, Status.SPAM}),
    Status.ATTEMPTED: frozenset({Status.REACHED, Status.BOOKED, Status.LOST, Status.SPAM}),
    Status.REACHED: frozenset({Status.ATTEMPTED, Status.BOOKED, Status.WON, Status.LOST, Status.SPAM}),
    # Back to NEW: a visitor whom nobody has spoken with gave up the time they had booked themselves.
    Status.BOOKED: frozenset({Status.NEW, Status.REACHED, Status.WON, Status.LOST}),
    Status.WON: frozenset({Status.REACHED}),
    Status.LOST: frozenset({Status.REACHED}),
    Status.SPAM: frozenset({Status.NEW}),
}


class ClosedFor(TextChoices):
    """Why a request ended without a visit, to be counted; the words beside it are for the desk."""

    PRICE = "price", "Price"
    DISTANCE = "distance", "Too far away"
    UNSUITABLE = "unsuitable", "Not suitable"
    UNREACHABLE = "unreachable", "Could not be reached"
    ELSEWHERE = "elsewhere", "Went elsewhere"
    MIND = "mind", "Changed their mind"
    OTHER = "other", "Another reason"


class NextStep(TextChoices):
    """What is to be done next about a live request; there is always one, with its date."""

    ANSWER = "answer", "Answer"
    CALL = "call", "Call"
    WRITE = "write", "Write"
    FOLLOW_UP = "follow_up", "Follow up"
    VISITOR = "visitor", "Wait for the visitor"
    APPOINTMENT = "appointment", "Appointment"


# What staff may set by hand; the rest follows from what happens.
PLANNED = (NextStep.CALL, NextStep.WRITE, NextStep.FOLLOW_UP, NextStep.VISITOR)


class CallOutcome(TextChoices):
    """What came of a call."""

    NO_ANSWER = "no_answer", "No answer"
    VOICEMAIL = "voicemail", "Voicemail"
    REACHED = "reached", "Reached"
    WRONG_NUMBER = "wrong", "Wrong number"


class ContactBy(TextChoices):
    """How the visitor would like to hear back."""

    EITHER = "either", "Phone or email"
    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"


class ActivityKind(TextChoices):
    """What happened to a request."""

    RECEIVED = "received", "Request received"
    STATUS = "status", "Status changed"
    ASSIGNED = "assigned", "Assigned"
    NOTE = "note", "Internal note"
    CALL = "call", "Call"
    NEXT = "next", "Next step"
    DEADLINE = "deadline", "Answer due at another time"
    OVERDUE = "overdue", "Answer overdue"
    MESSAGE = "message", "Message"
    AGAIN = "again", "Asked again"
    VISITOR = "visitor", "Note by the visitor"
    CONTACT = "contact", "Contact details corrected"
    PROVED = "proved", "Contact confirmed"
    CONSENT = "consent", "Consent withdrawn"
    ERASURE = "erasure", "Erasure"
    HELD = "held", "Time held"
    RELEASED = "released", "Held time released"
    LAPSED = "lapsed", "Not confirmed in time"
    BOOKED = "booked", "Appointment booked"
    CONFIRMED = "confirmed", "Appointment confirmed"
    DECLINED = "declined", "Appointment declined"
    MOVED = "moved", "Appointment moved"
    CANCELLED = "cancelled", "Appointment cancelled"
    OUTCOME = "outcome", "Outcome of the appointment"
    WAITING = "waiting", "Waiting list"
    MERGED = "merged", "People merged"
    SPLIT = "split", "Merge undone"
    LEGAL_HOLD = "legal_hold", "Legal hold"


class ConsentPurpose(TextChoices):
    """What a visitor may agree to, each on its own."""

    HEALTH = "health", "Use of health details"
    CALLS = "calls", "Calls and text messages"
    NEWSLETTER = "newsletter", "Newsletter"


class MessageKind(TextChoices):
    """Mails that leave the site."""

    VISITOR_RECEIVED = "visitor_received", "Confirmation to the visitor"
    STAFF_NEW = "staff_new", "Notice to staff"
    VISITOR_BOOKED = "visitor_booked", "Appointment confirmed"
    VISITOR_PENDING = "visitor_pending", "Appointment to be confirmed"
    VISITOR_MOVED = "visitor_moved", "Appointment moved"
    VISITOR_CANCELLED = "visitor_cancelled", "Appointment cancelled"
    VISITOR_DECLINED = "visitor_declined", "Appointment declined"
    VISITOR_EXISTING = "visitor_existing", "Link to the appointment there is"
    REMINDER_DAY = "reminder_day", "Reminder a day before"
    REMINDER_HOURS = "reminder_hours", "Reminder two hours before"
    STAFF_APPOINTMENT = "staff_appointment", "Notice to staff of an appointment"
    STAFF_ASSIGNED = "staff_assigned", "Word to staff of who has a request"
    VISITOR_REPLY = "visitor_reply", "Mail written by staff"
    VISITOR_OFFER = "visitor_offer", "Offer of a time that became free"
    VISITOR_CONFIRM = "visitor_confirm", "Question whether the address is right"
    VISITOR_LINK = "visitor_link", "New private link"
    VISITOR_CODE = "visitor_code", "Code for a change"
    VISITOR_ADDRESS = "visitor_address", "Word of a new address to the old one"


# A visitor may ask for these more than once.
REPEATED = frozenset({MessageKind.VISITOR_CONFIRM, MessageKind.VISITOR_LINK, MessageKind.VISITOR_CODE})
# What staff do may happen more than once too: a request changes hands, and a visitor is written to.
BY_STAFF = frozenset({MessageKind.STAFF_ASSIGNED, MessageKind.VISITOR_REPLY})


class EscalationKind(TextChoices):
    """What a manager is told of by mail."""

    OVERDUE = "overdue", "An answer is overdue"
    DAILY = "daily", "What the working day begins with"


class ShownKind(TextChoices):
    """What kind of text a visitor was shown."""

    FORM = "form", "Form"
    CONSENT = "consent", "Consent text"
    NOTICE = "notice", "Notice"
    ARTICLE = "article", "Article"


class MessageState(TextChoices):
    """How far a mail has come."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"
    DROPPED = "dropped", "No longer needed"


class Channel(TextChoices):
    """How a consultation is held."""

    IN_PERSON = "in_person", "At a center"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video"


class PlaceScope(TextChoices):
    """What a right to a place covers."""

    CENTER = "center", "One center"
    ALL = "all", "All centers"
    POOL = "pool", "Requests without a center"


class AccessKind(TextChoices):
    """What of a request somebody opened."""

    DETAIL = "detail", "Request"
    PROOF = "proof", "Proof of what was shown"
    EXPORT = "export", "Proof as a file"
    PERSON = "person", "Page of the person"
    FILE = "file", "File of the person"
    LIST = "list", "Row of a list that was exported"


class ExportFormat(TextChoices):
    """What was handed out as a file."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"
    JSON = "json", "JSON"
    HTML = "html", "HTML"


class AppointmentStatus(TextChoices):
    """Where an appointment stands."""

    HELD = "held", "Held for a while"
    UNCONFIRMED = "unconfirmed", "Waiting for the visitor to confirm"
    PENDING = "pending", "Waiting for our confirmation"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    MOVED = "moved", "Moved to another time"
    ATTENDED = "attended", "Attended"
    NO_SHOW = "no_show", "Did not come"
    LAPSED = "lapsed", "Not confirmed in time"


# These end by themselves at `hold_expires_at`.
EXPIRING = frozenset({AppointmentStatus.HELD, AppointmentStatus.UNCONFIRMED})
# What a visitor has agreed with us, or has asked for, and what is still to come.
ACTIVE = frozenset({AppointmentStatus.UNCONFIRMED, AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED})
OUTCOMES = frozenset({AppointmentStatus.ATTENDED, AppointmentStatus.NO_SHOW})
# What was agreed and not given up, whether it is to come or was.
STANDING = ACTIVE | OUTCOMES
# Their time is free again.
GIVEN_UP = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.MOVED})
# These own their consultant's time: they have rows in TimeCell.
OCCUPYING = ACTIVE | OUTCOMES | {AppointmentStatus.HELD}
