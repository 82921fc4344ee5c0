"""Admin of proposed changes: what waits for a reviewer, old and new side by side, and the buttons that ask the verbs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from content import richtext
from content.admin import beside
from content.admin.desk import Button, press, refuse_others
from content.admin.marks import mark
from content.admin.moments import in_words
from content.admin.pressing import incomplete
from content.choices import ChangeKind, ChangeState
from content.fields import RichTextField
from content.form_fields import WordsField
from content.models import ProposedChange
from content.models.proposed_change import OPEN_CHANGES
from content.proofreading import reading
from content.publishing import changes, rows
from content.publishing.rights import APPROVE

VIEW = "content.view_proposedchange"
BUTTONS = {
    button.name: button
    for button in (
        Button("approve", "Approve", "It is approved, and public.", changes.approve, (APPROVE,)),
        Button("send_back", "Send back", "It is sent back.", changes.send_back, (APPROVE,)),
        Button("withdraw", "Withdraw", "It is withdrawn.", changes.withdraw, (VIEW,)),
    )
}


class SeenForm(forms.Form):
    """The version that was read, and words where they are sent back."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = WordsField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label="What is to be changed")


class StandingFilter(admin.SimpleListFilter):
    """What waits, unless asked for more."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("", "Waiting or sent back"), ("decided", "Decided"), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Leave out the admin's own “All”."""
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProposedChange]) -> QuerySet[ProposedChange]:
        """Narrow the list."""
        if self.value() == "all":
            return queryset
        open_ones = {"state__in": OPEN_CHANGES}
        return queryset.exclude(**open_ones) if self.value() == "decided" else queryset.filter(**open_ones)


@admin.register(ProposedChange)
class ProposedChangeAdmin(admin.ModelAdmin[ProposedChange]):
    """Changes of public words; verbs write them, this shows them."""

    list_display = ["__str__", "standing", "proposed", "decided_by"]
    list_display_links = ["__str__"]
    list_select_related = ["proposed_by", "decided_by"]
    list_filter = [StandingFilter, "model"]
    search_fields = ["title"]

    def get_urls(self) -> list[Any]:
        """Add the buttons."""
        own = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(self.button_view),
                {"name": name},
                f"content_proposedchange_{name}",
            )
            for name in BUTTONS
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show old and new side by side, what the claim check finds, and what this person can do."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        change = self.get_object(request, object_id)
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # Django's own
        return TemplateResponse(
            request,
            "admin/content/proposedchange/page.html",
            {
                **self.admin_site.each_context(request),
                "title": str(change),
                "opts": self.opts,
                "change": change,
                "lines": _lines(change, request),
                "moved_on": change.state == ChangeState.PROPOSED and bool(changes.moved_on(change)),
                "form": SeenForm(initial={"seen": change.version}),
                "own": change.was_written_by(request.user),
                "can_approve": BUTTONS["approve"].is_for(request.user) and change.state == ChangeState.PROPOSED,
                "row_page": _row_page(change, request),
                "events": change.events.select_related("by"),
            },
        )

    def button_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Press a button; POST only."""
        change = get_object_or_404(ProposedChange, pk=object_id)
        button = BUTTONS[name]
        refuse_others(request, button)
        form = SeenForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            return (
                HttpResponseNotAllowed(["POST"])
                if request.method != "POST"
                else incomplete(request, change.get_absolute_url())
            )
        said: dict[str, Any] = {"seen": form.cleaned_data["seen"]}
        if name == "send_back":
            said["words"] = form.cleaned_data["words"]
        return press(request, button, lambda **who: button.verb(change, **said, **who), change.get_absolute_url())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Saving another page proposes a change."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ProposedChange | None = None) -> bool:
        """Verbs change them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProposedChange | None = None) -> bool:
        """History stays."""
        return False

    @admin.display(description="proposed", ordering="proposed_at")
    def proposed(self, change: ProposedChange) -> str:
        """Say who proposed it last, and when."""
        by = change.proposed_by
        return f"{in_words(change.proposed_at)}, by {by.get_full_name() or by.get_username()}"

    @admin.display(description="standing", ordering="state")
    def standing(self, change: ProposedChange) -> SafeString:
        """Say where it stands."""
        kinds: dict[str, Any] = {"proposed": "warn", "sent_back": "go", "approved": "done", "withdrawn": "off"}
        return mark(str(ChangeState(change.state).label), kinds[change.state])


def _lines(change: ProposedChange, request: HttpRequest) -> list[dict[str, Any]]:
    """Return each field of a change with what was read before, what readers see now where that differs, and what is proposed."""
    model = change.model_class
    now = changes.moved_on(change) if change.is_open else {}
    found = reading.unpassed(change) if change.is_open else []
    link = beside.link_for(change, request.user)
    names = change.before if change.kind == ChangeKind.REMOVE else change.after
    lines = []
    for name, wanted in names.items():
        field = rows.field_of(model, name)
        lines.append(
            {
                "label": capfirst(str(field.verbose_name)),
                "before": _as_read(field, change.before.get(name)),
                "now": _as_read(field, now[name]) if name in now else "",
                "after": "" if change.kind == ChangeKind.REMOVE else _as_read(field, wanted),
                "claims": beside.listed([each for each in found if each.field == name], link),
            }
        )
    return lines


def _as_read(field: Field[Any, Any], value: Any) -> str:
    """Return a value as staff read it, rich text as readers see it."""
    if isinstance(field, RichTextField):
        return mark_safe(richtext.clean(value or ""))  # noqa: S308  sanitised
    return rows.shown(field.model, field.name, value)


def _row_page(change: ProposedChange, request: HttpRequest) -> str:
    """Return where the row is edited; nothing for who may not, or where there is none."""
    if change.row_id is None or not request.user.has_perm(f"content.view_{change.model}"):
        return ""
    gone = not change.model_class._base_manager.filter(pk=change.row_id).exists()  # noqa: SLF001  documented
    if gone or change.model == "decisionanswer":
        return ""
    return reverse(f"admin:content_{change.model}_change", args=[change.row_id])
