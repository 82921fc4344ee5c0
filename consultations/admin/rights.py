"""Who may see which place, and who opened which request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from consultations.access import granting
from consultations.access.colleagues import staff_known_to
from consultations.admin.forms import PersonField
from consultations.admin.places import ByPlace, own_centers
from consultations.admin.readonly import ReadOnly
from consultations.admin.search import FoundByReference
from consultations.exceptions import ConsultationError, NotAllowed
from consultations.models import AccessEntry, ExportEntry, PlaceRight
from consultations.models.place import Viewer
from consultations.requests import claims
from consultations.requests.moving import name_of
from consultations.statuses import PlaceScope
from content.admin.actor import actor
from content.models import Center


class PlaceRightForm(forms.ModelForm[PlaceRight]):
    """A member of staff and a place, out of those that the user has."""

    by: User
    user = PersonField(User.objects.none(), label="Member of staff")
    place = forms.ChoiceField(help_text="You can give only the places that you have yourself.")

    class Meta:
        model = PlaceRight
        fields = ("user",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centers: dict[str, Center] = {str(center.pk): center for center in own_centers(self.by)}
        wide = [scope for scope in (PlaceScope.ALL, PlaceScope.POOL) if granting.has_place(self.by, scope)]
        named = [(key, center.name) for key, center in self.centers.items()]
        person, place = self.fields["user"], self.fields["place"]
        if isinstance(person, PersonField) and isinstance(place, forms.ChoiceField):
            person.queryset = staff_known_to(self.by).filter(is_superuser=False).exclude(pk=self.by.pk)
            place.choices = [("", "choose a place"), *((scope.value, scope.label) for scope in wide), *named]

    def clean(self) -> dict[str, Any]:
        """Make a scope and a center of the choice, and refuse what the person has already."""
        data = super().clean() or {}
        if self.errors:
            return data
        center = self.centers.get(data["place"])
        data |= {"scope": PlaceScope.CENTER if center else PlaceScope(data["place"]), "center": center}
        self.instance.scope, self.instance.center = data["scope"], center
        if PlaceRight.objects.filter(user=data["user"], scope=data["scope"], center=center).exists():
            self.add_error("place", "This member of staff has that place already.")
        return data


@admin.register(PlaceRight)
class PlaceRightAdmin(ByPlace, admin.ModelAdmin[PlaceRight]):
    """Rights are given and taken, not changed."""

    form = PlaceRightForm
    list_display = ["person", "place"]
    list_filter = ["scope"]
    search_fields = [
        "user__first_name__has_part",
        "user__last_name__has_part",
        "user__username",
        "center__name__has_part",
    ]
    search_help_text = "A name of a person or of a center"
    readonly_fields = ["person", "place"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaceRight]:
        """Read person and center along."""
        return super().get_queryset(request).select_related("user", "center")

    def has_change_permission(self, request: HttpRequest, obj: PlaceRight | None = None) -> bool:
        """Nobody: another place is another right."""
        return False

    def may_change_row(self, user: Viewer, row: Any) -> bool:
        """Let nobody take from themselves, and nobody take what they do not have."""
        if not isinstance(row, PlaceRight) or not isinstance(user, User):
            return True
        try:
            granting.refuse(row.user, scope=PlaceScope(row.scope), center=row.center, by=user)
        except NotAllowed:
            return False
        return True

    def get_fields(self, request: HttpRequest, obj: PlaceRight | None = None) -> Any:
        """Show a right that exists in words."""
        return ["person", "place"] if obj else ["user", "place"]

    def get_readonly_fields(self, request: HttpRequest, obj: PlaceRight | None = None) -> list[str]:
        """Ask for both when a right is given."""
        return ["person", "place"] if obj else []

    def get_form(self, request: HttpRequest, obj: PlaceRight | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Hand over who gives."""
        if obj is not None:
            return super().get_form(request, obj, change, form=forms.ModelForm, **kwargs)
        return type("PlaceRightForm", (PlaceRightForm,), {"by": actor(request)})

    def save_model(self, request: HttpRequest, obj: PlaceRight, form: Any, change: bool) -> None:  # noqa: FBT001
        """Hand over to the verb."""
        data = form.cleaned_data
        given = granting.give(data["user"], scope=data["scope"], center=data["center"], by=actor(request))
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: PlaceRight) -> None:
        """Hand over to the verb."""
        self._take(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PlaceRight]) -> None:
        """Hand each over to the verb, and say which it refused."""
        for right in queryset:
            try:
                self._take(request, right)
            except ConsultationError as refusal:
                self.message_user(request, f"{right}: {refusal}", messages.WARNING)

    def _take(self, request: HttpRequest, right: PlaceRight) -> None:
        """Take a right, give back what its owner may not see any more, and say so."""
        with transaction.atomic():
            granting.take(right, by=actor(request))
            given = claims.give_back_unseen(right.user, by=actor(request), now=timezone.now())
        if given:
            what = "A request" if given == 1 else f"{given} requests"
            self.message_user(request, f"{what} that {name_of(right.user)} had: given back.", messages.WARNING)

    @admin.display(description="member of staff", ordering="user__first_name")
    def person(self, right: PlaceRight) -> str:
        """Who they are to colleagues."""
        return name_of(right.user)

    @admin.display(description="place", ordering="center__name")
    def place(self, right: PlaceRight) -> str:
        """The place in words."""
        return right.place


@admin.register(AccessEntry)
class AccessEntryAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[AccessEntry]):
    """Who opened which request, once an hour."""

    list_display = ["at", "request", "what", "who"]
    list_filter = ["what"]
    list_select_related = ["request", "by"]
    ordering = ["-id"]
    sortable_by = ()
    fields = ["request", "what", "at", "who"]

    @admin.display(description="by", ordering="by__first_name")
    def who(self, entry: AccessEntry) -> str:
        """Who opened it."""
        return name_of(entry.by)


@admin.register(ExportEntry)
class ExportEntryAdmin(ByPlace, ReadOnly, admin.ModelAdmin[ExportEntry]):
    """Files that were taken out: one's own, and for superusers all."""

    list_display = ["at", "format", "rows", "filters", "who"]
    list_filter = ["format"]
    list_select_related = ["by"]
    fields = ["at", "format", "rows", "filters", "who", "reason"]

    @admin.display(description="by", ordering="by__first_name")
    def who(self, entry: ExportEntry) -> str:
        """Who took it."""
        return name_of(entry.by)
