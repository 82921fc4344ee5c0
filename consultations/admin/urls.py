"""URLs of the desk's pages that belong to no model; clinic/urls.py includes them before the admin's own."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from consultations.admin.agenda import agenda
from consultations.admin.why import why

app_name = "desk"

urlpatterns = [
    path("agenda/", admin.site.admin_view(agenda), name="agenda"),
    path("why/", admin.site.admin_view(why), name="why"),
]
