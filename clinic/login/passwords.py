"""What a password of staff must be, beside not being one of those that everybody tries."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from clinic.login.policy import has_second_factor
from content.models import ClinicProfile

# A word and a number of up to four digits, in any order, with marks between: Summer2026!, 26-winter.
WORD_AND_YEAR = re.compile(r"^[\W_]*(?:[^\W\d_]+[\W_]*\d{1,4}|\d{1,4}[\W_]*[^\W\d_]+)[\W_]*$")
# Shorter parts of names stand in too many words.
SHORTEST_PART = 4


class LengthValidator:
    """At least 15 characters, or 12 where the account has a second factor (NIST SP 800-63B-4, 3.1.1.2)."""

    def __init__(self, alone: int = 15, with_second_factor: int = 12) -> None:
        self.alone = alone
        self.with_second_factor = with_second_factor

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that is too short for this account."""
        least = self.with_second_factor if has_second_factor(user) else self.alone
        if len(password) < least:
            raise ValidationError(f"This password is too short: use {least} or more characters, such as four words.")

    def get_help_text(self) -> str:
        """Say the rule before anything is typed."""
        return (
            f"At least {self.alone} characters, such as four words; {self.with_second_factor} for an account that has a"
            " second factor."
        )


class PatternValidator:
    """No word with a year, no character over and over, nothing of the clinic's or the account's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what programs try first."""
        if WORD_AND_YEAR.match(password):
            raise ValidationError("A word with a number is guessed within minutes: use several words.")
        if len(set(password.casefold())) < 5:
            raise ValidationError("This password repeats too few characters.")
        for name in sorted(_parts_of_names(user)):
            if name in password.casefold():
                raise ValidationError(f"This password contains “{name}”, which is part of a name that everybody knows.")

    def get_help_text(self) -> str:
        """Say the rule before anything is typed."""
        return "Not a word with a number, and nothing of your name or the clinic's."


def _parts_of_names(user: Any) -> set[str]:
    clinic = ClinicProfile.objects.first()
    names = [clinic.name, clinic.short_name] if clinic else []
    if user is not None:
        names += [user.get_username(), user.first_name, user.last_name]
    names.append(settings.SITE_URL.partition("://")[2].partition(":")[0].removeprefix("www.").partition(".")[0])
    return {part.casefold() for name in names for part in re.split(r"[\W_]+", name or "") if len(part) >= SHORTEST_PART}
