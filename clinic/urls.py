"""Root URLconf: public pages, request form, admin, health checks."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path

from clinic import views
from content.found.sitemaps import SITEMAPS
from content.views.base import read_only

urlpatterns = [
    path("", include("content.urls")),
    path("consultation/", include("consultations.urls")),
    # Before the admin's own addresses, which end in one for whatever is left.
    path("admin/", include("consultations.admin.urls")),
    path("admin/", include("clinic.login.urls")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", read_only(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.icon),
    re_path(r"^apple-touch-icon(-\d{2,3}x\d{2,3})?(-precomposed)?\.png$", views.icon),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "clinic.views.bad_request"
handler403 = "clinic.views.permission_denied"
handler404 = "clinic.views.page_not_found"
handler500 = "clinic.views.server_error"
