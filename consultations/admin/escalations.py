"""Who of each center is told by mail of overdue answers and of what waits: rules that its managers set."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest

from consultations.access.colleagues import colleagues_of
from consultations.access.granting import has_place
from consultations.admin.places import ByPlace, OwnCenters
from consultations.models import EscalationRule
from consultations.requests.moving import name_of
from consultations.statuses import PlaceScope


class PeopleField(ModelMultipleChoiceField[User]):
    """Several people, by the names that colleagues know."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name, and that there is no address where there is none."""
        return name_of(obj) if obj.email else f"{name_of(obj)} (has no mail address)"


@admin.register(EscalationRule)
class EscalationRuleAdmin(ByPlace, OwnCenters, admin.ModelAdmin[EscalationRule]):
    """One for each center; without one, all its managers are told."""

    list_display = ["where", "tell_overdue", "tell_daily", "whom"]
    list_select_related = ["center"]
    fields = ["center", "tell_overdue", "tell_daily", "recipients"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EscalationRule]:
        """Read the recipients along."""
        found: QuerySet[EscalationRule] = super().get_queryset(request).prefetch_related("recipients")
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: EscalationRule | None = None) -> list[str]:
        """Keep the center of a rule that stands."""
        return ["center"] if obj else []

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Ask for a center where the user may not see requests without one."""
        kwargs["required"] = not has_place(request.user, PlaceScope.POOL)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Offer those who work on requests and share a place with the user."""
        people: QuerySet[User] = colleagues_of(request.user)
        return PeopleField(
            people.distinct(), required=False, help_text=db_field.help_text, widget=CheckboxSelectMultiple
        )

    @admin.display(description="center", ordering="center__name")
    def where(self, rule: EscalationRule) -> str:
        """The center, or none."""
        return str(rule)

    @admin.display(description="to whom")
    def whom(self, rule: EscalationRule) -> str:
        """Those who are named, or all."""
        return ", ".join(map(name_of, rule.recipients.all())) or "all its managers"
