"""Pages that merge two people, with a preview in the chosen direction, and undo it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from consultations.admin.forms import STALE
from consultations.exceptions import ConsultationError
from consultations.models import ConsultationRequest, Person
from consultations.requests import merging
from content import form_fields
from content.admin.actor import actor
from content.numerals import number_in

MAY_MERGE = "consultations.merge_person"


class MergeForm(forms.Form):
    """Why, and the mark of what the page showed."""

    reason = form_fields.WordsField(
        required=False,
        max_length=1000,
        label="How you know that they are one person",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
    seen = forms.CharField(
        max_length=16, widget=forms.HiddenInput, error_messages={"required": STALE, "max_length": STALE}
    )


class MergePages(admin.ModelAdmin[Person]):
    """Adds `…/merge/<other>/` (the person of the address is kept) and `…/undo/` to the people's own addresses."""

    find: Callable[[HttpRequest, str], tuple[Person, list[ConsultationRequest]]]

    def get_urls(self) -> list[Any]:
        """Put both before Django's own, which take everything behind the id."""
        view = self.admin_site.admin_view
        own = [
            path("<path:object_id>/merge/", view(self.merge_view), name="consultations_person_merge"),
            path("<path:object_id>/undo/", view(self.undo_view), name="consultations_person_undo"),
        ]
        return [*own, *super().get_urls()]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would be of both; a POST merges `?other=` into the person of the address."""
        if not request.user.has_perm(MAY_MERGE):
            raise PermissionDenied
        kept, kept_requests = self.find(request, object_id)
        merged, merged_requests = self.find(request, request.GET.get("other", ""))
        user, form = actor(request), MergeForm(request.POST or None)
        if kept.pk == merged.pk:
            messages.info(request, "This is one person already.")
            return _to(kept)
        if request.method == "POST" and form.is_valid() and self._merge(request, kept, merged, form):
            return _to(kept)
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge two people?",
            "opts": self.opts,
            "kept": kept,
            "merged": merged,
            "sides": [("Stays", kept_requests), ("Is merged into it", merged_requests)],
            "unconfirmed": [one for one in (*kept_requests, *merged_requests) if not one.is_confirmed],
            "form": form,
            "mark": merging.mark_of(kept, merged, seen_by=user),
            "is_error": bool(form.errors),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return TemplateResponse(request, "admin/consultations/person/merge.html", context, status=status)

    def _merge(self, request: HttpRequest, kept: Person, merged: Person, form: MergeForm) -> bool:
        """Merge them and return whether it was done; the form says why not."""
        said, now = form.cleaned_data, timezone.now()
        try:
            merging.merge(kept, merged, reason=said["reason"], seen=said["seen"], by=actor(request), now=now)
        except ConsultationError as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, "They are one person now. This can be undone below, until one of them is erased.")
        return True

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Undo a merge of the person."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(MAY_MERGE):
            raise PermissionDenied
        person, _ = self.find(request, object_id)
        merges = merging.merges_into(person, seen_by=actor(request))
        # No row has the key 0.
        entry = merges.filter(pk=number_in(request.POST.get("merge", "")) or 0).first()
        if entry is None:
            raise Http404("There is no such merge.")
        try:
            merging.undo(entry, by=actor(request), now=timezone.now())
        except ConsultationError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The merge is undone: they are two people again.")
        return _to(person)


def _to(person: Person) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:consultations_person_change", args=[person.pk]))
