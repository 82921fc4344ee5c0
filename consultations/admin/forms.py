"""Forms of the desk's buttons: move, assign, note."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q

from consultations.access.colleagues import who_may_work_on
from consultations.models import ConsultationRequest
from consultations.models.place import known_to
from consultations.requests.moving import name_of
from consultations.statuses import ClosedFor, Status
from content import form_fields

TEXT_LENGTH = 4000
ERASED = "This request was erased. Nothing was saved."
STALE = "This button is not one that the page offers. Please look at the request again."


def errors_of(form: forms.Form) -> list[str]:
    """Return what is wrong with a form, one sentence for each fault."""
    return [str(error) for errors in form.errors.values() for error in errors]


class Narrowed(forms.Form):
    """A form whose choices depend on who asks and on the request."""

    def narrow(self, user: User, request: ConsultationRequest | None) -> Self:
        """Leave out the choices that are not the user's, and return the form."""
        raise NotImplementedError


class MoveForm(forms.Form):
    """A move from the status that the page showed; a closing one may cancel the appointment that it showed."""

    to = forms.ChoiceField(choices=Status.choices, error_messages={"invalid_choice": STALE, "required": STALE})
    seen = forms.ChoiceField(choices=Status.choices, error_messages={"invalid_choice": STALE, "required": STALE})
    reason = form_fields.WordsField(required=False, max_length=TEXT_LENGTH)
    closed_for = forms.ChoiceField(required=False, choices=ClosedFor.choices, error_messages={"invalid_choice": STALE})
    cancelling = forms.IntegerField(required=False, error_messages={"invalid": STALE})

    def clean(self) -> dict[str, Any]:
        """Write why it is closed in front of the words about it."""
        data = super().clean() or {}
        named = data.get("closed_for") if data.get("to") == Status.LOST else ""
        data["closed_for"] = ClosedFor(named or ClosedFor.OTHER)
        if named:
            data["reason"] = ": ".join(filter(None, [data["closed_for"].label, data.get("reason", "")]))
        return data

    def clean_to(self) -> Status:
        """Return a member of the list."""
        return Status(self.cleaned_data["to"])

    def clean_seen(self) -> Status:
        """Return a member of the list."""
        return Status(self.cleaned_data["seen"])


class PersonField(forms.ModelChoiceField[User]):
    """One of several people, by the name that colleagues know; empty is nobody."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name."""
        return name_of(obj)


# More names than these are chosen from a list.
MOST_BUTTONS = 8


class AssignForm(Narrowed):
    """A hand-over from the person that the page showed."""

    to = PersonField(
        queryset=User.objects.none(),
        required=False,
        empty_label="nobody",
        label="Give to",
        error_messages={"invalid_choice": "That person does not work on requests."},
    )
    seen = PersonField(queryset=User.objects.none(), required=False, error_messages={"invalid_choice": STALE})

    def narrow(self, user: User, request: ConsultationRequest | None) -> Self:
        """Offer those who may see the request; who has it may be anybody whom the user knows: of others, not even that they are there is told."""
        to, seen = self.fields["to"], self.fields["seen"]
        if request is not None and isinstance(to, PersonField) and isinstance(seen, PersonField):
            to.queryset = who_may_work_on(request)
            seen.queryset = User.objects.filter(known_to(user) | Q(pk=request.assignee_id))
        return self

    def few(self, *, but: set[int | None]) -> list[tuple[int, str]] | None:
        """Return those who are offered as one button each, `but` for these; None where they are too many for that."""
        field = self.fields["to"]
        if not isinstance(field, PersonField) or field.queryset is None:
            return None
        offered = field.queryset.exclude(pk__in=[pk for pk in but if pk])[: MOST_BUTTONS + 1]
        return [(person.pk, name_of(person)) for person in offered] if len(offered) <= MOST_BUTTONS else None


class NoteForm(forms.Form):
    """An internal note; that it holds words is for the verb to say."""

    text = form_fields.WordsField(required=False, max_length=TEXT_LENGTH)
