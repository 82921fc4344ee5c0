"""Inline formsets: labelled inputs and automatic positions."""

from __future__ import annotations

from typing import Any

from django.forms import BaseInlineFormSet, ModelForm


class NamedFormSet(BaseInlineFormSet[Any, Any, ModelForm[Any]]):
    """Says what the box at the end of a row does."""

    def add_fields(self, form: ModelForm[Any], index: int | None) -> None:
        """Name the box after its row."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = (
                f"Delete {form.instance}" if form.instance.pk else "Delete"
            )


class OrderedFormSet(NamedFormSet):
    """A row whose number is left empty goes to the end."""

    order_field = "position"
    step = 10

    def add_fields(self, form: ModelForm[Any], index: int | None) -> None:
        """Let the number be empty, and leave it so in a new row."""
        super().add_fields(form, index)
        field = form.fields.get(self.order_field)
        if field is not None:
            field.required = False
            field.help_text = "Empty: at the end."
            if form.instance.pk is None:
                field.initial = None

    def clean(self) -> None:
        """Number the rows that came without."""
        super().clean()
        rows = [form for form in self.forms if self.order_field in getattr(form, "cleaned_data", {})]
        rows = [form for form in rows if form not in self.deleted_forms and (form.has_changed() or form.instance.pk)]
        last = max((form.cleaned_data[self.order_field] or 0 for form in rows), default=0)
        for form in rows:
            if form.cleaned_data[self.order_field] is None:
                last += self.step
                form.cleaned_data[self.order_field] = last
                setattr(form.instance, self.order_field, last)


class NumberedFormSet(OrderedFormSet):
    """The same for citations, which count 1, 2, 3."""

    order_field = "number"
    step = 1
