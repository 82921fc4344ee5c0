"""Admin of revisions: the form in which an editor writes a draft, and what was approved, to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from content import identifiers
from content.admin import beside
from content.admin.actor import actor
from content.admin.comments import CommentButtons, comments_of
from content.admin.comparing import ComparePage
from content.admin.conflicts import BothTexts
from content.admin.desk import RefusalsTold, RevisionButtons, buttons_of, standing, why_not_approve
from content.admin.editor import RichTextFields, RichTextPages
from content.admin.fields import NamedInputs
from content.admin.formsets import NumberedFormSet, OrderedFormSet
from content.admin.moments import clinic_zone
from content.admin.sharing import ShareButtons, links_of
from content.admin.unsaved import KeepsUnsaved
from content.admin.writing import ReadWhileWriting
from content.choices import RevisionState
from content.form_fields import LineField
from content.models import Article, ArticleReference, Reference, RelatedArticle, Revision, Section
from content.models.revision import EDITABLE, titled
from content.proofreading import readability, reading
from content.publishing import rights, steps, unsaved, verbs


class DraftsOnly(BaseModelAdmin[Any]):
    """What may be changed while a revision is a draft or was sent back, and only read from then on."""

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Whether it can be changed still."""
        return super().has_change_permission(request, obj) and _is_draft(obj)


class PartsOfDrafts(DraftsOnly):
    """The same for what hangs on a revision."""

    def has_add_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Whether there can be more of it."""
        return super().has_add_permission(request, obj) and _is_draft(obj)  # type: ignore[call-arg]  # an inline's signature

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Whether there can be less."""
        return super().has_delete_permission(request, obj) and _is_draft(obj)


class SectionInline(ReadWhileWriting, PartsOfDrafts, RichTextFields, admin.StackedInline[Section, Revision]):
    """The parts of an article, each folded away until it is needed."""

    model = Section
    formset = OrderedFormSet
    template = "admin/content/section/stacked.html"
    extra = 0
    ordering = ("position", "id")
    prepopulated_fields = {"anchor": ["heading"]}
    fieldsets = [
        (
            None,
            {"fields": [("heading", "anchor", "position"), "body", "card", "comparison", ("figure", "figure_caption")]},
        ),
        ("Picture", {"fields": ["image", ("image_alt", "image_decorative")]}),
    ]
    autocomplete_fields = ["image"]


class CitationInline(PartsOfDrafts, NamedInputs, admin.TabularInline[ArticleReference, Revision]):
    """The numbered sources."""

    model = ArticleReference
    formset = NumberedFormSet
    extra = 0
    fields = ["number", "reference"]
    autocomplete_fields = ["reference"]
    verbose_name_plural = "references: [2] in the text means the source with number 2"


class RelatedInline(PartsOfDrafts, NamedInputs, admin.TabularInline[RelatedArticle, Revision]):
    """Guides to read next."""

    model = RelatedArticle
    formset = OrderedFormSet
    extra = 0
    fields = ["related", "position"]
    autocomplete_fields = ["related"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Call a guide that is chosen by its title."""
        return super().formfield_for_foreignkey(db_field, request, queryset=titled(Article.objects.all()), **kwargs)


class RevisionForm(forms.ModelForm[Revision]):
    """The words of a draft, the version that they are written over, and a source to be put on the list of references."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    # Under which number these words are kept while they are written; see unsaved.py.
    kept = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    cite = LineField(
        required=False,
        max_length=500,
        label="Cite by pasting",
        help_text="A DOI, a PubMed number, a web address or the key of a source. Saving puts it at the end of the references "
        "and tells its number, which you write in the text, such as [3].",
    )

    class Meta:
        model = Revision
        fields = steps.WORDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen" in self.fields:
            self.fields["seen"].initial = self.instance.version

    def clean_seen(self) -> int:
        """Refuse to write over what somebody else saved meanwhile; what was typed stays in the form."""
        seen: int = self.cleaned_data["seen"]
        if seen != self.instance.version:
            raise ValidationError(
                f"{self.instance.edited_by} saved this draft meanwhile, and nothing of yours was saved yet. "
                "Above stands what differs between the two texts; take over what you need, then save again."
            )
        return seen

    def clean_cite(self) -> Reference | None:
        """Return the source that was pasted; one that is not known yet is to be described first."""
        pasted = self.cleaned_data["cite"]
        if not pasted:
            return None
        if found := Reference.objects.filter(key=pasted).first():
            return found
        try:
            identifier = identifiers.read(pasted)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None
        if found := Reference.objects.same_as(**identifier._asdict()).first():
            return found
        address = f"{reverse('admin:content_reference_add')}?{urlencode({'pasted': pasted})}"
        sentence = 'This source is not on the site yet. <a href="{}" target="_blank">Describe it</a>, then save again.'
        raise ValidationError(format_html(sentence, address), code="unknown")


@admin.register(Revision)
class RevisionAdmin(
    ReadWhileWriting,
    RefusalsTold,
    BothTexts,
    RevisionButtons,
    KeepsUnsaved,
    CommentButtons,
    ShareButtons,
    ComparePage,
    DraftsOnly,
    RichTextPages,
    admin.ModelAdmin[Revision],
):
    """Where an editor writes a draft; others are only read."""

    form = RevisionForm
    list_display = ["title", "article", "number", "state", "edited_by", "edited_at", "approved_by", "go_live_at"]
    list_select_related = ["article", "edited_by", "approved_by"]
    list_filter = ["state"]
    search_fields = ["title", "article__slug", "summary"]
    ordering = ["-edited_at", "-pk"]
    inlines = [SectionInline, CitationInline, RelatedInline]
    fieldsets = [
        (None, {"fields": ["title", "summary", "author"]}),
        ("Beginning", {"fields": ["lead", "key_points", "illustration"]}),
    ]
    change_form_template = "admin/content/revision/page.html"

    class Media:
        js = ["js/autosave.js", "js/outline.js"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add what only those need who can save something."""
        fieldsets = super().get_fieldsets(request, obj)
        own = [("References", {"fields": ["cite", "seen", "kept"]})]
        return [*fieldsets, *own] if self.has_change_permission(request, obj) else fieldsets

    def save_model(self, request: HttpRequest, obj: Revision, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Hand the words to the verb."""
        words = {name: form.cleaned_data[name] for name in steps.WORDS}
        verbs.save(obj, seen=form.cleaned_data["seen"], by=actor(request), now=timezone.now(), words=words)
        unsaved.discard(obj, number=form.cleaned_data["kept"] or 0, by=actor(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Save the parts, then put a pasted source behind those that are listed."""
        super().save_related(request, form, formsets, change)
        if source := form.cleaned_data.get("cite"):
            number = steps.cite(form.instance, source)
            messages.success(request, f"“{source}” has the number [{number}]: write it where you cite it.")

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add where the revision stands, its buttons and its history."""
        obj = kwargs.get("obj")
        if obj is not None:
            found = reading.unpassed(obj) if obj.is_open else []
            events = obj.events.select_related("by").order_by("-at", "-pk")
            link = beside.link_for(obj, request.user)
            # What comes back refused, or was kept, holds other words than what was read here.
            if not context["adminform"].form.is_bound:
                beside.show(context, found)
            context |= {
                "standing": standing(obj, clinic_zone()),
                "buttons": [
                    (button, reverse(f"admin:content_revision_{button.name}", args=[obj.pk]))
                    for button in buttons_of(obj, request.user)
                ],
                "why_not_approve": why_not_approve(obj, request.user),
                "events": events,
                "sent_back": events[0] if obj.state == RevisionState.SENT_BACK else None,
                "title": str(obj),
                "subtitle": None,
                "claims": beside.placed(found, link),
                "readability": readability.of(obj) if obj.is_open else [],
                "works_here": rights.works_here(request.user),
                **comments_of(obj),
                **links_of(obj, timezone.now()),
                "preview": _preview(obj),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Revision) -> HttpResponse:
        """Come back to words that cannot be submitted as they are, with what was found beside them."""
        response = super().response_change(request, obj)
        if "_preview" in request.POST:
            response = HttpResponseRedirect(_preview(obj))
        if not any(found.blocks for found in reading.unpassed(obj)):
            return response
        messages.warning(
            request, "The draft is saved. The claim check found what must not be published: see beside the fields."
        )
        return HttpResponseRedirect(request.path)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Stay out of the index: an article leads to its revisions."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A draft is started from its article."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """A draft is given up, and what was approved is withdrawn; both stay known."""
        return False

    def get_view_on_site_url(self, obj: Revision | None = None) -> str | None:
        """Lead to the page while readers see this revision."""
        return obj.get_absolute_url() if obj is not None and obj.is_public(timezone.now()) else None


def _preview(revision: Revision) -> str:
    return reverse("content:preview", args=[revision.article.slug, revision.number])


def _is_draft(revision: Revision | None) -> bool:
    return revision is None or revision.state in EDITABLE
