"""Comments at the desk: what was said of a revision and its sections, and whether something is left to be done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from content.admin.actor import actor
from content.admin.pressing import REVISION, do, refuse_strangers
from content.form_fields import WordsField
from content.models import Revision
from content.publishing import commenting
from content.publishing.exceptions import PublishingError


class CommentForm(forms.Form):
    """What is said, and of which section."""

    anchor = forms.ChoiceField(required=False, label="About")
    words = WordsField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Comment")

    def __init__(self, *args: Any, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = revision.sections.values_list("anchor", "heading")
        self.fields["anchor"].choices = [("", "The whole article"), *sections]  # type: ignore[attr-defined]  # a choice field


class SettleForm(forms.Form):
    """Which comment, and whether nothing is left to be done about it."""

    comment = forms.IntegerField(min_value=1, max_value=2**62)
    resolved = forms.BooleanField(required=False)


class CommentButtons(admin.ModelAdmin[Revision]):
    """Adds `…/comment/` and `…/settle/` to the addresses of revisions."""

    def get_urls(self) -> list[Any]:
        """Add them."""
        view = self.admin_site.admin_view
        own = [
            path("<int:object_id>/comment/", view(self.comment_view), name="content_revision_comment"),
            path("<int:object_id>/settle/", view(self.settle_view), name="content_revision_settle"),
        ]
        return [*own, *super().get_urls()]

    def comment_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Write a comment; what cannot be written comes back as typed, with what is wrong."""
        refuse_strangers(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        revision = get_object_or_404(Revision.objects.select_related("article"), pk=object_id)
        form = CommentForm(request.POST, revision=revision)
        if form.is_valid():
            try:
                commenting.comment(revision, **form.cleaned_data, by=actor(request), now=timezone.now())
            except PublishingError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Your comment is written.")
                return HttpResponseRedirect(reverse(REVISION, args=[object_id]) + "#comments")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Comment: {revision}",
            "opts": self.opts,
            "revision": revision,
            "form": form,
        }
        page = "admin/content/revision/comment.html"
        return TemplateResponse(request, page, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def settle_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Say that a comment is resolved, or open it again."""
        refuse_strangers(request)
        comments = get_object_or_404(Revision, pk=object_id).comments.select_related("revision")
        form, back = SettleForm(request.POST), reverse(REVISION, args=[object_id]) + "#comments"

        def settle(**who: Any) -> None:
            said = get_object_or_404(comments, pk=form.cleaned_data["comment"])
            (commenting.resolve if form.cleaned_data["resolved"] else commenting.reopen)(said, **who)

        return do(request, form, back, "It is noted.", settle)


def comments_of(revision: Revision) -> dict[str, Any]:
    """Return what the page of a revision shows: its comments, open ones first, and the form for a new one."""
    comments = list(revision.comments.select_related("by", "resolved_by"))
    return {
        "comments": sorted(comments, key=lambda one: one.resolved_at is not None),
        "comments_open": sum(one.resolved_at is None for one in comments),
        "comment_form": CommentForm(revision=revision) if revision.is_open else None,
    }
