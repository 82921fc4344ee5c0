"""What all buttons of the desk share: who may press them, asking a verb, and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone

from content.admin.actor import actor
from content.publishing import rights
from content.publishing.exceptions import Blocked, PublishingError

ARTICLE, REVISION = "admin:content_article_change", "admin:content_revision_change"


def incomplete(request: HttpRequest, back: str) -> HttpResponse:
    """Say that a form lacks what its page would have sent, and lead back."""
    messages.error(request, "The page that this came from is not complete. Please try again.")
    return HttpResponseRedirect(back)


def refuse_strangers(request: HttpRequest) -> None:
    """Refuse who is neither editor nor reviewer.

    Raises:
        PermissionDenied: they are neither.
    """
    if not rights.works_here(request.user):
        raise PermissionDenied


def do(request: HttpRequest, form: forms.Form, back: str, done: str, verb: Callable[..., Any]) -> HttpResponse:
    """Ask a verb for what a small form says, tell what came of it, and lead back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        if not form.is_valid():
            return incomplete(request, back)
        verb(by=actor(request), now=timezone.now())
        messages.success(request, done)
    except PublishingError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(back)


def sentences_of(error: PublishingError) -> list[str]:
    """Return what was refused, one sentence for each thing."""
    if not isinstance(error, Blocked):
        return [str(error)]
    return [block.in_words for block in error.blocks]
