"""The admin with pages that forget the places: a list, a view, a count, and a button that changes what it is told to."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from clinic.urls import urlpatterns as proper
from consultations.models import ConsultationRequest, Message


class ForgetfulMessages(admin.ModelAdmin[Message]):
    """Shows every mail to everybody."""

    list_display = ("recipient",)


def names(request: HttpRequest) -> HttpResponse:
    """Say the names of all."""
    return HttpResponse(", ".join(ConsultationRequest.objects.values_list("name", flat=True)))


def count(request: HttpRequest) -> HttpResponse:
    """Say how many there are, and not a word of any."""
    return HttpResponse(str(ConsultationRequest.objects.count()))


def button(request: HttpRequest, object_id: str) -> HttpResponse:
    """Change a request without asking whose it is."""
    if request.method == "POST":
        ConsultationRequest.objects.filter(pk=object_id).update(source="changed")
    return HttpResponse("done")


site = copy.copy(admin.site)
site._registry = {**admin.site._registry, Message: ForgetfulMessages(Message, site)}
lists = [one for one in ForgetfulMessages(Message, site).get_urls() if str(one.name).endswith("_changelist")]

urlpatterns: list[Any] = [
    path("admin/forgetful/", site.admin_view(names), name="forgetful"),
    path("admin/forgetful/counted/", site.admin_view(count), name="forgetful_count"),
    path("admin/forgetful/messages/", lists[0].callback, name="forgetful_messages"),
    path("admin/requests/<int:object_id>/button/", site.admin_view(button), name="forgetful_button"),
    *proper,
]
