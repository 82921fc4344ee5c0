"""Which pages link to a page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from content.choices import PageKind
from content.linking.readers import linking_to
from content.models import Revision
from content.page_links import Page
from tests.content.linking.test_checks import withdraw
from tests.content.linking.test_drawing import link
from tests.factories import make_article, make_draft, make_notice, make_question, make_therapy, section_words

pytestmark = pytest.mark.usefixtures("clinic")


def found(target: Revision) -> list[tuple[str, str, str]]:
    """Return what links to an article: the row, what it is, and where the link stands."""
    readers = linking_to(Page(PageKind.ARTICLE, target.article_id), target.article.slug, timezone.now())
    return [(str(reader.row), reader.kind, reader.place) for reader in readers]


def test_everything_that_links_to_an_article_is_found() -> None:
    target = make_article(slug="target")
    make_article(title="In the lead", lead=link("/articles/target/"))
    make_article(title="In a section", sections=[section_words(heading="Risks", body=link("/articles/target/#why"))])
    make_article(title="Guide", related=[target])
    make_draft(title="Draft", lead=link("/articles/target/"))
    make_therapy(name="Therapy", description=link("/articles/target/"))
    make_question(question="Why?", answer=link("/articles/target/"))
    make_notice(title="Notice", text=link("/articles/target/"))

    assert found(target) == [
        ("Draft", "article, draft", "lead"),
        ("In the lead", "article, approved", "lead"),
        ("In a section", "article, approved", "section “Risks”"),
        ("Guide", "article, approved", "related guides"),
        ("Therapy", "therapy", "description"),
        ("Why?", "question", "answer"),
        ("Notice", "notice", "text"),
    ]


def test_what_links_elsewhere_or_is_gone_is_not_found() -> None:
    target = make_article(slug="target", lead=link("#why"))
    others = [make_article() for _ in range(12)]
    for other in others:
        make_draft(lead=link(f"/articles/{other.article.slug}/"))
    gone = make_article(lead=link("/articles/target/"))
    withdraw(gone)

    assert found(target) == []
