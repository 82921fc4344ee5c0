"""Two people in one draft: who saves second sees both texts, and loses nothing of what they typed."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from content import richtext
from content.admin.comparing import by_section
from content.admin.desk import standing
from content.admin.moments import clinic_zone
from content.choices import CardKind, Illustration
from content.models import Article, Comparison, Contributor, Image, Reference, Revision
from content.models.revision import EDITABLE
from content.numerals import number_in
from content.publishing.differences import HEADING, Text, compare
from content.publishing.exceptions import ChangedMeanwhile
from content.publishing.words import picture, words_of

# Rows of one kind that a form can hold; Django refuses more.
MOST_ROWS = 1000


class BothTexts(admin.ModelAdmin[Revision]):
    """What somebody typed into a draft that changed meanwhile is shown beside what is saved."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Save, or show both texts."""
        try:
            return self._kept(request, object_id) or super().changeform_view(request, object_id, *args, **kwargs)
        except ChangedMeanwhile:
            # Somebody was quicker between the check of the form and its saving; asked again, the form sees it.
            return self._kept(request, object_id) or super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add both texts where the draft was saved by somebody else since the form was drawn."""
        form, obj = context["adminform"].form, kwargs.get("obj")
        if obj is not None and "seen" in form.errors:
            saved = _saved(obj.pk)
            context["both"] = by_section(compare(words_of(saved), typed(form.data)))
            context["saved_by"] = saved.edited_by
            # Who has seen both may save; it is refused again where a third text came between.
            form.data = form.data.copy()
            form.data["seen"] = saved.version
        return super().render_change_form(request, context, *args, **kwargs)

    def _kept(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Return the page that keeps what was typed into what is no draft any more; None where it still is one."""
        if request.method != "POST" or not admin.ModelAdmin.has_change_permission(self, request):
            return None
        revision = self.get_object(request, object_id or "")
        if revision is None or revision.state in EDITABLE or "title" not in request.POST:
            return None
        return kept_page(self, request, revision, request.POST)


def kept_page(pages: Any, request: HttpRequest, revision: Revision, data: QueryDict) -> HttpResponse:
    """Return the page of the revision's admin (`pages`) that shows what a form held which cannot be saved any more."""
    texts = typed(data)
    context = {
        **pages.admin_site.each_context(request),
        "title": f"Not saved: {revision}",
        "opts": pages.opts,
        "revision": revision,
        "standing": standing(revision, clinic_zone()),
        "sections": by_section(compare(words_of(_saved(revision.pk)), texts)),
        "typed": [text for text in texts if text.source],
    }
    return TemplateResponse(request, "admin/content/revision/kept.html", context, status=HTTPStatus.CONFLICT)


def typed(data: QueryDict) -> list[Text]:
    """Return what the form of a draft holds, as texts that can be compared with those of a revision."""
    return [
        Text("title", "Title", _line(data, "title")),
        Text("summary", "Summary", _line(data, "summary")),
        Text("author", "Author", _named(Contributor, data.get("author", ""))),
        Text("lead", "Beginning", richtext.clean(data.get("lead", "")), html=True),
        Text("key_points", "Key points", data.get("key_points", "")),
        Text("illustration", "Drawing", dict(Illustration.choices).get(data.get("illustration", ""), "")),
        *(text for row in _rows(data, "sections", "position") for text in _section(data, row)),
        Text("citations", "References", "\n".join(_citations(data))),
        Text(
            "related",
            "Related guides",
            "\n".join(
                _named(Article, data.get(f"{row}-related", "")) for row in _rows(data, "related_links", "position")
            ),
        ),
    ]


def _section(data: QueryDict, row: str) -> Iterator[Text]:
    heading = _line(data, f"{row}-heading")
    key = f"section {_line(data, f'{row}-anchor')}"
    card = dict(CardKind.choices).get(data.get(f"{row}-card", ""), "")
    figure = dict(Illustration.choices).get(data.get(f"{row}-figure", ""), "")
    yield Text(f"{key} heading", HEADING, heading, heading)
    yield Text(f"{key} body", "Text", richtext.clean(data.get(f"{row}-body", "")), heading, html=True)
    yield Text(f"{key} table", "Table", _named(Comparison, data.get(f"{row}-comparison", "")), heading)
    yield Text(f"{key} card", "Card", card, heading)
    yield Text(
        f"{key} figure", "Drawing", f"{figure}: {_line(data, f'{row}-figure_caption')}" if figure else "", heading
    )
    image = _found(Image, data.get(f"{row}-image", ""))
    yield Text(f"{key} picture", "Picture", picture(image, _line(data, f"{row}-image_alt")), heading)


def _citations(data: QueryDict) -> Iterator[str]:
    for row in _rows(data, "citations", "number"):
        yield f"[{_line(data, f'{row}-number')}] {_named(Reference, data.get(f'{row}-reference', ''))}"


def _rows(data: QueryDict, kind: str, order: str) -> list[str]:
    """Return the prefixes of the rows of an inline form that say something, in their order; those without a number last."""
    count = min(number_in(data.get(f"{kind}-TOTAL_FORMS", ""), digits=4) or 0, MOST_ROWS)
    rows = [f"{kind}-{number}" for number in range(count)]
    told = {"sections": "heading", "citations": "reference", "related_links": "related"}[kind]
    said = [row for row in rows if data.get(f"{row}-{told}") and not data.get(f"{row}-DELETE")]

    def place(row: str) -> tuple[int, int]:
        number = number_in(data.get(f"{row}-{order}", ""), digits=9)
        return (1, 0) if number is None else (0, number)

    return sorted(said, key=place)


def _line(data: QueryDict, name: str) -> str:
    return " ".join(data.get(name, "").split())


def _named(model: type[Model], pk: str) -> str:
    return str(_found(model, pk) or "")


def _found[M: Model](model: type[M], pk: str) -> M | None:
    number = number_in(pk)
    return None if number is None else model._default_manager.filter(pk=number).first()  # noqa: SLF001  documented by Django


def _saved(pk: int) -> Revision:
    """Return a revision as it stands in the database: the one of a form holds what was typed already."""
    return Revision.objects.select_related("author", "edited_by").get(pk=pk)
