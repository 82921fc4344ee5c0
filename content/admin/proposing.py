"""Forms of public words: what needs a reviewer becomes a proposed change, the rest is public at once when the claim check allows it.

Whatever screen sends the form, its rows reach the database through `save_model`, `save_formset` and `delete_model`, and these
ask content/publishing/changes.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from content.admin import beside, writing
from content.admin.actor import actor
from content.choices import ChangeKind
from content.models import ProposedChange
from content.models.version import ContentVersion
from content.proofreading import reading
from content.publishing import changes, fields, rows
from content.publishing.exceptions import PublishingError
from content.publishing.fields import Way, needs_review, of_model


class HeldBackError(Exception):
    """A new row that is proposed instead of being saved; carries it and the rows that it points at."""

    def __init__(self, row: Model) -> None:
        super().__init__("A new row waits for a reviewer.")
        self.row = row


class ReadWords(forms.ModelForm[Any]):
    """A form whose words are read by the claim check: a block refuses what would be public at once."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook
        self.found: list[reading.Found] = []
        if not self.errors and not getattr(self, "cleaned_data", {}).get("DELETE") and self.has_changed():
            self._read()

    def _read(self) -> None:
        model, names = type(self.instance), set(self.fields)
        at_once = not needs_review(self.instance)
        for each in reading.of_row(self.instance):
            refused = each.blocks and (at_once or fields.TABLE[model].get(each.field) == Way.AT_ONCE)
            if refused and each.field in names:
                self.add_error(each.field, beside.sentence(each))
            else:
                self.found.append(each)


class TellsTheWay(writing.ReadWhileWriting):
    """Says at each field whether a reviewer approves it, and reads its words when they are saved."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Add it to the help."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        way = fields.TABLE.get(self.model, {}).get(db_field.name)
        if field is not None and way in {Way.REVIEWED, Way.AT_ONCE}:
            kind = "warn" if way == Way.REVIEWED else "go"
            field.help_text = format_html('<span class="mark {}">{}</span> {}', kind, way, field.help_text)
        return field


class ProposedInline(TellsTheWay):
    """An inline whose rows are approved one by one; its `form` is made to read their words."""

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Let the form of each row be read."""
        kwargs["form"] = type("ReadForm", (ReadWords, self.form), {})
        return super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # an inline's method


class ProposedWords(TellsTheWay, admin.ModelAdmin[Any]):
    """A model's screens whose words go the way that content/publishing/fields.py says."""

    change_form_template = "admin/content/proposing.html"
    delete_confirmation_template = "admin/content/removing.html"

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Let the form be read, and show whoever has a change open what they proposed last."""
        mine = _mine(obj, request) if obj is not None else None
        base = kwargs.pop("form", self.form)

        def init(form: Any, *args: Any, **options: Any) -> None:
            if mine is not None:
                options["initial"] = {**mine.after, **(options.get("initial") or {})}
            super(form_class, form).__init__(*args, **options)

        form_class: Any = type("ReadForm", (ReadWords, base), {"__init__": init})
        return super().get_form(request, obj, change, form=form_class, **kwargs)

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new row that waits for a reviewer cannot have others hanging on it yet."""
        held = obj is None and needs_review(self.model())
        return [] if held else super().get_inline_instances(request, obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Propose a new row where it would have been written; tell what is refused."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except HeldBackError as held:
            change = changes.propose(held.row, [], by=actor(request), now=timezone.now())
        except PublishingError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        return _lead_to(request, [change] if change else [])

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Propose what needs a reviewer, and save the rest."""
        ContentVersion.lock()
        if not needs_review(obj):
            super().save_model(request, obj, form, change)
            _warn(request, form)
        elif change:
            _split(request, obj, form)
        else:
            _keep_several(obj, form)
            raise HeldBackError(obj)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """The same for the rows of an inline."""
        if not needs_review(formset.model()):
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        forms_of = {id(each.instance): each for each in formset.forms}
        for row, _ in formset.changed_objects:
            _split(request, row, forms_of[id(row)])
        for row in formset.new_objects:
            _note(request, changes.propose(row, [], by=actor(request), now=timezone.now()))
        for row in formset.deleted_objects:
            _note(request, changes.propose_removal(row, by=actor(request), now=timezone.now()))
        # What is logged and told as done was not done.
        formset.changed_objects, formset.new_objects, formset.deleted_objects = [], [], []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Ask a reviewer to remove what readers may see."""
        ContentVersion.lock()
        if needs_review(obj):
            _note(request, changes.propose_removal(obj, by=actor(request), now=timezone.now()))
        else:
            super().delete_model(request, obj)

    def get_actions(self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST) -> Any:
        """Removals are read and approved one by one, so none is asked for in bulk."""
        actions = super().get_actions(request, action_location)
        if of_model(self.model, Way.REVIEWED):
            actions.pop("delete_selected", None)
        return actions

    def render_delete_form(self, request: Any, context: Any) -> Any:
        """Say beforehand whether a reviewer decides."""
        return super().render_delete_form(request, context | {"holds_back": needs_review(context["object"])})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log what goes, not what is only asked for."""
        gone: Any = [row for row in queryset if not needs_review(row)]
        return super().log_deletions(request, gone)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log what was changed; what was only proposed has a history of its own."""
        if _proposed(request) and not getattr(request, "saved_at_once", False):
            return None
        return super().log_change(request, obj, message)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Lead to the proposed removal."""
        proposed = _proposed(request)
        return _lead_to(request, proposed) if proposed else super().response_delete(request, obj_display, obj_id)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Lead to what was proposed; the admin's own words would say that it is done."""
        proposed = _proposed(request)
        if not proposed:
            return super().response_change(request, obj)
        if getattr(request, "saved_at_once", False):
            messages.success(request, "What needs no reviewer is public now.")
        return _lead_to(request, proposed)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what waits for a reviewer, and what the claim check finds beside each field."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk is not None:
            context |= {"waiting": list(ProposedChange.objects.open().of(obj).select_related("proposed_by"))}
            if request.method == "GET" and context["adminform"].form.fields:
                beside.show(context, reading.of_row(_as_proposed(obj, _mine(obj, request))))
        context |= {"holds_back": needs_review(obj or self.model())}
        return super().render_change_form(request, context, *args, **kwargs)


def _split(request: HttpRequest, row: Any, form: Any) -> None:
    """Propose the fields of a row that need a reviewer, and save those that do not."""
    names = [name for name in form.fields if name in form.cleaned_data and name in fields.TABLE[type(row)]]
    reviewed = [name for name in names if fields.TABLE[type(row)][name] == Way.REVIEWED]
    _keep_several(row, form)
    _leave_untouched(row, form, reviewed)
    _note(request, changes.propose(row, reviewed, by=actor(request), now=timezone.now()))
    # Only these columns: who else saves or approves the others meanwhile keeps what they wrote.
    if others := [name for name in names if name not in reviewed and name in form.changed_data]:
        row.save(update_fields=others)
        request.saved_at_once = True  # type: ignore[attr-defined]  # lives as long as the request
    _warn(request, form)


def _keep_several(row: Model, form: Any) -> None:
    """Take from the form the rows that a row points at: they would be written past the review."""
    for name in of_model(type(row), Way.REVIEWED):
        field = rows.field_of(type(row), name)
        if field.many_to_many and name in form.cleaned_data:
            rows.intend(row, name, form.cleaned_data.pop(name))


def _leave_untouched(row: Model, form: Any, names: Iterable[str]) -> None:
    """Give texts that nobody touched back as they were: forms hold the addresses of pages where texts refer to them."""
    for name in names:
        before = form.initial.get(name)
        if isinstance(before, str) and name not in form.changed_data:
            setattr(row, name, before)


def _mine(row: Any, request: HttpRequest) -> ProposedChange | None:
    found = ProposedChange.objects.open().of(row).filter(proposed_by=actor(request), kind=ChangeKind.CHANGE)
    return found.first()


def _as_proposed(row: Model, mine: ProposedChange | None) -> Model:
    proposed = changes.candidate(mine) if mine is not None else None
    return proposed or row


def _note(request: Any, change: ProposedChange | None) -> None:
    if change is not None:
        request.proposed = [*_proposed(request), change]


def _proposed(request: Any) -> list[ProposedChange]:
    return getattr(request, "proposed", [])


def _warn(request: HttpRequest, form: Any) -> None:
    for each in getattr(form, "found", []):
        if not each.blocks:
            messages.warning(request, f"{each.where}: {each.finding.in_words}")


def _lead_to(request: HttpRequest, proposed: Iterable[ProposedChange]) -> HttpResponse:
    found = list(proposed)
    if not found:
        return HttpResponseRedirect(reverse("admin:content_proposedchange_changelist"))
    several = f"{len(found)} changes wait" if len(found) > 1 else "Your change waits"
    messages.success(request, f"{several} for a reviewer. Until then readers see what they saw before.")
    if len(found) > 1:
        return HttpResponseRedirect(reverse("admin:content_proposedchange_changelist"))
    return HttpResponseRedirect(found[0].get_absolute_url())
