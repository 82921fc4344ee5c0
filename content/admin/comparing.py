"""The page that shows what differs between two revisions of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from content.admin.desk import standing
from content.admin.moments import clinic_zone
from content.models import Revision
from content.models.revision import RevisionQuerySet
from content.numerals import number_in
from content.publishing.differences import Difference, compare
from content.publishing.words import words_of

READ = ("GET", "HEAD")


class ComparePage(admin.ModelAdmin[Revision]):
    """Adds `…/compare/` to the addresses of revisions; `?with=` names the other one, by its number."""

    def get_urls(self) -> list[Any]:
        """Add it."""
        view = self.admin_site.admin_view(self.compare_view)
        return [path("<int:object_id>/compare/", view, name="content_revision_compare"), *super().get_urls()]

    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show a revision against another one: unless asked otherwise, against what readers see."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in READ:
            return HttpResponseNotAllowed(READ)
        known = Revision.objects.select_related("article", "author")
        revision = get_object_or_404(known, pk=object_id)
        others = known.filter(article=revision.article_id).exclude(pk=revision.pk).order_by("-number")
        other = _chosen(request, others) or usual_other(revision, others)
        zone = clinic_zone()
        context = {
            **self.admin_site.each_context(request),
            "title": f"What changed: {revision}",
            "opts": self.opts,
            "revision": revision,
            "others": [(one, standing(one, zone)) for one in others],
            "other": other,
            "standings": [standing(one, zone) for one in (other, revision) if one],
            "sections": by_section(compare(words_of(other), words_of(revision))) if other else [],
        }
        return TemplateResponse(request, "admin/content/revision/compare.html", context)


def usual_other(revision: Revision, others: RevisionQuerySet) -> Revision | None:
    """Return what a revision is compared with: what readers see, else what it was copied from, else the one before it."""
    public = others.public(timezone.now()).first()
    before: Revision | None = (
        public or revision.based_on or others.filter(number__lt=revision.number).first() or others.first()
    )
    return before


def by_section(differences: Iterable[Difference]) -> Iterator[tuple[str, list[Difference]]]:
    """Yield (heading, what differs under it); what stands in no section has an empty heading."""
    for heading, found in groupby(differences, key=lambda one: one.section):
        yield heading, list(found)


def _chosen(request: HttpRequest, others: RevisionQuerySet) -> Revision | None:
    asked = request.GET.get("with", "")
    if not asked:
        return None
    # A number that no column holds is one that no revision has.
    if (number := number_in(asked, digits=9)) is None:
        raise Http404("There is no such revision.")
    return get_object_or_404(others, number=number)
