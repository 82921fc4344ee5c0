"""Admin of articles: what readers see of each, and where it stands at the desk; of topics and contributors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from content.admin.actor import actor
from content.admin.desk import ArticleButtons, RefusalsTold, story
from content.admin.fields import PlainInputs
from content.admin.marks import mark
from content.admin.moments import in_words
from content.admin.offers import OfferedPages
from content.admin.proposing import ProposedWords
from content.admin.review_desk import ReviewDesk
from content.choices import RevisionState
from content.models import Article, Contributor, Revision, Topic
from content.models.revision import titled
from content.publishing import verbs


class PublicationFilter(admin.SimpleListFilter):
    """Articles that readers see, those that go live later, and the others."""

    title = "readers"
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("public", "See it"), ("scheduled", "Will see something new"), ("none", "See nothing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list."""
        now, revisions = timezone.now(), Revision.objects
        public, scheduled = (found.values("article") for found in (revisions.public(now), revisions.scheduled(now)))
        narrowed = {
            "public": queryset.filter(pk__in=public),
            "scheduled": queryset.filter(pk__in=scheduled),
            "none": queryset.exclude(pk__in=public),
        }
        return narrowed.get(self.value() or "", queryset)


class DeskFilter(admin.SimpleListFilter):
    """Where the draft of an article stands."""

    title = "draft"
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        states = (RevisionState.SUBMITTED, RevisionState.SENT_BACK, RevisionState.DRAFT)
        return [(str(state), str(state.label)) for state in states]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list."""
        state = self.value()
        return (
            queryset.filter(pk__in=Revision.objects.open().filter(state=state).values("article")) if state else queryset
        )


class ReviewFilter(admin.SimpleListFilter):
    """Articles whose review is overdue."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("overdue", "Overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list."""
        overdue = Revision.objects.public(timezone.now()).overdue(_today()).values("article")
        return queryset.filter(pk__in=overdue) if self.value() == "overdue" else queryset


class NewArticleForm(forms.ModelForm[Article]):
    """What an article needs to begin with; its draft has the rest."""

    title = forms.CharField(max_length=120)
    author = forms.ModelChoiceField(Contributor.objects.all())

    class Meta:
        model = Article
        fields = ["slug", "topic"]


@admin.register(Article)
class ArticleAdmin(RefusalsTold, ArticleButtons, ReviewDesk, OfferedPages, PlainInputs, admin.ModelAdmin[Article]):
    """Where an editor sees what readers see of an article, and what is being written."""

    list_display = ["title", "topic", "publication", "draft", "review"]
    list_select_related = ["topic"]
    list_filter = [DeskFilter, PublicationFilter, ReviewFilter, "topic"]
    search_fields = ["slug", "revisions__title", "revisions__summary"]
    search_help_text = "Words of the title, the address or the summary"
    change_form_template = "admin/content/article/page.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Add what the list says of each article."""
        now = timezone.now()
        mine = Revision.objects.filter(article=OuterRef("pk"))
        public, next_one = mine.public(now), mine.scheduled(now).order_by("go_live_at")
        articles: QuerySet[Article] = titled(super().get_queryset(request)).annotate(
            open_state=Subquery(mine.open().values("state")[:1]),
            public_since=Subquery(public.values("go_live_at")[:1]),
            goes_live=Subquery(next_one.values("go_live_at")[:1]),
            due=Subquery(public.values("next_review_on")[:1]),
        )
        return articles

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Ask a new article for its title and author too."""
        own: dict[str, Any] = {
            "labels": {"slug": "Address"},
            "help_texts": {"slug": "The last part of the page’s address."},
        }
        return super().get_form(request, obj, change, **own, **({} if obj else {"form": NewArticleForm}), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Title and author are those of the draft, once there is one."""
        fields = ["slug", "topic"]
        return (
            [("Address and topic", {"fields": fields})] if obj else [(None, {"fields": ["title", *fields, "author"]})]
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """An address that readers know does not follow a title."""
        return {} if obj else {"slug": ["title"]}

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Start the draft of a new article with it."""
        super().save_model(request, obj, form, change)
        if not change:
            words = {name: form.cleaned_data[name] for name in ("title", "author")}
            obj.title = words["title"]  # type: ignore[attr-defined]  # as `titled` would
            verbs.start(obj, by=actor(request), now=timezone.now(), words=words)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """Go on with the draft."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:content_revision_change", args=[obj.revisions.open().get().pk]))

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what readers see, the draft, and the article's revisions."""
        obj = kwargs.get("obj")
        if obj:
            context |= {**story(obj, request), "title": self.title(obj), "subtitle": None}
        else:
            # Whichever is pressed leads to the draft.
            context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """A page is taken down by withdrawing its revision; what was said stays known."""
        return False

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """Lead to the page once readers can see it; a draft has none."""
        public = obj is not None and obj.revisions.public(timezone.now()).exists()
        return obj.get_absolute_url() if obj is not None and public else None

    @admin.display(description="title", ordering="title")
    def title(self, article: Any) -> str:
        """Say what the newest revision is called."""
        return str(article)

    @admin.display(description="readers", ordering="public_since")
    def publication(self, article: Any) -> SafeString:
        """Say whether readers see it, and when they will."""
        if article.goes_live is not None:
            return mark(f"From {in_words(article.goes_live)}", "calm")
        return mark("See it", "done") if article.public_since is not None else mark("See nothing", "off")

    @admin.display(description="draft", ordering="open_state")
    def draft(self, article: Any) -> str | SafeString:
        """Say where the draft stands."""
        if article.open_state is None:
            return "none"
        state = RevisionState(article.open_state)
        return mark(str(state.label), "warn" if state == RevisionState.SUBMITTED else "go")

    @admin.display(description="next review", ordering="due")
    def review(self, article: Any) -> str | SafeString | None:
        """Say when it is due, and whether it is late."""
        due: dt.date | None = article.due
        if due is None:
            return None
        day = f"{due.day} {due:%b %Y}"
        return mark(f"Overdue since {day}", "warn") if due < _today() else day


@admin.register(Topic)
class TopicAdmin(ProposedWords, admin.ModelAdmin[Topic]):
    """Topics."""

    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Contributor)
class ContributorAdmin(ProposedWords, admin.ModelAdmin[Contributor]):
    """Authors and medical reviewers."""

    list_display = ["name", "credentials", "role"]
    search_fields = ["name__has_part", "credentials", "role"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["account"]

    def get_readonly_fields(self, request: HttpRequest, obj: Contributor | None = None) -> list[str]:
        """Whose name an approval carries is decided by those who give out accounts."""
        return [] if request.user.has_perm("auth.change_user") else ["account"]


def _today() -> dt.date:
    return timezone.now().date()
