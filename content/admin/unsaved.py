"""Words of a draft that are kept while somebody writes, and offered after their browser or their connection failed.

static/js/autosave.js sends the form; without it nothing is kept, and nothing else differs.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from content.admin.actor import actor
from content.admin.conflicts import kept_page
from content.admin.moments import clinic_zone, in_words, zone_name
from content.admin.pressing import REVISION
from content.models import Revision, UnsavedWords
from content.models.revision import EDITABLE
from content.publishing import rights, unsaved
from content.publishing.exceptions import ChangedMeanwhile

TAKE = "unsaved"


class KeptForm(forms.Form):
    """What a form that is to be kept says of itself: the version it was drawn with, and what it kept before."""

    seen = forms.IntegerField(min_value=1)
    kept = forms.IntegerField(min_value=0)


class DiscardForm(forms.Form):
    """Which words are to be thrown away."""

    kept = forms.IntegerField(min_value=1)


class KeepsUnsaved(admin.ModelAdmin[Revision]):
    """Adds `…/keep/` and `…/discard/` to the addresses of revisions, and `?unsaved=1`: the form with the words that were kept."""

    def get_urls(self) -> list[Any]:
        """Add them."""
        views = {"keep": self.keep_view, "discard": self.discard_view}
        own = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"content_revision_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def keep_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Keep the form, and answer in JSON: `said` for who writes, and the `kept` number to send with the next one."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _refuse_others(request)
        revision = get_object_or_404(Revision.objects.select_related("edited_by"), pk=object_id)
        form = KeptForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors.get_json_data()}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        said = form.cleaned_data
        words, now = request.POST.copy(), timezone.now()
        words.pop("csrfmiddlewaretoken", None)
        try:
            number = unsaved.keep(revision, number=said["kept"], form=words.urlencode(), by=actor(request), now=now)
        except ChangedMeanwhile as refused:
            return JsonResponse({"said": str(refused)}, status=HTTPStatus.CONFLICT)
        zone = clinic_zone()
        told = f"Kept at {now.astimezone(zone):%H:%M}, {zone_name(zone)}. {_how_to_go_on(revision, said['seen'])}"
        return JsonResponse({"said": told, "kept": number})

    def discard_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Throw kept words away, and lead back to the draft."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _refuse_others(request)
        revision, form = get_object_or_404(Revision, pk=object_id), DiscardForm(request.POST)
        done = form.is_valid() and unsaved.discard(revision, number=form.cleaned_data["kept"], by=actor(request))
        if done:
            messages.success(request, "The words that you had not saved are thrown away.")
        else:
            messages.warning(request, "These words are not kept any more, or you have changed them since.")
        return HttpResponseRedirect(reverse(REVISION, args=[object_id]))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show kept words that fit into no draft any more on a page of their own."""
        # Asked here too: that page shows what was saved beside them, and who kept words may have left the desk.
        asked = TAKE in request.GET and self.has_view_permission(request)
        revision = self.get_object(request, object_id or "") if asked else None
        if revision is not None and revision.state not in EDITABLE and (kept := _kept(request, revision)):
            return kept_page(self, request, revision, QueryDict(kept.form))
        return super().changeform_view(request, object_id, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Fill the form with the words that were kept, where they are asked for."""
        form = super().get_form(request, obj, change, **kwargs)
        kept = _taken(request, obj)
        if kept is None:
            return form

        def init(self: Any, *args: Any, **options: Any) -> None:
            form.__init__(self, _data(kept), *args, **options)

        return type("FilledForm", (form,), {"__init__": init})

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The same for its sections, sources and guides."""
        options: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        kept = _taken(request, obj)
        return options if kept is None else options | {"data": _data(kept)}

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Offer what was kept and is not in the form yet."""
        obj = kwargs.get("obj")
        if obj is not None:
            if self.has_change_permission(request, obj):
                context["keep"] = reverse("admin:content_revision_keep", args=[obj.pk])
            if request.method == "GET" and (kept := _kept(request, obj)):
                since = in_words(kept.kept_at, clinic_zone())
                context |= {"unsaved": kept, "unsaved_since": since, "taken": _taken(request, obj)}
        return super().render_change_form(request, context, *args, **kwargs)


def _refuse_others(request: HttpRequest) -> None:
    """Refuse whoever is no editor.

    Raises:
        PermissionDenied: they are none.
    """
    if not actor(request).has_perm(rights.WRITE):
        raise PermissionDenied


def _how_to_go_on(revision: Revision, seen: int) -> str:
    if revision.state not in EDITABLE:
        return "This revision is no draft any more: what you typed cannot be saved in it."
    if revision.version != seen:
        return f"{revision.edited_by} saved this draft meanwhile. When you save, you see both texts first."
    return "Readers and colleagues see it once you save."


def _kept(request: HttpRequest, revision: Revision) -> UnsavedWords | None:
    return unsaved.kept(revision, actor(request))


def _taken(request: Any, revision: Revision | None) -> UnsavedWords | None:
    """Return the kept words that this page is to be filled with; looked up once a request."""
    if revision is None or request.method != "GET" or TAKE not in request.GET or revision.state not in EDITABLE:
        return None
    if not hasattr(request, "taken_words"):
        request.taken_words = _kept(request, revision)
    found: UnsavedWords | None = request.taken_words
    return found


def _data(kept: UnsavedWords) -> QueryDict:
    data = QueryDict(kept.form, mutable=True)
    data["kept"] = str(kept.number)
    return data
