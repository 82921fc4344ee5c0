"""`Submission`: a checked request form as handed to receiving.py, and the digest that recognises it again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from consultations.links import digests
from consultations.models import ConsentText
from consultations.requests.promise import Promise
from consultations.statuses import ConsentPurpose, ContactBy
from content.models import Center, Notice, Therapy

PURPOSE = "consultations.submissions.body"


@dataclass(frozen=True)
class Submission:
    """What a visitor left, checked by the form.

    Attributes:
        source: the page and place that led here, in words for staff.
        attribution: the same as data.
        language: the visitor's first language, as the browser names it.
        agreed: the boxes that were ticked.
        consent_texts: the words that stood beside the boxes, ticked or not; without them today's are taken.
        form_text: the form's words as they were shown.
        place_notices: the notices of the center's place as they were shown; without them they are read.
        promised: what is promised for the center; without it, it is read.
    """

    name: str
    email: str = ""
    phone: str = ""
    phone_e164: str = ""
    contact_by: str = ContactBy.EITHER
    best_time: str = ""
    center: Center | None = None
    therapies: Sequence[Therapy] = ()
    message: str = ""
    source: str = ""
    attribution: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    agreed: Collection[ConsentPurpose] = field(default_factory=frozenset)
    consent_texts: Mapping[ConsentPurpose, ConsentText] = field(default_factory=dict)
    form_text: str = ""
    place_notices: Sequence[Notice] | None = None
    promised: Promise | None = None

    def body(self) -> str:
        """Return what the visitor typed and chose, in one fixed form: equal for equal answers."""
        answers = [
            [self.name, self.email, self.phone, self.contact_by, self.best_time, self.message],
            self.center.slug if self.center else "",
            sorted(therapy.slug for therapy in self.therapies),
            sorted(self.agreed),
        ]
        return json.dumps(answers, ensure_ascii=False)

    def digest(self) -> str:
        """Return the keyed digest of the body, which is all that is kept of it for comparing."""
        return digests.keyed(PURPOSE, self.body())

    def is_what_was_sent(self, digest: str) -> bool:
        """Return whether `digest` is of this body, also where the secret key has changed in between."""
        return digest in digests.readings(PURPOSE, self.body())
