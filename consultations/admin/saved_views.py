"""Saved views and the rules for calls, as lists of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.admin.places import ByPlace, ForEveryCenter
from consultations.models import CallRule, SavedView
from consultations.models.place import Viewer
from consultations.requests.moving import name_of
from content import form_fields


class SaveForm(forms.Form):
    """A name for the filters of a list, and whether colleagues see it."""

    name = form_fields.LineField(max_length=60, error_messages={"required": "Give the view a name."})
    query = forms.CharField(required=False, max_length=4000)
    shared = forms.BooleanField(required=False)


class SavedViewForm(forms.ModelForm[SavedView]):
    """Another name for a view. Its owner is no field, so that Django does not look whether they have one of this name."""

    def clean(self) -> dict[str, Any]:
        """Refuse a name that another view of the owner has."""
        data = super().clean() or {}
        others = SavedView.objects.filter(owner=self.instance.owner_id).exclude(pk=self.instance.pk)
        if others.filter(name=data.get("name", "")).exists():
            self.add_error("name", "There is a view of this name already.")
        return data


@admin.register(SavedView)
class SavedViewAdmin(ByPlace, admin.ModelAdmin[SavedView]):
    """One's own views, to be renamed, shared or deleted, and those that colleagues share, to be looked at."""

    form = SavedViewForm
    list_display = ["name", "opens", "whose", "shared"]
    list_filter = ["shared"]
    search_fields = ["name"]
    fields = ["name", "shared", "opens", "whose"]
    readonly_fields = ["opens", "whose"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        """Read the owners along."""
        found: QuerySet[SavedView] = super().get_queryset(request).select_related("owner")
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here: views are saved from the list that they show."""
        return False

    def may_change_row(self, user: Viewer, row: Model | None) -> bool:
        """Return whether it is the user's own; a superuser may tidy up."""
        return row is None or user.is_superuser or getattr(row, "owner_id", None) == user.pk

    @admin.display(description="list")
    def opens(self, view: SavedView) -> SafeString:
        """The way to the list."""
        return format_html('<a href="{}">{}</a>', address_of(view), "Open")

    @admin.display(description="whose")
    def whose(self, view: SavedView) -> str:
        """Who saved it."""
        return name_of(view.owner)


@admin.register(CallRule)
class CallRuleAdmin(ForEveryCenter, admin.ModelAdmin[CallRule]):
    """What follows a call."""

    list_display = ["outcome", "attempt", "wait", "is_answer"]
    list_filter = ["outcome"]

    @admin.display(description="next step after")
    def wait(self, rule: CallRule) -> str:
        """The wait in words."""
        return f"{rule.wait_hours} business hours" if rule.wait_hours else "the next morning"


def address_of(view: SavedView) -> str:
    """Return the address of the list that a view opens."""
    return f"{reverse('admin:consultations_consultationrequest_changelist')}?{view.query}"
