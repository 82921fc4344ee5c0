"""The comparison grid in the admin: findings of all therapies on one page; what is changed waits for a reviewer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from content.admin.actor import actor
from content.choices import ChangeKind, EvidenceGrade, Tone
from content.form_fields import LineField
from content.models import Criterion, Finding, ProposedChange, Therapy
from content.models.therapy import says_something
from content.publishing.cells import Cell, CellsChangedError, Change, Place, propose_cells

# Of a cell as JSON, with every sign of its value escaped.
LONGEST_CELL = 2000


@dataclass(frozen=True)
class Allowed:
    """What a person may do to findings."""

    change: bool
    add: bool
    remove: bool


@dataclass
class GridCell:
    """A cell as the page draws it; `meanwhile` is what somebody else made of it, in words."""

    finding: Finding | None
    inputs: list[BoundField]
    seen_name: str
    seen: str
    editable: bool
    meanwhile: str = ""
    waiting: ProposedChange | None = None

    @property
    def errors(self) -> list[str]:
        """What is wrong with it."""
        return [str(error) for bound in self.inputs for error in bound.errors]


class GridForm(forms.Form):
    """Three small inputs per cell, and what the cell held when the page was drawn."""

    def __init__(self, *args: Any, allowed: Allowed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        self.therapies = list(Therapy.objects.all())
        self.criteria = list(Criterion.objects.all())
        self.findings: dict[Place, Finding] = {
            (finding.therapy_id, finding.criterion_id): finding for finding in Finding.objects.order_by()
        }
        self.meanwhile: dict[Place, Cell] = {}
        self.waiting = self._waiting()
        for criterion in self.criteria:
            for therapy in self.therapies:
                self._add_cell(therapy, criterion)

    def clean(self) -> dict[str, Any]:
        """Refuse to empty a required cell, and to empty or fill one for those who may only change what is there."""
        data = super().clean() or self.cleaned_data
        required = {criterion.pk for criterion in self.criteria if criterion.required}
        for change in self.changes():
            if change.seen.value and not change.wanted.value and not self.allowed.remove:
                self.add_error(f"{_name(change.place)}-value", "You may change this finding, but not remove it.")
            elif change.seen.value and not change.wanted.value and change.place[1] in required:
                self.add_error(
                    f"{_name(change.place)}-value", "This must be said: write what is known, or “Not reported”."
                )
            if change.wanted.value and not change.seen.value and not self.allowed.add:
                self.add_error(f"{_name(change.place)}-value", "You may change findings, but not add one.")
        return data

    def changes(self) -> list[Change]:
        """Return the cells that differ from what the page showed."""
        found = [self._change((therapy.pk, criterion.pk)) for criterion in self.criteria for therapy in self.therapies]
        return [change for change in found if change is not None and change.wanted != change.seen]

    def rows(self) -> list[tuple[str, list[tuple[Criterion, list[GridCell]]]]]:
        """Return the cells by group and criterion."""
        return [
            (group, [(row, [self._cell(therapy, row) for therapy in self.therapies]) for row in rows])
            for group, rows in groupby(self.criteria, key=lambda criterion: criterion.group)
        ]

    def _waiting(self) -> dict[Place, ProposedChange]:
        """Return the changes that wait, by the cell that they are of; one query."""
        places = {finding.pk: place for place, finding in self.findings.items()}
        found = {}
        for change in ProposedChange.objects.open().filter(model="finding"):
            new = change.after.get("therapy"), change.after.get("criterion")
            place = new if change.kind == ChangeKind.ADD else places.get(change.row_id or 0)
            if place is not None:
                found[place] = change
        return found

    def _add_cell(self, therapy: Therapy, criterion: Criterion) -> None:
        place = (therapy.pk, criterion.pk)
        cell = Cell.of(self.findings.get(place))
        about = f"{therapy.short_name}: {criterion.name}"
        self.fields[f"{_name(place)}-value"] = LineField(
            max_length=80,
            required=False,
            initial=cell.value,
            validators=[says_something],
            widget=forms.TextInput(attrs={"aria-label": f"{about}, value", "class": "value"}),
        )
        for name, words, choices, initial in (
            ("tone", "tone", Tone.choices, cell.tone),
            ("grade", "evidence", EvidenceGrade.choices, cell.grade),
        ):
            self.fields[f"{_name(place)}-{name}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=initial,
                widget=forms.Select(attrs={"aria-label": f"{about}, {words}"}),
            )

    def _change(self, place: Place) -> Change | None:
        """Return what was typed into a cell, or None where the page did not hold it or it has an error already."""
        name = _name(place)
        seen = _unpack(str(self.data.get(f"{name}-seen", "")))
        parts = [self.cleaned_data.get(f"{name}-{part}") for part in ("value", "tone", "grade")]
        if seen is None or None in parts:
            return None
        value, tone, grade = map(str, parts)
        # Tone and evidence of nothing mean nothing.
        return Change(place, seen, Cell(value, tone or seen.tone, grade or seen.grade) if value else Cell())

    def _cell(self, therapy: Therapy, criterion: Criterion) -> GridCell:
        place = (therapy.pk, criterion.pk)
        name = _name(place)
        finding = self.findings.get(place)
        now = self.meanwhile.get(place)
        seen = (
            str(self.data.get(f"{name}-seen", "")) if self.is_bound and now is None else _pack(now or Cell.of(finding))
        )
        return GridCell(
            finding=finding,
            inputs=[self[f"{name}-value"], self[f"{name}-tone"], self[f"{name}-grade"]],
            seen_name=f"{name}-seen",
            seen=seen,
            editable=self.allowed.change and (finding is not None or self.allowed.add),
            meanwhile=now.words if now is not None else "",
            waiting=self.waiting.get(place),
        )


def page(model_admin: admin.ModelAdmin[Finding], request: HttpRequest) -> HttpResponse:
    """Show the grid, or save it and show it anew; what cannot be saved comes back as typed."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    allowed = Allowed(
        change=model_admin.has_change_permission(request),
        add=model_admin.has_add_permission(request),
        remove=model_admin.has_delete_permission(request),
    )
    if request.method in {"GET", "HEAD"}:
        return _show(model_admin, request, GridForm(allowed=allowed), HTTPStatus.OK)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not allowed.change:
        raise PermissionDenied
    form = GridForm(request.POST, allowed=allowed)
    if not form.is_valid():
        return _show(model_admin, request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _save(model_admin, request, form)


def _save(model_admin: admin.ModelAdmin[Finding], request: HttpRequest, form: GridForm) -> HttpResponse:
    try:
        proposed = propose_cells(form.changes(), by=actor(request), now=timezone.now())
    except CellsChangedError as refusal:
        form.meanwhile = refusal.now
        return _show(model_admin, request, form, HTTPStatus.CONFLICT)
    cells = "1 cell waits" if len(proposed) == 1 else f"{len(proposed)} cells wait"
    said = f"{cells} for a reviewer. Until then readers see the old value." if proposed else "Nothing was changed."
    model_admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:content_finding_grid"))


def _show(model_admin: admin.ModelAdmin[Finding], request: HttpRequest, form: GridForm, status: int) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Comparison grid",
        "opts": model_admin.opts,
        "form": form,
        "groups": form.rows(),
        "columns": len(form.therapies) + 1,
        "hidden": _hidden(form),
        "conflict": bool(form.meanwhile),
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/content/grid.html", context, status=status)


def _hidden(form: GridForm) -> list[Therapy]:
    """Return the therapies that readers do not see because a required cell is empty; agrees with `Therapy.objects.hidden`."""
    required = [criterion.pk for criterion in form.criteria if criterion.required]
    return [each for each in form.therapies if any((each.pk, criterion) not in form.findings for criterion in required)]


def _name(place: Place) -> str:
    return f"cell-{place[0]}-{place[1]}"


def _pack(cell: Cell) -> str:
    return json.dumps([str(part) for part in cell])


def _unpack(text: str) -> Cell | None:
    """Return the cell in a hidden input, or None for one that this page did not make."""
    if len(text) > LONGEST_CELL:
        # Deep lists would exhaust the stack of the parser.
        return None
    try:
        parts = json.loads(text)
    except ValueError:
        return None
    if isinstance(parts, list) and len(parts) == len(Cell._fields) and all(isinstance(part, str) for part in parts):
        return Cell(*parts)
    return None
