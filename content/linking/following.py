"""Follows links to pages of this site, as a reader of a revision would, and says which of them lead nowhere."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve

from content import anchors, page_links
from content.choices import PageKind, PolicyKind
from content.comparison.tables import SEPARATOR
from content.linking import moving
from content.models import Article, Policy, Question, Revision, Section, Term, Therapy
from content.page_links import Page
from content.targets import MODELS, find

NOWHERE = "leads to {}, and there is no such page."
# What pages have of their own.
OWN = anchors.RESERVED
VIEWS = {f"content:{kind}": kind for kind in page_links.FOLDERS}
NUMBERED = re.compile(r"(?:ref|cite)-([0-9]{1,3})")


class Follower:
    """Follows the links of one revision at one moment."""

    def __init__(self, revision: Revision, now: dt.datetime) -> None:
        self.revision = revision
        self.now = now

    def fault(self, href: str) -> str:
        """Return the end of a sentence that starts with “The link …”, or "" where it leads somewhere; other sites are not asked."""
        if found := page_links.page_of(href):
            return self._page_fault(*found)
        address = urlsplit(page_links.on_this_site(href, settings.SITE_URL))
        if address.scheme or address.netloc:
            return ""
        if not address.path:
            return self._part_fault(Page(PageKind.ARTICLE, self.revision.article_id), address.fragment)
        try:
            match = resolve(address.path if address.path.endswith("/") else f"{address.path}/")
        except Resolver404:
            return NOWHERE.format(href)
        return self._match_fault(match, href, address.fragment)

    def was_withdrawn(self, article_id: int) -> bool:
        """Return whether readers do not see an article, and nothing says that they will: it was withdrawn, or given up."""
        revisions = Revision.objects.filter(article=article_id)
        if revisions.public(self.now).exists() or revisions.scheduled(self.now).exists():
            return False
        # A first draft is on its way; one of what was withdrawn is not more than a wish.
        seen = revisions.filter(go_live_at__lte=self.now).exists()
        return seen or not revisions.open().exists()

    def _page_fault(self, page: Page, anchor: str) -> str:
        row = MODELS[page.kind]._default_manager.filter(pk=page.pk).first()  # noqa: SLF001  documented by Django
        if row is None:
            return f"leads to a {page.kind} that was deleted."
        path = row.get_absolute_url()
        if isinstance(row, Article) and row.pk != self.revision.article_id and self.was_withdrawn(row.pk):
            return f"leads to {path}, which was withdrawn: readers find no page there."
        if isinstance(row, Therapy) and not Therapy.objects.shown().filter(pk=row.pk).exists():
            return f"leads to {path}, which readers do not see: a row of the comparison that must be filled is empty."
        return self._part_fault(page, anchor, path)

    def _match_fault(self, match: ResolverMatch, href: str, anchor: str) -> str:
        """Return the fault of an address that the site knows the form of."""
        if kind := VIEWS.get(match.view_name):
            pages = find([page_links.Named(kind, match.kwargs["slug"])])
            return self._page_fault(Page(kind, *pages.values()), anchor) if pages else NOWHERE.format(href)
        if match.view_name == "content:comparison":
            slugs = str(match.kwargs["chosen"]).split(SEPARATOR)
            known = set(Therapy.objects.shown().filter(slug__in=slugs).values_list("slug", flat=True))
            missing = set(slugs) - known - moving.present_slugs(PageKind.THERAPY, slugs, self.now).keys()
            return f"leads to a comparison with “{min(missing)}”, and there is no such therapy." if missing else ""
        if match.view_name == "content:faq":
            there = not anchor or anchor in OWN or Question.objects.filter(slug=anchor).exists()
            return "" if there else f"leads to {href}, and no question has this anchor."
        if match.view_name == "content:glossary":
            there = not anchor or anchor in OWN or Term.objects.filter(slug=anchor).exists()
            return "" if there else f"leads to {href}, and the glossary has no such term."
        if match.url_name in PolicyKind.values:
            return self._policy_fault(str(match.url_name), href, anchor)
        return NOWHERE.format(href) if match.view_name == "content:preview" else ""

    def _policy_fault(self, kind: str, href: str, anchor: str) -> str:
        policy = Policy.objects.filter(kind=kind).first()
        if policy is None:
            return NOWHERE.format(href)
        there = not anchor or anchor in OWN or f'id="{anchor}"' in policy.body
        return "" if there else f"leads to {href}, and no heading has this anchor."

    def _part_fault(self, page: Page, anchor: str, path: str = "") -> str:
        """Return the fault of an anchor on a page that is there."""
        if not anchor or anchor in OWN or self._has_part(page, anchor):
            return ""
        return f"leads to {path}#{anchor}, and no part of {'that page' if path else 'this article'} has this anchor."

    def _has_part(self, page: Page, anchor: str) -> bool:
        if page.kind == PageKind.THERAPY:
            return Question.objects.filter(therapy=page.pk, slug=anchor).exists()
        if page.kind == PageKind.CENTER:
            return False
        revision = self.revision if page.pk == self.revision.article_id else self._shown_of(page.pk)
        if numbered := NUMBERED.fullmatch(anchor):
            return revision is not None and revision.citations.filter(number=int(numbered[1])).exists()
        return Section.objects.filter(revision=revision, anchor=anchor).exists()

    def _shown_of(self, article_id: int) -> Revision | None:
        """Return what readers see of an article, or will see first."""
        revisions = Revision.objects.filter(article=article_id)
        public, later = revisions.public(self.now), revisions.scheduled(self.now).order_by("go_live_at")
        return public.first() or later.first() or revisions.open().first()
