"""Admin lists of appointments and waiting list entries; read only, each row links to its request."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.admin import appointment_block
from consultations.admin.addresses import page_of
from consultations.admin.filters import CenterFilter, SelectFilter
from consultations.admin.places import ByPlace
from consultations.admin.readonly import ReadOnly
from consultations.admin.search import FoundByReference
from consultations.clocks import leading, wording
from consultations.models import Appointment, Consultant, WaitingEntry
from consultations.models.appointment import AppointmentQuerySet
from consultations.models.fields import WORDS, through

DAY = dt.timedelta(days=1)


class ConsultantFilter(SelectFilter):
    """Appointments with one consultant."""

    title = "consultant"
    parameter_name = "consultant"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the consultants whom the user may see."""
        found = Consultant.objects.visible_to(request.user).values_list("pk", "public_name")
        return [(str(pk), name) for pk, name in found]


class DayFilter(admin.SimpleListFilter):
    """Appointments of some days; days begin at midnight UTC here, the agenda knows each center's own."""

    title = "day (UTC)"
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "Next seven days"), ("past", "Before today")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        today = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        match self.value():
            case "today":
                return queryset.filter(starts_at__gte=today, starts_at__lt=today + DAY)
            case "tomorrow":
                return queryset.filter(starts_at__gte=today + DAY, starts_at__lt=today + 2 * DAY)
            case "week":
                return queryset.filter(starts_at__gte=today, starts_at__lt=today + 7 * DAY)
            case "past":
                return queryset.filter(starts_at__lt=today)
        return queryset


@admin.register(Appointment)
class AppointmentAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[Appointment]):
    """Booked times of all centers."""

    list_display = ["starts", "state", "visitor", "consultant", "where", "appointment_type", "exception"]
    list_display_links = ["starts"]
    list_filter = ["status", DayFilter, CenterFilter, ConsultantFilter]
    list_per_page = 50
    ordering = ["-starts_at", "-id"]
    sortable_by = ("starts",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        """Read along what a row shows; what may hold health details stays sealed."""
        rows = cast("AppointmentQuerySet", super().get_queryset(request)).with_offers().with_clinic_clock()
        found = rows.select_related("request__center", "consultant", "center", "appointment_type")
        return found.defer("cancel_reason", *through("request", WORDS))

    @admin.display(description="starts", ordering="starts_at")
    def starts(self, appointment: Appointment) -> SafeString:
        """When, on the clock that leads, which is named."""
        at = appointment.starts_at
        return format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%MZ}", wording.full(at, appointment.zone))

    @admin.display(description="status", ordering="status")
    def state(self, appointment: Appointment) -> SafeString:
        """The status in a word with a shape."""
        return appointment_block.state(appointment)

    @admin.display(description="visitor", ordering="request__name")
    def visitor(self, appointment: Appointment) -> SafeString:
        """Who comes, with the way to their request."""
        of = appointment.request
        return format_html('<a href="{}#appointment">{} ({})</a>', page_of(of.pk), of.name, of.reference)

    @admin.display(description="where", ordering="center")
    def where(self, appointment: Appointment) -> str:
        """The center, or how."""
        return str(appointment.center or appointment.get_channel_display())

    @admin.display(description="why this consultant")
    def exception(self, appointment: Appointment) -> str:
        """Why this consultant, and which rules were set aside."""
        aside = f"Exception: {appointment.override_reason}" if appointment.overridden else ""
        return " ".join(filter(None, [appointment.assignment_reason, aside]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the request, where appointments are worked on."""
        appointment = self.get_object(request, object_id)
        if appointment is None or not self.has_view_permission(request, appointment):
            # Django's own answers: the list, or a refusal.
            return super().change_view(request, object_id, form_url, extra_context)
        address = page_of(appointment.request_id)
        return HttpResponseRedirect(f"{address}#appointment")


@admin.register(WaitingEntry)
class WaitingEntryAdmin(FoundByReference, ByPlace, ReadOnly, admin.ModelAdmin[WaitingEntry]):
    """Who waits for an earlier time; the first of the list is offered first."""

    list_display = ["joined", "visitor", "appointment_type", "where", "before", "offered", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    ordering = ["joined_at", "id"]
    fields = ["visitor", "appointment_type", "where", "before", "joined_at", "ended_at", "offered"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingEntry]:
        """Read along what a row shows."""
        found: QuerySet[WaitingEntry] = super().get_queryset(request).annotate(offer_count=Count("offers"))
        return found.select_related("request__center", "center", "appointment_type").defer(*through("request", WORDS))

    @admin.display(description="joined (UTC)", ordering="joined_at")
    def joined(self, entry: WaitingEntry) -> str:
        """Since when they wait."""
        return wording.short(entry.joined_at, wording.UTC)

    @admin.display(description="visitor", ordering="request__name")
    def visitor(self, entry: WaitingEntry) -> SafeString:
        """Who waits, with the way to their request."""
        address = page_of(entry.request_id)
        return format_html('<a href="{}">{} ({})</a>', address, entry.request.name, entry.request.reference)

    @admin.display(description="where", ordering="center")
    def where(self, entry: WaitingEntry) -> str:
        """The center, or how."""
        return str(entry.center or entry.appointment_type.get_channel_display())

    @admin.display(description="before", ordering="until")
    def before(self, entry: WaitingEntry) -> str:
        """Until when a time helps, on the clock of the center, or of the one they asked for."""
        zone = leading.clock(entry.center, None, lambda: leading.usual_clock(entry.request.center, None))
        return wording.full(entry.until, zone)

    @admin.display(description="offers made", ordering="offer_count")
    def offered(self, entry: WaitingEntry) -> int:
        """How many times they were offered."""
        return int(getattr(entry, "offer_count", 0))
