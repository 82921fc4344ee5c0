"""The admin with pages that forget the places: a list, a view, and a button that changes what it is told to."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from clinic import urls
from consultations.models import ConsultationRequest, Message


class ForgetfulMessages(admin.ModelAdmin[Message]):
    """Shows every mail to everybody."""

    list_display = ("recipient",)


def forgetful(request: HttpRequest) -> HttpResponse:
    """Say the names of all."""
    return HttpResponse(", ".join(ConsultationRequest.objects.values_list("name", flat=True)))


def button(request: HttpRequest, object_id: str) -> HttpResponse:
    """Change a request without asking whose it is."""
    if request.method == "POST":
        ConsultationRequest.objects.filter(pk=object_id).update(source="changed")
    return HttpResponse("done")


PUBLIC: list[Any] = urls.urlpatterns
site = copy.copy(admin.site)
site._registry = {**admin.site._registry, Message: ForgetfulMessages(Message, site)}

urlpatterns: list[Any] = [
    path("admin/forgetful/", site.admin_view(forgetful)),
    path("admin/requests/<int:object_id>/button/", site.admin_view(button)),
    path("admin/", include("consultations.admin.urls")),
    path("admin/", site.urls),
    *(one for one in PUBLIC if not str(one.pattern).startswith("admin/")),
]
