"""Model fields of this project's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from content import addresses, richtext
from content.forms import MailAddressField as MailAddressFormField

if TYPE_CHECKING:
    RichTextBase = models.TextField[str, str]
    EmailBase = models.EmailField[str, str]
else:
    RichTextBase = models.TextField
    EmailBase = models.EmailField


class RichTextField(RichTextBase):
    """HTML that is sanitised on every save, whichever form, command or shell wrote it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's signature
        """Return the sanitised value and put it on the instance too."""
        value = richtext.clean(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value


class MailAddressField(EmailBase):
    """A mail address; what is saved has its domain in ASCII, whichever form, command or shell wrote it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's signature
        """Return the address as mail needs it and put it on the instance too."""
        value: str = getattr(model_instance, self.attname) or ""
        if not value.isascii():
            value = addresses.mail_address(value)
            setattr(model_instance, self.attname, value)
        return value

    def to_python(self, value: Any) -> Any:
        """Return the address as it will be saved, so that what is checked is what is kept."""
        text = super().to_python(value)
        return text if not text or text.isascii() else addresses.mail_address(text)

    def formfield(self, **kwargs: Any) -> Any:
        """Take any alphabet in forms too."""
        return super().formfield(**{"form_class": MailAddressFormField, **kwargs})

    def deconstruct(self) -> Any:
        """To the database it is Django's own field."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
