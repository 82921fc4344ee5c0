"""Shared by forms: an unusual mail address or phone number is asked about once and then accepted as typed."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import QueryDict

from consultations.intake import hints, phones
from consultations.links import digests
from content import addresses
from content.models import Center, ClinicProfile

CONFIRMED = "consultations.forms.confirmed"


class AskingForm(forms.Form):
    """A form that carries a mark of each value it has asked about, so that nothing has to be remembered here.

    Its data is a copy that may be changed (see typed.py).
    """

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def answers(self) -> QueryDict:
        """What was posted, tidied; it may be changed for showing the form again."""
        assert isinstance(self.data, QueryDict)  # noqa: S101  for the type checker: only bound forms are asked
        return self.data

    def ask_about_email(self, email: str) -> None:
        """Ask whether another provider was meant, where the address looks like a slip of the finger."""
        if better := hints.corrected(addresses.readable(email)):
            provider = better.rpartition("@")[2]
            question = f"Did you mean @{provider}? Change it, or send the form again to use this address anyway."
            self._ask_once("email", email, question)

    def read_phone(self, phone: str, *, center: Center | None, language: str) -> phones.Phone:
        """Return a number as it is read where the visitor is likely to be; ask about one that cannot be read."""
        if not phone:
            return phones.UNREADABLE
        number = phones.read(phone, _regions(center, language))
        if not number.usual:
            question = f"{phones.fault(phone)} Check it, or send the form again to use it anyway."
            self._ask_once("phone", phone, question)
        return number

    def _ask_once(self, name: str, value: str, question: str) -> None:
        """Show `question` at a field, unless it was shown for this very value before."""
        mark = digests.keyed(CONFIRMED, f"{name} {value}")[:20]
        marks = str(self.answers.get("confirmed", "")).split()
        if mark not in marks:
            self.answers["confirmed"] = " ".join([*marks, mark])
            self.add_error(name, forms.ValidationError(question, code="unusual"))


def _regions(center: Center | None, language: str) -> Iterator[str]:
    """Yield the countries that a number without a prefix may belong to, likeliest first."""
    yield center.country_id if center else ""
    yield language.rpartition("-")[2].upper()
    clinic = ClinicProfile.objects.first()
    yield phones.region_of(str(clinic.phone)) if clinic else ""
