"""Fixed lists: regulatory statuses, evidence grades, tones, weekdays, policies, what can be found. A leaf."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class RegulatoryStatus(TextChoices):
    """What the regulator says of a therapy in the use discussed here; prose never says it, this field does."""

    APPROVED = "approved", "Approved for this use"
    CLEARED = "cleared", "Device cleared for this use"
    OFF_LABEL = "off_label", "Cleared device, other use is off-label"
    INVESTIGATIONAL = "investigational", "Investigational: only in studies"
    UNAPPROVED = "unapproved", "Not approved by the FDA"
    NOT_APPLICABLE = "not_applicable", "Established care"


class SourceKind(TextChoices):
    """Where the material comes from."""

    AUTOLOGOUS = "autologous", "Your own body (autologous)"
    ALLOGENEIC = "allogeneic", "A donor (allogeneic)"
    SYNTHETIC = "synthetic", "Manufactured"
    NONE = "none", "No product"


class Tone(TextChoices):
    """How a reader should take a finding; always shown in words or shape as well as in color."""

    POSITIVE = "positive", "In its favor"
    NEUTRAL = "neutral", "Neutral"
    CAUTION = "caution", "Weigh with care"


class EvidenceGrade(TextChoices):
    """Certainty of evidence after GRADE (https://www.gradeworkinggroup.org/), with one grade below it for laboratory work."""

    HIGH = "high", "High certainty"
    MODERATE = "moderate", "Moderate certainty"
    LOW = "low", "Low certainty"
    VERY_LOW = "very_low", "Very low certainty"
    LAB_ONLY = "lab_only", "Laboratory or animal work only"
    NOT_GRADED = "not_graded", "Not graded"

    @property
    def meaning(self) -> str:
        """What a reader should make of it, in a sentence."""
        return GRADE_MEANINGS[self]


GRADE_MEANINGS: dict[str, str] = {
    EvidenceGrade.HIGH: "Further studies are very unlikely to change the picture.",
    EvidenceGrade.MODERATE: "Further studies may change the picture.",
    EvidenceGrade.LOW: "Further studies are likely to change the picture.",
    EvidenceGrade.VERY_LOW: "Any estimate is very uncertain.",
    EvidenceGrade.LAB_ONLY: "Not yet shown in people.",
    EvidenceGrade.NOT_GRADED: "A description rather than a result, or not yet assessed.",
}


class Weekday(IntegerChoices):
    """Days as `datetime.date.weekday` counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


DAY_NAMES = tuple(str(day.label) for day in Weekday)


class Illustration(TextChoices):
    """Drawings that ship with the site, by file name under static/img/illustrations/."""

    HOW_PRP_IS_MADE = "how-prp-is-made", "How PRP is made"
    WHAT_AN_EXOSOME_IS = "what-an-exosome-is", "What an exosome is"
    CELLS_AND_EXOSOMES = "cells-and-exosomes", "A cell beside exosomes"
    STAGES_OF_REPAIR = "stages-of-repair", "Stages of tissue repair"
    DONOR_SCREENING = "donor-screening", "How donors are screened"
    EVIDENCE_LADDER = "evidence-ladder", "From laboratory to guideline"
    SIDE_BY_SIDE = "side-by-side", "Two options side by side"
    BLOOD_SUGAR = "blood-sugar-and-islets", "Blood sugar and islet cells"

    @property
    def says(self) -> str:
        """What the drawing says, for readers who do not see it."""
        return DRAWING_TEXTS[self]


# As in the <title> of each file, which browsers do not read out where the file is an image of a page.
DRAWING_TEXTS: dict[str, str] = {
    Illustration.HOW_PRP_IS_MADE: (
        "How PRP is made: blood is drawn, spun in a centrifuge, separated into plasma, platelets and red cells, and drawn into a syringe."
    ),
    Illustration.WHAT_AN_EXOSOME_IS: (
        "What an exosome is: a cell releases tiny vesicles 30 to 150 nanometers wide; each has a double-layered membrane around proteins, mRNA and microRNA."
    ),
    Illustration.CELLS_AND_EXOSOMES: (
        "A living cell with a nucleus beside exosomes, which have no nucleus and are not alive."
    ),
    Illustration.STAGES_OF_REPAIR: (
        "Four overlapping stages of repair: bleeding and clotting in hours, inflammation in days, new tissue in weeks, remodeling over months."
    ),
    Illustration.DONOR_SCREENING: (
        "Donor screening: consent, then health history, then blood tests, then release or reject."
    ),
    Illustration.EVIDENCE_LADDER: (
        "Steps of evidence, from weakest to strongest: laboratory, animals, small trials, large trials, guideline."
    ),
    Illustration.SIDE_BY_SIDE: "Two treatments compared side by side.",
    Illustration.BLOOD_SUGAR: "Islets in the pancreas release insulin into a blood vessel that carries glucose.",
}


class CardKind(TextChoices):
    """What sets a section apart: it is a care card as a whole, or a card that follows the database is drawn after its text."""

    DOCTOR = "doctor", "Care card: see a doctor"
    URGENT = "urgent", "Care card: urgent, get medical help today"
    EMERGENCY = "emergency", "Care card: emergency, call for help now"
    STANDARD_CARE = "standard-care", "After the text: standard care, as it stands now"
    CONSULTATION = "consultation", "After the text: an invitation to a consultation"

    @property
    def urgency(self) -> str:
        """What the heading of a care card says first; "" for another card."""
        return URGENCIES.get(self, "")


URGENCIES: dict[str, str] = {
    CardKind.DOCTOR: "See a doctor",
    CardKind.URGENT: "Urgent: get medical help today",
    CardKind.EMERGENCY: "Emergency: call for help now",
}


class PictureKind(TextChoices):
    """Kinds of files in which an uploaded picture is kept, by the end of their names; the smallest first."""

    AVIF = "avif", "AVIF"
    WEBP = "webp", "WebP"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"

    @property
    def media_type(self) -> str:
        """The type as HTTP names it."""
        return f"image/{self.name.lower()}"


class PolicyKind(TextChoices):
    """Texts of the clinic about itself, most of which a law asks for, each on a page of its own."""

    PRIVACY = "privacy", "Privacy notice"
    # RCW 19.373.020 asks for a policy of its own, linked from the home page.
    CONSUMER_HEALTH_DATA = "consumer-health-data", "Consumer health data notice"
    ACCESSIBILITY = "accessibility", "Accessibility statement"


class RevisionState(TextChoices):
    """How far a revision is. Whether readers see an approved one is a question of time: see `Revision.objects.public`."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for review"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EventKind(TextChoices):
    """What was done with a revision."""

    STARTED = "started", "Started"
    SAVED = "saved", "Saved"
    SUBMITTED = "submitted", "Submitted for review"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Approved"
    CORRECTED = "corrected", "Approved as a correction"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SHARED = "shared", "Preview link made"
    UNSHARED = "unshared", "Preview link revoked"
    RESOLVED = "resolved", "Comment resolved"
    REOPENED = "reopened", "Comment opened again"


class ChangeKind(TextChoices):
    """What a proposed change does to a row."""

    CHANGE = "change", "Change"
    ADD = "add", "New"
    REMOVE = "remove", "Remove"


class ChangeState(TextChoices):
    """How far a proposed change is."""

    PROPOSED = "proposed", "Waiting for a reviewer"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ChangeEventKind(TextChoices):
    """What was done with a proposed change."""

    PROPOSED = "proposed", "Proposed"
    REVISED = "revised", "Proposed anew"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PageKind(TextChoices):
    """Rows that texts can refer to: their page's address holds their slug."""

    ARTICLE = "article", "Article"
    THERAPY = "therapy", "Therapy"
    CENTER = "center", "Center"
    # A place on the page of the glossary, whose anchor is the slug.
    TERM = "term", "Glossary term"


class DeskMailKind(TextChoices):
    """What a mail of the editorial desk tells, as its subject says it."""

    SUBMITTED = "submitted", "An article waits for your review"
    SENT_BACK = "sent_back", "An article was sent back to you"
    APPROVED = "approved", "An article of yours was approved"
    OVERDUE = "overdue", "The review of an article is overdue"


class SearchKind(TextChoices):
    """What can be found; of two that fit alike, the earlier one stands first."""

    THERAPY = "therapy", "Therapy"
    ARTICLE = "article", "Guide"
    QUESTION = "question", "Question"
    COMPARISON = "comparison", "Comparison"
    CENTER = "center", "Center"
    POLICY = "policy", "Policy"
    TERM = "term", "Glossary"
