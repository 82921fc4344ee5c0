"""Buttons of the editorial desk: each asks one verb of content/publishing by POST, where it hurts from a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from content.admin.actor import actor
from content.admin.linked import readers_of
from content.admin.moments import MomentField, clinic_zone, in_words, zone_name
from content.admin.pressing import ARTICLE, REVISION, incomplete, sentences_of
from content.choices import RevisionState
from content.form_fields import WordsField
from content.models import Article, Revision
from content.publishing import rights, verbs
from content.publishing.exceptions import NotAllowed, PublishingError


class SeenForm(forms.Form):
    """The version that the page was drawn with."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = clinic_zone()
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone, field.label = zone, f"{field.label} ({zone_name(zone)})"


class SendBackForm(SeenForm):
    """Why it is sent back."""

    words = WordsField(widget=forms.Textarea(attrs={"rows": 5}), label="What is to be changed")


class ApproveForm(SeenForm):
    """From when readers see it, and what was reviewed."""

    go_live_at = MomentField(required=False, label="Readers see it from", help_text="Empty: at once.")
    correction = forms.BooleanField(
        required=False,
        label="A correction of spelling and the like",
        help_text="“Last reviewed” stays as it was, and so does the reviewer whom readers see.",
    )
    next_review_on = forms.DateField(
        required=False,
        label="Next review",
        help_text="Empty: a year after the last one.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class WithdrawForm(SeenForm):
    """From when readers do not see it any more, and why."""

    at = MomentField(required=False, label="From", help_text="Empty: at once.")
    words = WordsField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Why")


class WithdrawDraftForm(SeenForm):
    """Why a draft is given up."""

    words = WordsField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Why")


@dataclass(frozen=True)
class Button:
    """A verb as the desk offers it: its address and words, who may, and the form of its page; None: one click does it."""

    name: str
    label: str
    done: str
    verb: Callable[..., Any]
    rights: tuple[str, ...]
    form: type[SeenForm] | None = None
    warning: str = ""

    def is_for(self, user: Any) -> bool:
        """Whether this person may press it."""
        return any(user.has_perm(right) for right in self.rights)


SUBMIT = Button("submit", "Submit for review", "It waits for a review now.", verbs.submit, (rights.WRITE,))
SEND_BACK = Button("send_back", "Send back", "It is sent back.", verbs.send_back, (rights.APPROVE,), SendBackForm)
APPROVE = Button(
    "approve",
    "Approve",
    "It is approved.",
    verbs.approve,
    (rights.APPROVE,),
    ApproveForm,
    "You approve exactly these words, and readers will see your name beside them, unless it is a correction. "
    "Nobody can change them afterwards.",
)
WITHDRAW = Button(
    "withdraw",
    "Withdraw",
    "It is withdrawn.",
    verbs.withdraw,
    (rights.WRITE, rights.APPROVE),
    WithdrawForm,
    "From that moment on, readers who ask for this page are told that there is none.",
)
GIVE_UP = Button(
    "withdraw",
    "Give up this draft",
    "The draft is given up.",
    verbs.withdraw,
    (rights.WRITE,),
    WithdrawDraftForm,
    "It stays in the list of revisions, and can be restored from there.",
)
RESTORE = Button("restore", "Restore as a draft", "Here is a draft with these words.", verbs.restore, (rights.WRITE,))
START = Button("start", "Start a draft", "Here is a draft with what readers see.", verbs.start, (rights.WRITE,))


def buttons_of(revision: Revision, user: Any) -> list[Button]:
    """Return what this person may do with a revision as it stands."""
    by_state = {
        RevisionState.DRAFT: [SUBMIT, GIVE_UP],
        RevisionState.SENT_BACK: [SUBMIT, GIVE_UP],
        RevisionState.SUBMITTED: [APPROVE, SEND_BACK, GIVE_UP],
        RevisionState.APPROVED: [WITHDRAW, RESTORE],
        RevisionState.WITHDRAWN: [RESTORE],
    }
    ended = revision.withdrawn_at is not None and revision.withdrawn_at <= timezone.now()
    offered = [button for button in by_state[RevisionState(revision.state)] if not (button is WITHDRAW and ended)]
    return [
        button
        for button in offered
        if button.is_for(user) and not (button is APPROVE and why_not_approve(revision, user))
    ]


def why_not_approve(revision: Revision, user: Any) -> str:
    """Return what keeps a reviewer from approving a submitted revision; "" where nothing does, and for everybody else."""
    if revision.state != RevisionState.SUBMITTED or not APPROVE.is_for(user):
        return ""
    try:
        verbs.reviewer_of(revision, user)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def story(article: Article, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of an article shows: what readers see, the draft, and all revisions, newest first."""
    now, zone = timezone.now(), clinic_zone()
    revisions = list(
        article.revisions.select_related("article", "edited_by", "approved_by", "medical_reviewer").order_by("-number")
    )
    rows = [(revision, standing(revision, zone)) for revision in revisions]
    draft = next((revision for revision in revisions if revision.is_open), None)
    return {
        "public": next((row for row in rows if row[0].is_public(now)), None),
        "draft": draft,
        "revisions": rows,
        "start": START if draft is None and START.is_for(request.user) else None,
    }


def standing(revision: Revision, zone: Any) -> str:
    """Return in words how far a revision is and when readers see it."""
    now = timezone.now()
    if revision.go_live_at is None:
        return str(RevisionState(revision.state).label)
    ends = f" until {in_words(revision.withdrawn_at, zone)}" if revision.withdrawn_at else ""
    if revision.is_public(now):
        return f"Readers see it since {in_words(revision.go_live_at, zone)}{ends}"
    if revision.withdrawn_at is not None and revision.withdrawn_at <= max(now, revision.go_live_at):
        never = revision.withdrawn_at == revision.go_live_at
        return "Withdrawn before readers saw it" if never else f"Readers saw it{ends}"
    return f"Readers see it from {in_words(revision.go_live_at, zone)}{ends}"


class RefusalsTold(admin.ModelAdmin[Any]):
    """Forms whose words go to a verb: what it refuses is told, and nothing of the form is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tell it, and show what is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except PublishingError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)


class ArticleButtons(admin.ModelAdmin[Article]):
    """Adds `…/start/` to the addresses of articles."""

    def get_urls(self) -> list[Any]:
        """Add it."""
        view = self.admin_site.admin_view(self.start_view)
        return [path("<int:object_id>/start/", view, name="content_article_start"), *super().get_urls()]

    def start_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Start a draft, and lead to it."""
        article = get_object_or_404(Article, pk=object_id)
        refuse_others(request, START)
        return press(request, START, lambda **who: verbs.start(article, **who), reverse(ARTICLE, args=[object_id]))


class RevisionButtons(admin.ModelAdmin[Revision]):
    """Adds `…/submit/`, `…/send_back/`, `…/approve/`, `…/withdraw/` and `…/restore/` to the addresses of revisions."""

    def get_urls(self) -> list[Any]:
        """Add them."""
        own = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(self.button_view),
                {"name": name},
                f"content_revision_{name}",
            )
            for name in BY_NAME
        ]
        return [*own, *super().get_urls()]

    def button_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Show the page of a button; a POST presses it."""
        revision = get_object_or_404(Revision.objects.select_related("article", "based_on"), pk=object_id)
        button = _button(name, revision)
        refuse_others(request, button)
        own = reverse(REVISION, args=[object_id])
        if button is RESTORE:
            return press(request, button, lambda **who: verbs.restore(revision, **who), own)
        # The version on the page that led here, whose words were read; not the one that is there by now.
        form = (button.form or SeenForm)(
            request.POST or None, initial={"seen": request.GET.get("seen", revision.version)}
        )
        if revision.based_on_id is None:
            # There is nothing that it could be a correction of.
            form.fields.pop("correction", None)
        if request.method == "POST" and form.is_valid():
            return press(request, button, lambda **who: button.verb(revision, **form.cleaned_data, **who), own)
        if button.form is None:
            return HttpResponseNotAllowed(["POST"]) if request.method != "POST" else incomplete(request, own)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{button.label}: {revision}",
            "opts": self.opts,
            "revision": revision,
            "button": button,
            "form": form,
            "comments_open": revision.comments.filter(resolved_at=None).count(),
            "readers": readers_of(revision) if button is WITHDRAW else [],
        }
        return TemplateResponse(request, "admin/content/revision/button.html", context)


BY_NAME = {button.name: button for button in (SUBMIT, SEND_BACK, APPROVE, WITHDRAW, RESTORE)}


def _button(name: str, revision: Revision) -> Button:
    found = BY_NAME[name]
    return GIVE_UP if found is WITHDRAW and revision.is_open else found


def refuse_others(request: HttpRequest, button: Button) -> None:
    """Refuse a button to those who may not press it.

    Raises:
        PermissionDenied: it is not theirs.
    """
    if not button.is_for(request.user):
        raise PermissionDenied


def press(request: HttpRequest, button: Button, verb: Callable[..., Any], back: str) -> HttpResponse:
    """Ask the verb, tell what came of it, and lead to the revision: a new one where the verb made one."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        made = verb(by=actor(request), now=timezone.now())
    except PublishingError as error:
        for sentence in sentences_of(error):
            messages.error(request, sentence)
        return HttpResponseRedirect(back)
    messages.success(request, button.done)
    return HttpResponseRedirect(reverse(REVISION, args=[made.pk]) if isinstance(made, Revision) else back)
