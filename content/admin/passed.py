"""Admin of findings that were let pass: a reviewer adds one with a reason; nobody changes or deletes any."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from content.admin.actor import actor
from content.admin.desk import RefusalsTold
from content.form_fields import WordsField
from content.models import ClaimOverride
from content.proofreading import passed
from content.publishing.rights import APPROVE

HIDDEN = ("revision", "change", "rule", "sentence")


class LetPassForm(forms.ModelForm[ClaimOverride]):
    """Why a finding is let pass; what it is comes with the link that led here."""

    reason = WordsField(widget=forms.Textarea(attrs={"rows": 5}), label="Why this sentence is true and fair")

    class Meta:
        model = ClaimOverride
        fields = [*HIDDEN, "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in HIDDEN:
            if name in self.fields:
                self.fields[name].widget = forms.HiddenInput()
        if "sentence" in self.fields:
            # Compared as it was found.
            self.fields["sentence"].strip = False  # type: ignore[attr-defined]


@admin.register(ClaimOverride)
class ClaimOverrideAdmin(RefusalsTold, admin.ModelAdmin[ClaimOverride]):
    """The list of what was let pass, where, by whom and why."""

    form = LetPassForm
    list_display = ["sentence", "rule", "where", "by", "at", "reason"]
    list_select_related = ["revision__article", "change", "by"]
    list_filter = ["rule"]
    search_fields = ["sentence", "reason"]
    add_form_template = "admin/content/claimoverride/add.html"

    def save_model(self, request: HttpRequest, obj: ClaimOverride, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Ask the verb."""
        said = {name: form.cleaned_data[name] for name in ("rule", "sentence", "reason")}
        text = form.cleaned_data["revision"] or form.cleaned_data["change"]
        kept = passed.let_pass(text, by=actor(request), now=timezone.now(), **said)
        obj.pk, obj.at, obj.by = kept.pk, kept.at, kept.by

    def response_add(
        self, request: HttpRequest, obj: ClaimOverride, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go back to where it was found."""
        super().response_add(request, obj, post_url_continue)
        kind, pk = ("revision", obj.revision_id) if obj.revision_id else ("proposedchange", obj.change_id)
        return HttpResponseRedirect(reverse(f"admin:content_{kind}_change", args=[pk]))

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Say which sentence it is about."""
        form = context["adminform"].form
        said = {name: form[name].value() for name in HIDDEN if name in form.fields}
        return super().render_change_form(request, context | {"said": said}, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reviewers let findings pass."""
        return bool(request.user.has_perm(APPROVE))

    def has_change_permission(self, request: HttpRequest, obj: ClaimOverride | None = None) -> bool:
        """What was let pass stays written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ClaimOverride | None = None) -> bool:
        """What was let pass stays written."""
        return False

    @admin.display(description="in")
    def where(self, override: ClaimOverride) -> str:
        """Say in which text."""
        text = override.revision or override.change
        return f"{text}, revision {text.number}" if text is not None and text is override.revision else str(text)
