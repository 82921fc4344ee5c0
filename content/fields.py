"""Rich text model field: sanitised when saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from content import richtext

if TYPE_CHECKING:
    RichTextBase = models.TextField[str, str]
else:
    RichTextBase = models.TextField


class RichTextField(RichTextBase):
    """HTML that is sanitised on every save, whichever form, command or shell wrote it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's signature
        """Return the sanitised value and put it on the instance too."""
        value = richtext.clean(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value
