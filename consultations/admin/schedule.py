"""Admin of consultants with their weekly hours, date exceptions and leave, of visit types, and of closures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field, ForeignKey, Model, Prefetch, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from consultations.access.colleagues import staff_known_to
from consultations.access.granting import has_place
from consultations.admin import preview
from consultations.admin.forms import PersonField
from consultations.admin.places import ByPlace, ForEveryCenter, OwnCenters, has_every_center, own_centers
from consultations.models import AppointmentType, Closure, Consultant, DateException, Leave, WorkingPeriod
from consultations.models.place import Viewer, at_centers_of
from consultations.requests.moving import name_of
from consultations.statuses import PlaceScope
from content.admin.fields import NamedInputs, PlainInputs
from content.admin.formsets import NamedFormSet


class RowsOfHours(OwnCenters, NamedInputs, admin.TabularInline[Any, Consultant]):
    """Rows about one consultant."""

    formset = NamedFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Read the centers once, however many rows there are."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, ModelChoiceField):
            # Asked of the widget, whose choices are the rows as they will be drawn.
            field.choices = list(field.widget.choices)
        return field


class HoursAtCenters(RowsOfHours):
    """Hours at the user's own centers, and those by phone and video."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out hours elsewhere."""
        return super().get_queryset(request).filter(at_centers_of(request.user, "center"))


class WorkingPeriodInline(HoursAtCenters):
    """The week."""

    model = WorkingPeriod
    fields = ["weekday", "starts", "ends", "center", "valid_from", "valid_until"]
    verbose_name_plural = "weekly hours, in the center's local time"


class DateExceptionInline(HoursAtCenters):
    """Single dates."""

    model = DateException
    fields = ["date", "closed", "starts", "ends", "center"]
    verbose_name_plural = "other hours on single dates, in the center's local time"


class LeaveInline(RowsOfHours):
    """Times away."""

    model = Leave
    fields = ["starts_at", "ends_at"]
    verbose_name_plural = "leave, in the consultant's own time zone"


class Previewed(PlainInputs, admin.ModelAdmin[Any]):
    """Shows below the form which starts the next two weeks offer, by the code that draws the visitor's page."""

    change_form_template = "admin/consultations/schedule_preview.html"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002  Django's own signature
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add the preview of what is saved."""
        if obj is not None and obj.pk:
            # Read anew: a form that is refused has written its values into `obj`.
            saved = self.model._default_manager.get(pk=obj.pk)  # noqa: SLF001  Django's own public way
            context = {**context, "preview": self.make_preview(saved, request)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def make_preview(self, saved: Any, request: HttpRequest) -> preview.Preview:
        """Return the preview of a saved row."""
        raise NotImplementedError


@admin.register(Consultant)
class ConsultantAdmin(ByPlace, OwnCenters, Previewed):
    """Staff who take consultations."""

    list_display = ["public_name", "person", "places", "time_zone", "daily_cap", "active"]
    list_filter = ["active"]
    search_fields = ["public_name__has_part", "user__first_name__has_part", "user__last_name__has_part"]
    search_help_text = "A name"
    filter_horizontal = ["centers"]
    fields = ["public_name", "user", "active", "centers", "time_zone", "daily_cap"]
    inlines = [WorkingPeriodInline, DateExceptionInline, LeaveInline]

    class Media:
        js = ["js/admin-boxes.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultant]:
        """Read their centers along."""
        return (
            super()
            .get_queryset(request)
            .select_related("user")
            .prefetch_related(Prefetch("centers", own_centers(request.user)))
        )

    def may_change_row(self, user: Viewer, row: Model | None) -> bool:
        """Let a consultant be changed by whoever has all their centers."""
        return row is None or Consultant.objects.changeable_by(user).filter(pk=row.pk).exists()

    def get_form(self, request: HttpRequest, obj: Consultant | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Ask for a center where the user could not look after somebody without one."""
        form = super().get_form(request, obj, change, **kwargs)
        if "centers" in form.base_fields:
            form.base_fields["centers"].required = not has_place(request.user, PlaceScope.POOL)
        return form

    @admin.display(description="member of staff", ordering="user__first_name")
    def person(self, consultant: Consultant) -> str:
        """Who they are to colleagues."""
        return name_of(consultant.user)

    @admin.display(description="centers", empty_value="by phone and video")
    def places(self, consultant: Consultant) -> str | None:
        """Where they work."""
        return ", ".join(center.name for center in consultant.centers.all()) or None

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Offer staff by the name that colleagues know."""
        if db_field.name == "user":
            return PersonField(queryset=staff_known_to(request.user), label="Member of staff")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Consultant | None) -> list[Any]:
        """Ask for leave once the zone is known in which it is given."""
        return [inline for inline in super().get_inlines(request, obj) if obj or inline is not LeaveInline]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show and read times of leave on the consultant's own clock."""
        consultant = self.get_object(request, object_id) if object_id else None
        with timezone.override(consultant.zone if consultant else None):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            return response.render() if isinstance(response, TemplateResponse) else response

    def make_preview(self, saved: Consultant, request: HttpRequest) -> preview.Preview:
        """Show one kind of visit at all their places."""
        return preview.of_consultant(saved, request.GET, user=request.user, now=timezone.now())


@admin.register(AppointmentType)
class AppointmentTypeAdmin(ForEveryCenter, Previewed):
    """Kinds of visit with their rules."""

    list_display = ["name", "channel", "minutes", "interval_minutes", "notice_minutes", "needs_confirmation", "active"]
    list_filter = ["channel", "active"]
    search_fields = ["name"]
    search_help_text = "A name"
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "channel", "active"]}),
        ("How long", {"fields": [("minutes", "interval_minutes"), ("buffer_before", "buffer_after")]}),
        ("When it can be booked", {"fields": ["notice_minutes", "window_days", "daily_cap", "needs_confirmation"]}),
        ("When it can be changed", {"fields": ["cutoff_minutes"]}),
    ]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: Any, **kwargs: Any) -> Any:
        """Name the unit beside lengths, which are all minutes."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in {"interval_minutes", "notice_minutes", "cutoff_minutes", "minutes"}:
            field.label = {
                "minutes": "Length, in minutes",
                "interval_minutes": "A start every … minutes",
                "notice_minutes": "Notice, in minutes",
                "cutoff_minutes": "Last change, in minutes before",
            }[db_field.name]
        return field

    def make_preview(self, saved: AppointmentType, request: HttpRequest) -> preview.Preview:
        """Show one place."""
        return preview.of_appointment_type(saved, request.GET, user=request.user, now=timezone.now())


@admin.register(Closure)
class ClosureAdmin(ByPlace, OwnCenters, PlainInputs, admin.ModelAdmin[Closure]):
    """Days on which a center, or everything, is closed."""

    list_display = ["name", "where", "first_day", "last_day"]
    list_select_related = ["center"]
    search_fields = ["name", "center__name"]
    search_help_text = "Words of the name or of the center"
    fields = ["name", "center", ("first_day", "last_day")]
    ordering = ["-first_day", "-id"]

    def may_change_row(self, user: Viewer, row: Model | None) -> bool:
        """Let what is closed everywhere be changed by whoever has every center."""
        return not isinstance(row, Closure) or row.center_id is not None or has_place(user, PlaceScope.ALL)

    def get_form(self, request: HttpRequest, obj: Closure | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Ask for a center where the user may not close everything."""
        form = super().get_form(request, obj, change, **kwargs)
        if "center" in form.base_fields:
            form.base_fields["center"].required = not has_every_center(request)
        return form

    @admin.display(description="where", ordering="center")
    def where(self, closure: Closure) -> str:
        """The center, or everywhere."""
        return str(closure.center or "everywhere")
