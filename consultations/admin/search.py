"""Search of requests by name, mail address, phone digits or reference."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace, Reverse, Upper
from django.http import HttpRequest

from consultations.models import ConsultationRequest, references
from consultations.models.place import Viewer
from content import text as words

REFERENCE = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")
PHONE = re.compile(r"[\d\s()+./-]+")
PUNCTUATION = " -().+/"
FEWEST_DIGITS = 4
# So many requests are looked at for the beginning of a reference.
MOST = 1000


def search(requests: QuerySet[ConsultationRequest], text: str) -> QuerySet[ConsultationRequest]:
    """Return those of `requests` that `text` means; a mail address and a reference are compared from the start."""
    term = words.mail_address(text) if "@" in text else words.on_one_line(text)
    if not term:
        return requests
    if "@" in term:
        return _by_address(requests, term)
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
            wanted | Q(phone_e164__contains=digits) | Q(~Q(phone=""), phone_e164="", typed_digits__contains=digits)
        )
    names = Q()
    for word in term.split():
        names &= Q(name__has_part=word)
    return requests.filter(wanted | names | Q(email__istartswith=term))


class FoundByReference(admin.ModelAdmin[Any]):
    """A list of rows that each belong to a request."""

    search_fields = ("request__reference",)
    search_help_text = "A reference such as R-7K2M-9QXD, or its beginning"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search as `found_by` says."""
        term = words.on_one_line(search_term)
        return (queryset.filter(self.found_by(term, request.user)) if term else queryset), False

    def found_by(self, term: str, user: Viewer) -> Q:
        """Return the condition on rows that the term means.

        The requests are found first: looked for across two tables, every row of both would be read.
        """
        typed = references.normalise(term).upper()
        typed = typed if typed.startswith("R-") else f"R-{typed}"
        named = ConsultationRequest.objects.visible_to(user).filter(reference__startswith=typed)
        return Q(request__in=list(named.order_by().values_list("pk", flat=True)[:MOST]))


def _by_address(requests: QuerySet[ConsultationRequest], term: str) -> QuerySet[ConsultationRequest]:
    """Return those with an address that begins with `term`, or ends with it where it begins with the @."""
    if not term.startswith("@"):
        return requests.filter(email__istartswith=term)
    # Turned round, the end is the start: that can be looked up.
    return requests.alias(turned=Reverse(Upper("email"))).filter(turned__startswith=term.upper()[::-1])


def _digits_typed() -> Combinable:
    """Return the phone as typed without its punctuation, for numbers that could not be normalised."""
    expression: Combinable = F("phone")
    for sign in PUNCTUATION:
        expression = Replace(expression, Value(sign), Value(""), output_field=CharField())
    return expression
