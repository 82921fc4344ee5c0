"""Input widgets and help that all content admins share."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.utils.text import capfirst

from content.form_fields import refuse_far_years


class PlainInputs(BaseModelAdmin[Any]):
    """Beside a choice: adding and changing what is chosen, but no deleting, which would be a slip of the mouse."""

    class Media:
        js = ["js/admin-names.js"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Take the buttons for deleting and viewing away, and ask for years of this time."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        if isinstance(db_field, models.DateField) and field is not None:
            field.validators.append(refuse_far_years)
        return field


class NamedInputs(PlainInputs):
    """For inlines in rows: each input says what it is, as the column's head alone does not to a screen reader."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Name the input after its field."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = field.widget
            inner = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
            inner.attrs.setdefault("aria-label", str(capfirst(db_field.verbose_name)))
        return field
