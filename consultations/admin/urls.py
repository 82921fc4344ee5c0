"""URLs of the desk's pages that belong to no model; clinic/urls.py includes them before the admin's own.

`view_on_site` stands in for Django's, at its address.
"""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from consultations.admin.agenda.pages import agenda
from consultations.admin.agenda.slot import slot
from consultations.admin.export import export_requests
from consultations.admin.front import front_page
from consultations.admin.next_due import next_due
from consultations.admin.numbers import show_numbers
from consultations.admin.on_site import view_on_site
from consultations.admin.why import why

app_name = "desk"

urlpatterns = [
    path("", admin.site.admin_view(front_page), name="index"),
    path("consultations/agenda/", admin.site.admin_view(agenda), name="agenda"),
    path("consultations/agenda/book/", admin.site.admin_view(slot), name="slot"),
    path("consultations/next/", admin.site.admin_view(next_due), name="next"),
    path("consultations/export/", admin.site.admin_view(export_requests), name="export"),
    path("consultations/numbers/", admin.site.admin_view(show_numbers), name="numbers"),
    path("consultations/why/", admin.site.admin_view(why), name="why"),
    path("r/<path:content_type_id>/<path:object_id>/", admin.site.admin_view(view_on_site)),
]
