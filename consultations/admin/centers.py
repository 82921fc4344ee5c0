"""Centers in the admin, by place: everybody may read what is public; only who has a center changes it and its hours."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from consultations.access.granting import has_place
from consultations.admin.places import has_every_center
from consultations.statuses import PlaceScope
from content.admin.centers import CenterAdmin
from content.models import Center

admin.site.unregister(Center)


@admin.register(Center)
class CenterByPlaceAdmin(CenterAdmin):
    """A new center, and the end of one, are for those who have them all."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may open a center."""
        return super().has_add_permission(request) and has_every_center(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change centers, and this one."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or has_place(request.user, PlaceScope.CENTER, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may close a center for good."""
        return super().has_delete_permission(request, obj) and has_every_center(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show who changed a center to those who have it: the names of its staff are not public."""
        center = self.get_object(request, unquote(object_id))
        if center is not None and not has_place(request.user, PlaceScope.CENTER, center):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)
