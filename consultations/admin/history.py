"""Admin of activities (history), consents and consent texts; texts get new versions and are never edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consultations.admin.places import ByPlace, has_every_center
from consultations.admin.readonly import ReadOnly, WrittenByVerbs
from consultations.admin.search import FoundByReference
from consultations.evidence import consents
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.models import Activity, Consent, ConsentText
from consultations.models.fields import WORDS, through
from consultations.requests.moving import name_of
from consultations.statuses import ConsentPurpose, Status
from content import form_fields

# Carries what a verb said to the form that is drawn once more; no header of a client's can have this name.
REFUSED = "consultations.refused"


@admin.register(Activity)
class ActivityAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[Activity]):
    """Everything that happened, newest first. Notes are opened on their own page only."""

    list_display = ["at", "request", "kind", "step", "who"]
    list_filter = ["kind"]
    # Rows are written as things happen, and never changed.
    ordering = ["-id"]
    sortable_by = ()
    fields = ["request", "kind", "at", "who", "step", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        """Leave notes sealed until a page needs one."""
        return super().get_queryset(request).select_related("request", "by").defer("text", *through("request", WORDS))

    @admin.display(description="from → to")
    def step(self, activity: Activity) -> str:
        """The move, for a change of status."""
        if not activity.to_status:
            return ""
        return f"{Status(activity.from_status).label} → {Status(activity.to_status).label}"

    @admin.display(description="by")
    def who(self, activity: Activity) -> str:
        """Who did it."""
        return name_of(activity.by) if activity.by else "the site"


@admin.register(Consent)
class ConsentAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[Consent]):
    """Boxes that were ticked."""

    list_display = ["request", "text", "given_at", "withdrawn_at"]
    list_filter = ["text__purpose", ("withdrawn_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["request", "text", "words", "given_at", "withdrawn_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        """Read request and text along."""
        return super().get_queryset(request).select_related("request", "text").defer(*through("request", WORDS))

    @admin.display(description="the words agreed to")
    def words(self, consent: Consent) -> str:
        """The text as it was shown."""
        return consent.text.text


class ConsentTextForm(forms.ModelForm[ConsentText]):
    """New words; `refused` is what the verb said to them, for drawing the form once more."""

    refused = ""

    def clean(self) -> dict[str, Any]:
        """Refuse the words that the purpose has already."""
        data = super().clean() or {}
        if self.refused:
            raise forms.ValidationError(self.refused)
        if not self.errors:
            try:
                consents.refuse_unchanged(ConsentPurpose(data["purpose"]), data["text"])
            except NotAllowed as refusal:
                self.add_error("text", str(refusal))
        return data


@admin.register(ConsentText)
class ConsentTextAdmin(WrittenByVerbs, admin.ModelAdmin[ConsentText]):
    """The words beside the boxes: a new version is a new row."""

    form = ConsentTextForm
    list_display = ["purpose", "version", "active_from", "text"]
    list_filter = ["purpose"]
    search_fields = ["text"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may add one and has every center: the words are the same at all of them."""
        return admin.ModelAdmin.has_add_permission(self, request) and has_every_center(request)

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        """Nobody: somebody may have agreed to these very words."""
        return False

    def get_fields(self, request: HttpRequest, obj: ConsentText | None = None) -> tuple[str, ...]:
        """Number new words by themselves."""
        return ("purpose", "version", "active_from", "text") if obj else ("purpose", "active_from", "text")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin now, unless it is put off."""
        return {"active_from": timezone.now(), **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give the words room, and ask for a year of this time."""
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 4, "cols": 80})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "active_from" and field is not None:
            field.validators.append(form_fields.refuse_far_years)
        return field

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Draw the form once more, with all that was typed, where somebody else was quicker."""
        try:
            return super().add_view(request, form_url, extra_context)
        except ChangedMeanwhile as refusal:
            request.META[REFUSED] = str(refusal)
            return super().add_view(request, form_url, extra_context)

    def get_form(
        self,
        request: HttpRequest,
        obj: ConsentText | None = None,
        change: bool = False,  # noqa: FBT001, FBT002  Django's own signature
        **kwargs: Any,
    ) -> type[forms.ModelForm[ConsentText]]:
        """Hand over what the verb said."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refused": request.META.get(REFUSED, "")})

    def save_model(self, request: HttpRequest, obj: ConsentText, form: forms.ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        """Hand the words over to the verb that makes them the next version."""
        written = consents.reword(ConsentPurpose(obj.purpose), text=obj.text, active_from=obj.active_from)
        obj.pk, obj.version = written.pk, written.version
