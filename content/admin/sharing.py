"""Preview links at the desk: those that are open, a button that makes one, and one for each that revokes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from content.admin.moments import clinic_zone, in_words
from content.admin.pressing import REVISION, do, refuse_strangers
from content.choices import RevisionState
from content.models import PreviewLink, Revision
from content.publishing import sharing


class ShareForm(forms.Form):
    """For how long a link is open."""

    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(days, "1 day" if days == 1 else f"{days} days") for days in sharing.DAYS],
        initial=sharing.USUAL_DAYS,
        label="Open for",
    )


class RevokeForm(forms.Form):
    """Which link."""

    link = forms.IntegerField(min_value=1, max_value=2**62)


class ShareButtons(admin.ModelAdmin[Revision]):
    """Adds `…/share/` and `…/revoke/` to the addresses of revisions."""

    def get_urls(self) -> list[Any]:
        """Add them."""
        view = self.admin_site.admin_view
        own = [
            path("<int:object_id>/share/", view(self.share_view), name="content_revision_share"),
            path("<int:object_id>/revoke/", view(self.revoke_view), name="content_revision_revoke"),
        ]
        return [*own, *super().get_urls()]

    def share_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Make a link."""
        refuse_strangers(request)
        revision = get_object_or_404(Revision, pk=object_id)
        form, back = ShareForm(request.POST), reverse(REVISION, args=[object_id]) + "#links"
        return do(
            request, form, back, "Here is the link.", lambda **who: sharing.share(revision, **form.cleaned_data, **who)
        )

    def revoke_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Close one."""
        refuse_strangers(request)
        links = get_object_or_404(Revision, pk=object_id).preview_links.select_related("revision")
        form, back = RevokeForm(request.POST), reverse(REVISION, args=[object_id]) + "#links"
        return do(
            request,
            form,
            back,
            "The link is closed.",
            lambda **who: sharing.revoke(get_object_or_404(links, pk=form.cleaned_data["link"]), **who),
        )


def links_of(revision: Revision, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of a revision shows: its open links with their addresses, and the form for a new one."""
    zone = clinic_zone()
    links = PreviewLink.objects.live(now).filter(revision=revision).select_related("made_by")
    ended = revision.withdrawn_at is not None and revision.withdrawn_at <= now
    over = ended or revision.state == RevisionState.WITHDRAWN
    return {
        "links": [] if over else [(link, address_of(link), in_words(link.expires_at, zone)) for link in links],
        "share_form": None if over else ShareForm(),
    }


def address_of(link: PreviewLink) -> str:
    """Return the address to be passed on."""
    return settings.SITE_URL + reverse("content:shared_preview", args=[sharing.token_of(link)])
