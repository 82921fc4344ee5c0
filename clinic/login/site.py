"""The admin's site: nobody is in before everything that the policy asks was shown, and of two who save at once both get an answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponseBase

from clinic.login import policy, views
from consultations.exceptions import ConsultationError

type View = Callable[..., HttpResponseBase]

# Django's pages of a form, each of which saves in one transaction.
FORMS = {"add_view", "change_view", "delete_view"}
# What is said by the database, or by a verb, to who was slower.
TAKEN = (IntegrityError, ConsultationError)


class DeskSite(admin.AdminSite):
    """Django's site with the one log-in page that this project has."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask for active staff, as Django does, and for the second factor."""
        return super().has_permission(request) and policy.may_enter(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Ask a form again where somebody else saved between its check and its saving: it sees their row then, and says so."""
        name = getattr(view, "__name__", "")
        return super().admin_view(_asked_again(view) if name in FORMS else view, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Hand over to the page that has the limits."""
        return views.enter(request)


def _asked_again(view: View) -> View:
    @functools.wraps(view)
    def twice(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "" in {request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)}:
            # Django refuses any other name that is no column's.
            raise DisallowedModelAdminToField("A row is looked for by a column without a name.")
        try:
            return view(request, *args, **kwargs)
        except TAKEN:
            if request.method != "POST":
                raise
            _rewind(request)
            return view(request, *args, **kwargs)

    return twice


def _rewind(request: HttpRequest) -> None:
    """Let what was uploaded be read once more."""
    for _, uploads in request.FILES.lists():
        for one in uploads:
            one.seek(0)
