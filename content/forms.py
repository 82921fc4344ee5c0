"""Form fields of this project's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from content import addresses


class MailAddressField(forms.EmailField):
    """A mail address, whose domain may be written in any alphabet; its value has the domain in ASCII."""

    default_validators = []

    def to_python(self, value: Any) -> str:
        """Return the address that mail is sent to."""
        text = str(super().to_python(value) or "")
        if not text:
            return ""
        try:
            return addresses.mail_address(text)
        except ValidationError as error:
            if error.code == "invalid_domain":
                raise
            raise ValidationError(self.error_messages.get("invalid", error.messages[0]), code="invalid") from error
