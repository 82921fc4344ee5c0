"""Model fields of ours, such as rich text that is sanitised when saved, and what a list of keys may hold that is looked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractMinute
from django.db.models.lookups import In, LessThanOrEqual

from content import addresses, form_fields, hours, links, richtext
from content.text import printable

PAST_MIDNIGHT = "Write 24:00 for midnight; an earlier time than that of the start is on the next day."
WRONG_END = "Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00."


class RichTextField(models.TextField[str, str]):
    """HTML that is sanitised on every save, whichever form, command or shell wrote it.

    With `headings_named` its headings keep their ids: for a text that is all of its page.
    """

    def __init__(self, *args: Any, headings_named: bool = False, **kwargs: Any) -> None:
        self.headings_named = headings_named
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Let a migration's field clean alike."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"headings_named": True} if self.headings_named else {})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's signature
        """Return the sanitised value and put it on the instance too."""
        html = printable(getattr(model_instance, self.attname) or "")
        value = richtext.clean(html, headings_named=self.headings_named)
        setattr(model_instance, self.attname, value)
        return value


class EndTimeInput(forms.TimeField):
    """Takes and shows midnight as 24:00."""

    def to_python(self, value: Any) -> dt.time | None:
        """Return the time of day."""
        return hours.MIDNIGHT if value in {"24:00", "24:00:00"} else super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows."""
        return "24:00" if value == hours.MIDNIGHT else value


class EndTimeField(models.TimeField[dt.time | str, dt.time]):
    """When hours end: at or before the time at which they start means on the next day, and 00:00 is midnight (24:00)."""

    def formfield(self, **kwargs: Any) -> Any:
        """Return an input that takes 24:00."""
        return super().formfield(**{"form_class": EndTimeInput, **kwargs})


def ends_in_order(start: str, end: str) -> Q:
    """Return the condition that `hours.is_in_order` checks, for two columns."""
    clock = {name: ExtractHour(name) * 60 + ExtractMinute(name) for name in (start, end)}
    length_past_midnight = clock[end] + hours.DAY_MINUTES - clock[start]
    return (
        Q(**{f"{end}__gt": F(start)})
        | Q(**{end: hours.MIDNIGHT})
        | Q(LessThanOrEqual(length_past_midnight, hours.LONGEST_PAST_MIDNIGHT))
    )


class MailAddressField(models.EmailField[str, str]):
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
        return super().formfield(**{"form_class": form_fields.MailAddressField, **kwargs})

    def deconstruct(self) -> Any:
        """To the database it is Django's own field."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


def validate_web_address(value: str) -> None:
    """Refuse what leads to no page of a site."""
    try:
        links.complete_web(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None


class WebAddressField(models.URLField[str, str]):
    """The address of a page on any site; what is saved is whole, whichever form, command or shell wrote it."""

    default_validators = [validate_web_address]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  Django's signature
        """Return the address made whole and put it on the instance too; nothing where it leads nowhere."""
        value: str = getattr(model_instance, self.attname) or ""
        try:
            value = links.complete_web(value) if value else ""
        except ValueError:
            value = ""
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        """Complete in forms too, before checking."""
        return super().formfield(**{"form_class": form_fields.WebAddressField, **kwargs})

    def deconstruct(self) -> Any:
        """To the database it is Django's own field."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs


@models.IntegerField.register_lookup
class AmongWholeNumbers(In):
    """Looks for those of a list that the column can hold; Django does so for one number, but SQLite breaks on a list with a larger one."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Leave the others out; where none is left, nothing is found."""
        if self.rhs_is_direct_value():
            least, most = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            if least is not None and most is not None:
                self.rhs = [one for one in self.rhs if not isinstance(one, int) or least <= one <= most]
        return super().process_rhs(compiler, connection)
