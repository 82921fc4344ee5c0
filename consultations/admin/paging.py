"""Pages of a long list: counting stops at three hundred, of requests at ten thousand, and a page is found by its ids before its rows are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from consultations.models.place import OfRequestQuerySet
from consultations.requests import inbox
from content.numerals import number_in

# Of what hangs on requests, more are not counted: whose they are is asked of the requests.
MOST = 300
# A page beyond what is counted can be reached still: as many are counted as it and some more need.
AHEAD = 5


class BoundedPaginator(Paginator[Any]):
    """Counts no further than needed: to `most`, or where the page that is shown, `asked`, lies beyond it, so far."""

    asked = 1
    most = MOST
    # What a page's rows are read from; where it is not given, from what was looked for.
    unsearched: QuerySet[Any] | None = None
    # The same rows, put so that they are counted soon.
    counted: QuerySet[Any] | None = None
    # Keys of rows that stand on the first pages whatever the order.
    sooner: Collection[int] = ()

    @cached_property
    def count(self) -> int:
        """How many rows there are, as far as they are counted."""
        rows = self._rows if self.counted is None else self.counted
        return inbox.bounded(rows, max(self.most, (self.asked + AHEAD) * self.per_page))

    def page(self, number: int | str) -> Any:
        """Return the page; rows before it are skipped in an index, without what they are shown with."""
        page = super().page(number)
        found: QuerySet[Any] = cast("Any", page.object_list)
        rows = self._rows if self.unsearched is None else self.unsearched.order_by(*self._rows.query.order_by)
        keys = self._with_sooner(page.number) if self.sooner else list(found.values_list("pk", flat=True))
        page.object_list = rows.filter(pk__in=keys)
        return page

    def _with_sooner(self, number: int) -> list[int]:
        """Return the keys of a page where some rows come before the others."""
        begins, sooner = (number - 1) * self.per_page, list(self.sooner)
        ends = begins + self.per_page
        others = self._rows.exclude(pk__in=sooner).values_list("pk", flat=True)
        return [*sooner[begins:ends], *others[max(0, begins - len(sooner)) : max(0, ends - len(sooner))]]

    @property
    def _rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = cast("Any", self.object_list)
        return rows


def bounded_paginator(
    request: Any, queryset: QuerySet[Any], per_page: int, *args: Any, most: int = MOST, **kwargs: Any
) -> BoundedPaginator:
    """Return the pages of a list of the admin."""
    paginator = BoundedPaginator(queryset, per_page, *args, **kwargs)
    paginator.most = most
    paginator.asked = number_in(request.GET.get("p", ""), digits=7) or 1
    return paginator


class BoundedList(ChangeList):
    """A list that says of its count where it ends."""

    order: Sequence[Any] = ()

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Keep the order of the view, so that the column it goes by is the one that is marked."""
        self.order = self.model_admin.get_ordering(request)
        return list(super().get_ordering(request, queryset))

    def _get_default_ordering(self) -> Any:
        return self.order

    @property
    def count_in_words(self) -> str:
        """The number of rows as people read it."""
        return inbox.in_words(self.result_count, getattr(self.model_admin, "counted", MOST))


class LongList(admin.ModelAdmin[Any]):
    """A list that may have a million rows: what is counted is bounded, and a page is found by its ids."""

    counted = MOST
    show_full_result_count = False
    # Counting every choice of every filter would read the whole table several times.
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Say of the count where it ends."""
        return BoundedList

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *args: Any, **kwargs: Any
    ) -> Any:
        """Count no further than needed."""
        paginator = bounded_paginator(request, queryset, per_page, *args, most=self.counted, **kwargs)
        if isinstance(queryset, OfRequestQuerySet):
            paginator.counted = queryset.to_be_counted(request.user)
        return paginator
