"""Search of requests by name, mail address, phone digits or reference."""

from __future__ import annotations

import re

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from consultations.models import ConsultationRequest, references
from content import text as words

REFERENCE = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")
PHONE = re.compile(r"[\d\s()+./-]+")
PUNCTUATION = " -().+/"
FEWEST_DIGITS = 4


def search(requests: QuerySet[ConsultationRequest], text: str) -> QuerySet[ConsultationRequest]:
    """Return those of `requests` that `text` means; a mail address and a reference are compared from the start."""
    term = words.mail_address(text) if "@" in text else words.on_one_line(text)
    if not term:
        return requests
    if "@" in term:
        return (
            requests.filter(email__iendswith=term) if term.startswith("@") else requests.filter(email__istartswith=term)
        )
    reference = references.normalise(term)
    is_reference = REFERENCE.fullmatch(reference) is not None
    if is_reference and term.upper().startswith("R-"):
        return requests.filter(reference=reference)
    # "Patricia" has eight letters, as a reference has: such a word is looked for as both.
    wanted = Q(reference=reference) if is_reference else Q(reference__startswith=term.upper())
    typed = re.sub(r"\D", "", term)
    # Without the zeros of a country or an area; the last four digits of a number may begin with one of its own.
    digits = typed.lstrip("0") if len(typed.lstrip("0")) >= FEWEST_DIGITS else typed
    if PHONE.fullmatch(term) and len(digits) >= FEWEST_DIGITS:
        requests = requests.alias(typed_digits=_digits_typed())
        return requests.filter(
            wanted | Q(phone_e164__contains=digits) | Q(phone_e164="", typed_digits__contains=digits)
        )
    names = Q()
    for word in term.split():
        names &= Q(name__icontains=word)
    return requests.filter(wanted | names | Q(email__istartswith=term))


def _digits_typed() -> Combinable:
    """Return the phone as typed without its punctuation, for numbers that could not be normalised."""
    expression: Combinable = F("phone")
    for sign in PUNCTUATION:
        expression = Replace(expression, Value(sign), Value(""), output_field=CharField())
    return expression
