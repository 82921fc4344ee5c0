"""The comparison pages: choosing two to four therapies, and their table at its canonical address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from content import notices
from content.choices import PageKind
from content.comparison.reading import table_of
from content.comparison.tables import LEAST, MOST, SEPARATOR, canonical
from content.found import structured_data
from content.found.page import Page
from content.linking import moving
from content.models import Comparison, Therapy
from content.site import facts
from content.views.base import PageMixin, moved_to

TOO_MANY = f"Choose at most {MOST} therapies: more than that cannot be read side by side."
TOO_FEW = f"Choose at least {LEAST} therapies to compare."


class CompareChooserView(PageMixin, TemplateView):
    """A plain GET form of checkboxes (`?therapy=a&therapy=b`) that leads to the table's address."""

    template_name = "content/compare_chooser.html"
    chosen: list[str] = []
    error = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the comparison, or show the form with what is wrong; a wrong choice is answered 400."""
        self.chosen = list(dict.fromkeys(request.GET.getlist("therapy")))
        if not self.chosen and "compare" not in request.GET:
            return super().get(request, *args, **kwargs)
        # Compared here: PostgreSQL refuses to look for a text with a NUL in it.
        known = set(Therapy.objects.shown().values_list("slug", flat=True))
        if unknown := [slug for slug in self.chosen if slug not in known]:
            raise Http404(f"There is no therapy called {unknown[0][:60]!r}.")
        if len(self.chosen) < LEAST or len(self.chosen) > MOST:
            self.error = TOO_FEW if len(self.chosen) < LEAST else TOO_MANY
            return self.render_to_response(self.get_context_data(**kwargs), status=400)
        return redirect("content:comparison", chosen=canonical(self.chosen))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the therapies, what was chosen, and tables others found useful."""
        therapies = list(Therapy.objects.shown())
        shown = {therapy.pk: therapy.slug for therapy in therapies}
        columns = [
            (item.title, [column.therapy_id for column in item.columns.all()])
            for item in Comparison.objects.prefetch_related("columns")
        ]
        suggestions = [
            (title, canonical(shown[each] for each in chosen))
            for title, chosen in columns
            if len(chosen) >= LEAST and set(chosen) <= shown.keys()
        ]
        return super().get_context_data(
            therapies=therapies, chosen=self.chosen, error=self.error, suggestions=suggestions, most=MOST, **kwargs
        )

    def get_page(self, context: dict[str, Any]) -> Page:
        """The chooser; with an error the title says so first."""
        return Page(
            f"{'Error: ' if self.error else ''}Compare therapies",
            "Put two to four therapies side by side: what they are, how sure the evidence is and what to weigh.",
            "/compare/",
            crumbs=[("Home", "/")],
            index=not self.error,
        )


def shown_by_slug(slugs: list[str]) -> dict[str, Therapy]:
    """Return those therapies that readers may see."""
    return {therapy.slug: therapy for therapy in Therapy.objects.shown().filter(slug__in=slugs)}


def present(slugs: list[str]) -> list[str]:
    """Return the slugs with those that therapies had before replaced by the present ones."""
    moved = moving.present_slugs(PageKind.THERAPY, slugs, timezone.now())
    return [moved.get(slug, slug) for slug in slugs]


class CompareView(PageMixin, TemplateView):
    """The table of two to four therapies; any other order of the same therapies is sent to the one address."""

    template_name = "content/compare.html"
    therapies: list[Therapy]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the therapies, or say why not."""
        slugs = kwargs["chosen"].strip("/").replace("/", SEPARATOR).split(SEPARATOR)
        found = shown_by_slug(slugs)
        if not set(slugs) <= found.keys():
            # An address that was made of slugs of before leads to that of the present ones.
            slugs = present(slugs)
            found = shown_by_slug(slugs)
        if unknown := [slug for slug in slugs if slug not in found]:
            raise Http404(
                f"There is no therapy called {unknown[0][:60]!r}. All therapies are listed on the comparison page."
            )
        if len(found) > MOST or len(found) < LEAST:
            chooser = CompareChooserView()
            chooser.setup(request)
            chooser.chosen = list(found)
            chooser.error = TOO_MANY if len(found) > MOST else TOO_FEW
            return chooser.render_to_response(chooser.get_context_data(), status=400)
        address = canonical(found)
        if kwargs["chosen"] != address:
            return moved_to(reverse("content:comparison", args=[address]), request)
        self.therapies = [found[slug] for slug in sorted(found)]
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the table, whole or only what differs, and, where it is not among the chosen, the way to standard care."""
        therapies = self.therapies
        slugs = [therapy.slug for therapy in therapies]
        now = timezone.now()
        names = ", ".join(therapy.short_name for therapy in therapies[:-1]) + f" and {therapies[-1].short_name}"
        standard = Therapy.objects.shown().filter(standard_care=True).exclude(slug__in=slugs).first()
        whole = table_of(therapies, f"{names}, side by side")
        return super().get_context_data(
            table=whole.only_differences() if self.only_differences else whole,
            only_differences=self.only_differences,
            row_count=len(whole.rows),
            differing=whole.differing,
            therapies=therapies,
            names=names,
            notices=notices.shown_anywhere(facts(self.request).places, now, notices.all_near(now), therapies),
            standard_care=standard,
            with_standard_care=canonical([*slugs, standard.slug]) if standard and len(slugs) < MOST else "",
            each_with_standard_care=[(each, canonical([each.slug, standard.slug])) for each in therapies if standard],
            **kwargs,
        )

    @property
    def only_differences(self) -> bool:
        """Whether the rows that are the same for all are left out (`?differences=1`)."""
        return self.request.GET.get("differences") == "1"

    def get_page(self, context: dict[str, Any]) -> Page:
        """A medical web page about the comparison; the one with fewer rows is no page of its own to search engines."""
        names = context["names"]
        page = Page(
            f"{names} compared",
            f"{names} side by side: source, mechanism, evidence, risks and what regulators say, each with its source.",
            f"/compare/{canonical(therapy.slug for therapy in self.therapies)}/",
            crumbs=[("Home", "/"), ("Compare", "/compare/")],
            index=not self.only_differences,
        )
        page.graph = [structured_data.medical_web_page(page)]
        return page
