"""The admin with a door of our own: see site.py."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "clinic.login.site.DeskSite"
