"""Centers, when they are open, and the countries they are in."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from content.admin.fields import NamedInputs, PlainInputs
from content.admin.formsets import NamedFormSet
from content.admin.proposing import ProposedWords
from content.models import Center, Country, OpeningPeriod


class OpeningPeriodInline(NamedInputs, admin.TabularInline[OpeningPeriod, Center]):
    """The week, in the center's own time."""

    model = OpeningPeriod
    formset = NamedFormSet
    extra = 0
    verbose_name_plural = "opening periods, in the center's local time"


@admin.register(Center)
class CenterAdmin(ProposedWords, PlainInputs, admin.ModelAdmin[Center]):
    """Places where consultations are held."""

    list_display = ["name", "city", "country", "time_zone", "open_to_requests"]
    list_select_related = ["country"]
    list_filter = ["open_to_requests", "country"]
    search_fields = ["name", "city", "country__name", "address"]
    search_help_text = "Words of the name, the city, the country or the address"
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningPeriodInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "open_to_requests"]}),
        ("Where", {"fields": ["address", ("city", "postal_code"), ("country", "region"), ("latitude", "longitude")]}),
        ("Contact and clock", {"fields": ["phone", "time_zone"]}),
    ]

    def view_on_site(self, obj: Center) -> str:
        """Lead to its page."""
        return obj.get_absolute_url()


@admin.register(Country)
class CountryAdmin(ProposedWords, admin.ModelAdmin[Country]):
    """Countries, by the code that everything refers to."""

    ordering = ["name"]
    list_display = ["name", "code", "centers"]
    search_fields = ["name", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Country]:
        """Count the centers."""
        countries: QuerySet[Country] = super().get_queryset(request).annotate(center_count=Count("centers"))
        return countries

    def get_readonly_fields(self, request: HttpRequest, obj: Country | None = None) -> list[str]:
        """Keep the code of a country that exists: another code would be another country."""
        return ["code"] if obj else []

    @admin.display(ordering="center_count")
    def centers(self, country: Country) -> int:
        """Say how many centers there are."""
        return int(getattr(country, "center_count", 0))
