"""The request form: fields, checks, and the `Submission` it becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from consultations.evidence import form_text
from consultations.forms.asking import AskingForm
from consultations.forms.known import CenterField, Known, TherapiesField, offer
from consultations.intake import phones, receiving, sources, spam, typed
from consultations.statuses import ConsentPurpose, ContactBy
from content import form_fields
from content.models import Center, Notice, Therapy

NAME_LENGTH = 200
MESSAGE_LENGTH = 4000
TRAP = "motto"
CONSENT_HINT = (
    '<p class="form-text">The first is needed only if you wrote a message. Nothing depends on the others.</p>'
)
HIDDEN = ("key", "source", "landing", "last_page", "confirmed")


class RequestForm(AskingForm):
    """What we ask, and nothing else: every field has a use that the privacy notice names.

    What merely looks odd, a strange number or a slip in a mail address, is asked about once and then taken as it is.
    """

    # Required, but not to Django, whose renderer would put an asterisk there instead of words.
    name = form_fields.LineField(
        label="Full name",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false", "required": True}),
        error_messages={"max_length": f"Enter a name of at most {NAME_LENGTH} characters."},
    )
    email = form_fields.MailAddressField(
        label="Email address",
        required=False,
        max_length=254,
        help_text="We need an email address or a phone number; both are welcome.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": "Enter an email address like name@example.com.",
            "max_length": "Enter an email address of at most 254 characters.",
        },
    )
    phone = form_fields.PhoneField(
        label="Phone number",
        required=False,
        max_length=60,
        help_text="Any country, in any way you write it. Best with + and the country code in front, such as +44.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "Enter a phone number of at most 60 characters."},
    )
    # One question with the field after it; the legend of both asks it.
    contact_by = forms.ChoiceField(
        label="",
        choices=ContactBy.choices,
        initial=ContactBy.EITHER,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose phone, email, or either."},
    )
    best_time = form_fields.LineField(
        label="A good time for you (optional)",
        required=False,
        max_length=200,
        help_text="In your own words, for example “weekday mornings” or “after 5 pm”.",
        error_messages={"max_length": "Use at most 200 characters for the time."},
    )
    center = CenterField(
        label="Nearest center (optional)",
        queryset=Center.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Not sure yet",
        error_messages={"invalid_choice": "Choose a center from the list, or “Not sure yet”."},
    )
    therapies = TherapiesField(
        label="Therapies you would like to talk about (optional)",
        queryset=Therapy.objects.none(),
        to_field_name="slug",
        required=False,
        help_text="Choose any, or none.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose therapies from the list."},
    )
    message = form_fields.WordsField(
        label="Anything you would like us to know? (optional)",
        required=False,
        max_length=MESSAGE_LENGTH,
        help_text="You do not need to tell us about your health here. If you do, we store it encrypted. "
        "In an emergency, please do not write here: call your local emergency number.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"Use at most {MESSAGE_LENGTH} characters for your message."},
    )
    agree_health = forms.BooleanField(required=False)
    agree_calls = forms.BooleanField(required=False)
    agree_newsletter = forms.BooleanField(required=False)
    # People do not see this one; programs that fill in whatever they find give themselves away.
    motto = forms.CharField(
        label="Please leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    landing = forms.CharField(required=False, widget=forms.HiddenInput)
    last_page = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        now: dt.datetime,
        language: str = "",
        browser: str = "",
        initial: dict[str, Any] | None = None,
        known: Known | None = None,
    ) -> None:
        """Take what was posted, or `initial` values.

        Args:
            data: what was posted, or None.
            now: when.
            language: the visitor's own, such as de-AT.
            browser: the digest of the browser that posted it, or "" for one that keeps no cookie.
            initial: what an empty form begins with.
            known: what can be chosen and agreed to; it is asked for where it is not given.
        """
        answers = None if data is None else typed.tidied(data)
        super().__init__(data=answers, initial=initial)
        self.now = now
        self.language = language
        self.number = phones.UNREADABLE
        self.form_key = receiving.read_key(str(answers.get("key", ""))) if answers is not None else None
        if answers is not None and self.form_key is None:
            # A form that came without a genuine key gets one, never a refusal: its next try is recognised.
            answers["key"] = receiving.new_key(now, browser)
        self.browser = browser
        known = known or Known()
        offer(self.fields, known)
        # A form left open for days still stands beside the words it was drawn with: those are agreed to.
        self.shown_at = self.form_key.shown_at if self.form_key else now
        self.texts = receiving.current_texts(self.shown_at, known.texts)
        for purpose in ConsentPurpose:
            if purpose in self.texts:
                self.fields[f"agree_{purpose}"].label = self.texts[purpose].text
            else:
                del self.fields[f"agree_{purpose}"]

    @classmethod
    def blank(cls, query: QueryDict, *, now: dt.datetime, browser: str = "") -> RequestForm:
        """Return an empty form with a fresh key; `?center=` and `?therapy=` preselect what a page linked for."""
        asked = typed.tidied(query)
        initial = {
            "key": receiving.new_key(now, browser),
            "center": asked.get("center", ""),
            "therapies": asked.getlist("therapy"),
            "source": asked.get("source", ""),
        }
        return cls(initial=initial, now=now)

    def ask_again(self) -> None:
        """Give the form a fresh key, so that sending it once more makes a request of its own."""
        self.answers["key"] = receiving.new_key(self.shown_at, self.browser, asked=True)

    def refused_key(self) -> bool:
        """Return whether the key has ended, or was minted for another browser."""
        key = self.form_key
        if key is None:
            return False
        return self.now - key.shown_at > receiving.KEY_LASTS or bool(self.browser and key.browser != self.browser)

    def show_to(self, browser: str) -> None:
        """Have a form that comes back carry a key of the browser that it is shown to; one of its own stays."""
        key = receiving.read_key(str(self.answers.get("key", "")))
        if self.refused_key() or key is None:
            self.answers["key"] = receiving.new_key(self.now, browser)
        elif key.browser != browser:
            self.answers["key"] = receiving.new_key(key.shown_at, browser, asked=key.asked)

    def clean_name(self) -> str:
        """Accept any alphabet and any length down to one character that shows."""
        name: str = self.cleaned_data["name"]
        if not name:
            raise forms.ValidationError("Enter your name.", code="required")
        return name

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
        self.ask_about_email(data.get("email", ""))
        self.number = self.read_phone(data.get("phone", ""), center=data.get("center"), language=self.language)
        return data

    def chosen_center(self) -> Center | None:
        """Return the center that is chosen as the form stands, sent or not; None for none, or for one that is not there."""
        field, slug = self.fields["center"], self["center"].value()
        try:
            found = field.clean(slug)
        except forms.ValidationError:
            return None
        return found if isinstance(found, Center) else None

    def words(self) -> str:
        """Return the form's words as they are shown, the same for everybody until an edit, with these consent texts."""
        return form_text.plain(self, self.helper.layout)

    def submission(self, shown_words: str = "", place_notices: Sequence[Notice] | None = None) -> receiving.Submission:
        """Return what was typed, for intake. Call it on a valid form; words and notices that were shown may be given."""
        data = self.cleaned_data
        words, attribution = sources.read(
            data["source"], landing=data["landing"], last_page=data["last_page"], now=self.now
        )
        return receiving.Submission(
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            phone_e164=self.number.e164,
            contact_by=data["contact_by"],
            best_time=data["best_time"],
            center=data["center"],
            therapies=list(data["therapies"]),
            message=data["message"],
            source=words,
            attribution=attribution,
            language=self.language,
            agreed={purpose for purpose in ConsentPurpose if data.get(f"agree_{purpose}")},
            consent_texts=self.texts,
            form_text=shown_words or self.words(),
            place_notices=place_notices,
        )

    def identity(self) -> str:
        """Return which form this is, for intake."""
        key = self.form_key or receiving.read_key(str(self.answers["key"]))
        return key.identity if key else ""

    def has_asked(self) -> bool:
        """Return whether the visitor was told of an earlier request and sends another one."""
        return self.form_key is not None and self.form_key.asked

    def signals(self) -> spam.Signals:
        """Return how the form arrived."""
        seconds = (self.now - self.form_key.shown_at).total_seconds() if self.form_key else None
        return spam.Signals(trap_filled=bool(self.cleaned_data[TRAP]), seconds_open=seconds)

    @cached_property
    def helper(self) -> FormHelper:
        """Lay the fields out as questions; the template draws form tag, token, trap and button."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        boxes = [f"agree_{purpose}" for purpose in ConsentPurpose if purpose in self.texts]
        helper.layout = Layout(
            *HIDDEN,
            Fieldset("About you", "name", "email", "phone"),
            Fieldset("How and when should we reach you?", "contact_by", "best_time"),
            Fieldset("About your question", "center", "therapies", "message"),
            Fieldset("What you agree to", HTML(CONSENT_HINT), *boxes),
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
