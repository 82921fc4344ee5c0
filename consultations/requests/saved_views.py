"""Saving a list of requests under a name: the filters are kept, never the rows."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import QueryDict

from consultations.exceptions import NotAllowed
from consultations.models import SavedView

# What the list is narrowed and ordered by (admin/filters.py). A search is none of it, and no other column is: it names a person, whom
# colleagues of other centers would read of, and who would still stand here once they were erased.
KEPT = frozenset("due status status__exact assignee center therapies language source received since until o".split())
LONGEST = SavedView._meta.get_field("query").max_length or 0  # noqa: SLF001
MOST = 50


def filters_of(query: str) -> str:
    """Return the filters of an address in an order of their own, so that one list has one spelling."""
    asked = QueryDict(query)
    ordered = QueryDict(mutable=True)
    for name in sorted(KEPT & asked.keys()):
        ordered.setlist(name, [value for value in asked.getlist(name) if value])
    return ordered.urlencode()


def in_tab(query: str, key: str) -> str:
    """Return the filters of an address in another view of the inbox, "" for none; a view has an order of its own."""
    asked = QueryDict(query, mutable=True)
    for name in ("o", "due"):
        asked.pop(name, None)
    if key:
        asked["due"] = key
    return filters_of(asked.urlencode())


def keep(*, name: str, query: str, shared: bool, by: User) -> SavedView:
    """Save the filters of an address, or put them in the place of the ones that the caller's view of this name had.

    Raises:
        NotAllowed: there is no name, nothing is filtered, the filters are too long, or there are too many views.
    """
    filters = filters_of(query)
    if not name.strip():
        raise NotAllowed("Give the view a name.")
    if not filters or len(filters) > LONGEST:
        raise NotAllowed(
            "Filter the list first; then its filters can be saved." if not filters else "That is too much."
        )
    if SavedView.objects.filter(owner=by).exclude(name=name.strip()).count() >= MOST:
        raise NotAllowed(f"You have {MOST} views. Delete one first.")
    values = {"query": filters, "shared": shared}
    try:
        with transaction.atomic():
            return SavedView.objects.create(owner=by, name=name.strip(), **values)
    except IntegrityError:
        SavedView.objects.filter(owner=by, name=name.strip()).update(**values)
        return SavedView.objects.get(owner=by, name=name.strip())
