"""The request form: it checks what a visitor typed and hands it to intake as a `Submission`."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from consultations import intake, phones
from consultations.models import ConsentText
from consultations.statuses import ConsentPurpose, ContactBy
from content.models import Center, Therapy

MESSAGE_LENGTH = 4000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class RequestForm(forms.Form):
    """What we ask, and nothing else: every field has a use that the privacy notice names."""

    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your name.", "max_length": "Enter a name of at most 200 characters."},
    )
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": "Enter an email address like name@example.com.",
            "max_length": "Enter an email address of at most 254 characters.",
        },
    )
    phone = forms.CharField(
        label="Phone number",
        required=False,
        max_length=60,
        help_text="Any country, in any way you write it. For a number abroad, start with + and the country code.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "Enter a phone number of at most 60 characters."},
    )
    contact_by = forms.ChoiceField(
        label="How should we get back to you?",
        choices=ContactBy.choices,
        initial=ContactBy.EITHER,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose phone, email, or either."},
    )
    best_time = forms.CharField(
        label="When is a good time?",
        required=False,
        max_length=200,
        help_text="In your own words, for example “weekday mornings” or “after 5 pm”.",
        error_messages={"max_length": "Use at most 200 characters for the time."},
    )
    center = forms.ModelChoiceField(
        label="Nearest center",
        queryset=Center.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Not sure yet",
        error_messages={"invalid_choice": "Choose a center from the list, or “Not sure yet”."},
    )
    therapies = forms.ModelMultipleChoiceField(
        label="Which therapies would you like to talk about?",
        queryset=Therapy.objects.none(),
        to_field_name="slug",
        required=False,
        help_text="Choose any, or none.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose therapies from the list."},
    )
    message = forms.CharField(
        label="Anything you would like us to know?",
        required=False,
        max_length=MESSAGE_LENGTH,
        help_text="You do not need to tell us about your health here. If you do, we store it encrypted.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"Use at most {MESSAGE_LENGTH} characters for your message."},
    )
    agree_health = forms.BooleanField(required=False)
    agree_calls = forms.BooleanField(required=False)
    agree_newsletter = forms.BooleanField(required=False)
    # Named so that the hidden inputs follow the contract; both are checked by intake, never trusted.
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self._choose("center", Center.objects.filter(open_to_requests=True).select_related("country"))
        self._choose("therapies", Therapy.objects.filter(standard_care=False))
        self.texts = intake.current_texts(now)
        for purpose in ConsentPurpose:
            if purpose in self.texts:
                self.fields[f"agree_{purpose}"].label = self.texts[purpose].text
            else:
                del self.fields[f"agree_{purpose}"]

    @classmethod
    def blank(cls, query: QueryDict, *, now: dt.datetime) -> RequestForm:
        """Return an empty form with a fresh key; `?center=` and `?therapy=` preselect what a page linked for."""
        initial = {
            "key": intake.new_key(now),
            "center": query.get("center", "")[:80],
            "therapies": [slug[:60] for slug in query.getlist("therapy")[:6]],
            "source": query.get("source", "")[:400],
        }
        return cls(initial=initial, now=now)

    def clean_name(self) -> str:
        """Accept any alphabet; only control characters are taken out."""
        name = _readable(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter your name.", code="required")
        return name

    def clean_phone(self) -> str:
        """Keep it as typed; a number has at least a digit."""
        phone = _readable(self.cleaned_data["phone"])
        if phone and not any(character.isdigit() for character in phone):
            raise forms.ValidationError("Enter a phone number with digits, for example +1 202 555 0143.", code="invalid")
        return phone

    def clean_best_time(self) -> str:
        """Take out control characters."""
        return _readable(self.cleaned_data["best_time"])

    def clean_message(self) -> str:
        """Take out control characters."""
        return CONTROL.sub("", self.cleaned_data["message"]).strip()

    def clean_contact_by(self) -> str:
        """Default to either."""
        return self.cleaned_data["contact_by"] or ContactBy.EITHER

    def clean(self) -> dict[str, Any]:
        """Check what depends on more than one field; each error stands at the field that mends it."""
        data = super().clean() or self.cleaned_data
        email_given = bool(data.get("email")) or "email" in self.errors
        phone_given = bool(data.get("phone")) or "phone" in self.errors
        if not email_given and not phone_given:
            self.add_error("email", "Enter an email address or a phone number, so that we can answer.")
        elif data.get("contact_by") == ContactBy.EMAIL and not email_given:
            self.add_error("email", "Enter an email address, or choose to be called.")
        elif data.get("contact_by") == ContactBy.PHONE and not phone_given:
            self.add_error("phone", "Enter a phone number, or choose to be written to.")
        if data.get("message") and ConsentPurpose.HEALTH in self.texts and not data.get("agree_health"):
            self.add_error("agree_health", "Tick the box, so that we may use what you wrote, or empty the message.")
        return data

    def identity(self) -> str:
        """Return the identity of this form; one that came without a genuine key gets a fresh one, never a refusal."""
        return intake.read_key(self.cleaned_data.get("key", "")) or uuid.uuid4().hex

    def submission(self) -> intake.Submission:
        """Return what was typed, for intake. Call it on a valid form."""
        data = self.cleaned_data
        center: Center | None = data["center"]
        return intake.Submission(
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            phone_e164=phones.normalise(data["phone"], center.country_id if center else None),
            contact_by=data["contact_by"],
            best_time=data["best_time"],
            center=center,
            therapies=list(data["therapies"]),
            message=data["message"],
            agreed={purpose for purpose in ConsentPurpose if data.get(f"agree_{purpose}")},
        )

    @cached_property
    def helper(self) -> FormHelper:
        """Lay the fields out as questions; the template draws form tag, token and button."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        boxes = [f"agree_{purpose}" for purpose in ConsentPurpose if purpose in self.texts]
        helper.layout = Layout(
            "key",
            "source",
            Fieldset("About you", "name", "email", "phone", "contact_by", "best_time"),
            Fieldset("About your question", "center", "therapies", "message", Field(boxes[0])),
            Fieldset("Your choice", *[Field(name) for name in boxes[1:]]),
        )
        return helper

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """Return (id of the input to go to, sentence) for every error, in the order of the page."""
        summary: list[tuple[str, str]] = []
        for bound in self:
            # A group has no input of its own name: its first choice can be focused.
            is_group = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
            target = f"{bound.auto_id}_0" if is_group else bound.id_for_label
            summary += [(target, str(error)) for error in bound.errors]
        return summary

    def _choose(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = queryset


def _readable(text: str) -> str:
    """Return text in one normal form (NFC), on one line, without control characters."""
    return " ".join(CONTROL.sub("", unicodedata.normalize("NFC", text)).split())
