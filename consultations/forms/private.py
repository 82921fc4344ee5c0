"""Forms of the private page: note, contact details, consents, erasure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from consultations.evidence import consents
from consultations.forms.asking import AskingForm
from consultations.forms.request import MESSAGE_LENGTH, NAME_LENGTH
from consultations.intake import phones, typed
from consultations.links import masking
from consultations.models import Consent, ConsentText, ConsultationRequest
from consultations.privacy import selfservice
from consultations.statuses import ConsentPurpose, ContactBy
from content import form_fields


class PrivateForm(forms.Form):
    """A form of one request, which may hold what was posted. Which fields are needed is said in words, not asterisks."""

    def __init__(self, consultation: ConsultationRequest, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data=None if data is None else typed.tidied(data), **kwargs)
        self.consultation = consultation

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """Return (id of the input to go to, sentence) for every error, in the order of the page."""
        return [(bound.id_for_label, str(error)) for bound in self for error in bound.errors]


class NoteForm(PrivateForm):
    """Something to add. Where no consent to using health details stands, the box for it comes with the text."""

    text = form_fields.WordsField(
        label="Your note",
        required=False,
        max_length=MESSAGE_LENGTH,
        help_text="A question, or anything you forgot. You need not write about your health; if you do, it is kept encrypted.",
        widget=forms.Textarea(attrs={"rows": 4, "required": True}),
        error_messages={"max_length": f"Use at most {MESSAGE_LENGTH} characters for your note."},
    )
    agree_health = forms.BooleanField(required=False)

    def __init__(
        self,
        consultation: ConsultationRequest,
        data: QueryDict | None = None,
        *,
        texts: dict[ConsentPurpose, ConsentText],
    ) -> None:
        super().__init__(consultation, data)
        self.health = texts.get(ConsentPurpose.HEALTH)
        if self.health is None or consents.stands(consultation, ConsentPurpose.HEALTH):
            del self.fields["agree_health"]
        else:
            self.fields["agree_health"].label = self.health.text

    def clean_text(self) -> str:
        """Refuse nothing but an empty note."""
        text: str = self.cleaned_data["text"]
        if not text:
            raise forms.ValidationError("Write your note first.", code="required")
        return text

    def clean_agree_health(self) -> bool:
        """Without it we may not use what the note says."""
        if not self.cleaned_data["agree_health"]:
            raise forms.ValidationError("Tick the box, so that we may use what you wrote.", code="required")
        return True

    @property
    def agreed(self) -> ConsentText | None:
        """The words that were ticked. Ask a valid form."""
        return self.health if self.cleaned_data.get("agree_health") else None


class ContactForm(AskingForm, PrivateForm):
    """Corrections: what is left empty stays. What we have is shown only so far that its owner knows it again."""

    name = form_fields.LineField(
        label="Full name",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"max_length": f"Enter a name of at most {NAME_LENGTH} characters."},
    )
    email = form_fields.MailAddressField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": "Enter an email address like name@example.com.",
            "max_length": "Enter an email address of at most 254 characters.",
        },
    )
    drop_email = forms.BooleanField(label="Do not use an email address for me any more", required=False)
    phone = form_fields.PhoneField(
        label="Phone number",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "Enter a phone number of at most 60 characters."},
    )
    drop_phone = forms.BooleanField(label="Do not use a phone number for me any more", required=False)
    contact_by = forms.ChoiceField(
        label="How would you like to hear from us?",
        required=False,
        error_messages={"invalid_choice": "Choose phone, email, or either."},
    )
    best_time = form_fields.LineField(
        label="When is a good time?",
        required=False,
        max_length=200,
        error_messages={"max_length": "Use at most 200 characters for the time."},
    )

    def __init__(self, consultation: ConsultationRequest, data: QueryDict | None = None) -> None:
        super().__init__(consultation, data)
        self.number = phones.UNREADABLE
        known = {
            "name": masking.name(consultation.name),
            "email": masking.email(consultation.email),
            "phone": masking.phone(consultation.phone, consultation.phone_e164),
        }
        for name, shown in known.items():
            self.fields[name].help_text = f"We have {shown}" if shown else "We have none."
        self.fields["best_time"].help_text = "In your own words, for example “weekday mornings” or “after 5 pm”."
        way = self.fields["contact_by"]
        assert isinstance(way, forms.ChoiceField)  # noqa: S101  for the type checker
        way.choices = [("", f"As it is: {consultation.get_contact_by_display().lower()}"), *ContactBy.choices]
        if not (consultation.email and consultation.phone):
            # Each may go only while the other is there.
            del self.fields["drop_email"], self.fields["drop_phone"]

    def clean_phone(self) -> str:
        """Keep it as typed; a number has at least a digit."""
        phone: str = self.cleaned_data["phone"]
        if phone and not any(character.isdigit() for character in phone):
            raise forms.ValidationError(
                "Enter a phone number with digits, for example +1 202 555 0143.", code="invalid"
            )
        return phone

    def clean(self) -> dict[str, Any]:
        """Check what depends on more than one field."""
        data = super().clean() or self.cleaned_data
        dropped = {name for name in ("email", "phone") if data.get(f"drop_{name}")}
        if len(dropped) == 2:
            self.add_error("drop_phone", "Keep one of the two, so that we can answer.")
        for name in dropped:
            if data.get(name):
                self.add_error(f"drop_{name}", "You typed a new one above: empty it, or leave this box unticked.")
        way = data.get("contact_by")
        if way in {"email", "phone"} and (way in dropped or not (data.get(way) or getattr(self.consultation, way))):
            words = "an email address" if way == "email" else "a phone number"
            self.add_error("contact_by", f"For that we need {words} from you.")
        self.ask_about_email(data.get("email", ""))
        self.number = self.read_phone(
            data.get("phone", ""), center=self.consultation.center, language=self.consultation.language
        )
        return data

    def correction(self) -> selfservice.Correction:
        """Return what was typed. Call it on a valid form."""
        wanted = {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}
        return selfservice.Correction(phone_e164=self.number.e164, **wanted)


class WithdrawForm(PrivateForm):
    """Which consent is taken back: only one of this request."""

    consent = forms.ModelChoiceField(
        queryset=Consent.objects.none(),
        error_messages={
            "required": "Choose which consent you withdraw.",
            "invalid_choice": "That is not one of your consents. They are listed below.",
        },
    )

    def __init__(self, consultation: ConsultationRequest, data: QueryDict | None = None) -> None:
        super().__init__(consultation, data, auto_id="what-you-agreed-to")
        field = self.fields["consent"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = consultation.consents.select_related("text")


class EraseForm(PrivateForm):
    """The wish to be erased, said twice."""

    sure = forms.BooleanField(
        label="Yes, erase my request and everything in it",
        required=False,
        widget=forms.CheckboxInput(attrs={"required": True}),
    )

    def clean_sure(self) -> bool:
        """It cannot be undone, so a button alone is not enough."""
        if not self.cleaned_data["sure"]:
            raise forms.ValidationError("Tick the box if you are sure that you want to be erased.", code="required")
        return True


class CodeForm(PrivateForm):
    """The code that was mailed."""

    code = forms.CharField(
        label="The code from the email",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def all_of(consultation: ConsultationRequest, texts: dict[ConsentPurpose, ConsentText]) -> dict[str, PrivateForm]:
    """Return each form of the page, empty, by the name the template has for it."""
    return {
        "note_form": NoteForm(consultation, texts=texts),
        "contact_form": ContactForm(consultation),
        "withdraw_form": WithdrawForm(consultation),
        "erase_form": EraseForm(consultation),
        "code_form": CodeForm(consultation),
    }
