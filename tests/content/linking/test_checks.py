"""Links and citations that stand in the way of submitting and approving."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content.linking import checks
from content.models import Reference, Revision
from content.publishing import verbs
from content.publishing.checks import CHECKS, blocks_of
from content.publishing.exceptions import Blocked
from tests.content.linking.test_drawing import link
from tests.content.linking.test_moving import rename
from tests.factories import (
    make_article,
    make_center,
    make_comparison,
    make_criterion,
    make_draft,
    make_finding,
    make_policy,
    make_question,
    make_reference,
    make_section,
    make_staff,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")
WITHDRAWN = "The link “the other” leads to /articles/target/, which was withdrawn: readers find no page there."


def told(draft: Revision) -> list[tuple[str, str]]:
    """Return what stands in the way of a draft's links: where, and the sentence."""
    return [(block.place, block.sentence) for block in checks.dead_links(draft)]


def withdraw(revision: Revision) -> None:
    """Take a revision from its readers."""
    revision.refresh_from_db()
    verbs.withdraw(revision, seen=revision.version, by=make_staff("Editors"), now=timezone.now())


def test_checks_are_asked_at_submit_and_approve() -> None:
    assert {checks.dead_links, checks.citations} <= set(CHECKS)


def test_link_to_a_withdrawn_article_blocks_what_links_to_it(editor: User, reviewer: User) -> None:
    target = make_article(slug="target")
    draft = make_draft(edited_by=editor)
    make_section(draft, anchor="risks", body=link("/articles/target/#why"))
    withdraw(target)

    with pytest.raises(Blocked) as refused:
        verbs.submit(draft, seen=draft.version, by=editor, now=timezone.now())

    assert [(block.place, block.sentence) for block in refused.value.blocks] == [("section risks", WITHDRAWN)]


def test_article_withdrawn_between_submit_and_approve_blocks_the_approval(editor: User, reviewer: User) -> None:
    target = make_article(slug="target")
    draft = make_draft(edited_by=editor, lead=link("/articles/target/"))
    verbs.submit(draft, seen=draft.version, by=editor, now=timezone.now())
    withdraw(target)

    with pytest.raises(Blocked, match="was withdrawn"):
        verbs.approve(draft, seen=draft.version, by=reviewer, now=timezone.now())


def test_restored_draft_of_a_withdrawn_article_is_no_page_yet() -> None:
    target = make_article(slug="target")
    withdraw(target)
    verbs.restore(target, by=make_staff("Editors"), now=timezone.now())

    assert told(make_draft(lead=link("/articles/target/"))) == [("lead", WITHDRAWN)]


@pytest.mark.parametrize("published_at", [None, dt.datetime(2999, 1, 1, tzinfo=dt.UTC)])
def test_link_to_an_article_that_is_on_its_way_blocks_nothing(published_at: dt.datetime | None) -> None:
    make_article(slug="target", published_at=published_at)

    assert told(make_draft(lead=link("/articles/target/"))) == []


def test_withdrawn_guide_is_to_be_taken_off_the_list() -> None:
    target, other = make_article(slug="target"), make_article(published_at=None)
    draft = make_draft(related=[target, other])
    assert told(draft) == []
    withdraw(target)

    assert told(draft) == [("related guides", "The guide “target” was withdrawn; take it off the list.")]


def test_anchor_that_was_removed_is_named() -> None:
    make_article(slug="target", sections=[section_words(anchor="why")])
    draft = make_draft(
        lead=link("/articles/target/#why") + link("/articles/target/#gone") + link("/articles/target/#references")
    )

    assert told(draft) == [
        ("lead", "The link “the other” leads to /articles/target/#gone, and no part of that page has this anchor.")
    ]


def test_anchor_of_the_article_itself_is_looked_for_in_the_draft() -> None:
    public = make_article(slug="own", sections=[section_words(anchor="before")])
    draft = make_draft(
        article=public.article,
        lead=link("#now") + link("/articles/own/#now") + link("#before"),
        citations=[make_reference()],
    )
    make_section(draft, anchor="now", body=link("#ref-1") + link("#ref-2"))

    assert told(draft) == [
        ("lead", "The link “the other” leads to #before, and no part of this article has this anchor."),
        ("section now", "The link “the other” leads to #ref-2, and no part of this article has this anchor."),
    ]


@pytest.mark.parametrize(
    ("href", "fault"),
    [
        ("/articles/nobody/", "leads to /articles/nobody/, and there is no such page."),
        ("/articles/a/revisions/1/", "leads to /articles/a/revisions/1/, and there is no such page."),
        ("/no/such/page/", "leads to /no/such/page/, and there is no such page."),
        ("/therapies/nobody/", "leads to /therapies/nobody/, and there is no such page."),
        ("ref:therapy/987654", "leads to a therapy that was deleted."),
        ("/therapies/shown/#nothing", "leads to /therapies/shown/#nothing, and no part of that page has this anchor."),
        ("/therapies/unfilled/", "leads to /therapies/unfilled/, which readers do not see: a row of the comparison that must be filled is empty."),
        ("/centers/here/#nothing", "leads to /centers/here/#nothing, and no part of that page has this anchor."),
        ("/compare/shown-vs-nobody/", "leads to a comparison with “nobody”, and there is no such therapy."),
        ("/faq/#nothing", "leads to /faq/#nothing, and no question has this anchor."),
        ("/privacy/#nothing", "leads to /privacy/#nothing, and no heading has this anchor."),
        ("/consumer-health-data/", "leads to /consumer-health-data/, and there is no such page."),
    ],
)  # fmt: skip
def test_link_that_leads_nowhere_is_named(href: str, fault: str) -> None:
    shown, _ = make_therapy(slug="shown"), make_therapy(slug="unfilled")
    make_finding(therapy=shown, criterion=make_criterion(required=True))
    make_center(slug="here")
    make_policy()

    assert told(make_draft(lead=link(href))) == [("lead", f"The link “the other” {fault}")]


@pytest.mark.parametrize(
    "href",
    [
        "/articles/", "/articles/?topic=x", "/therapies/old/", "/therapies/new/#findings", "/therapies/new/#asked",
        "/centers/here/", "/compare/new-vs-b/", "/compare/old-vs-b/", "/compare/", "/faq/#asked", "/faq",
        "/privacy/#kept", "/consultation/?center=here", "https://elsewhere.example/#x", "mailto:a@b.example", "#references",
    ],
)  # fmt: skip
def test_link_that_leads_somewhere_blocks_nothing(href: str) -> None:
    therapy, _ = make_therapy(slug="old"), make_therapy(slug="b")
    rename(therapy, "new")
    make_question(slug="asked", therapy=therapy)
    make_center(slug="here")
    make_policy(body='<h2 id="kept">What is kept</h2><p>Little.</p>')

    assert told(make_draft(lead=link(href))) == []


def test_number_without_a_source_and_source_without_a_number_are_named() -> None:
    draft = make_draft(
        lead="<p>So it is [1], <strong>[</strong>3].</p>", citations=[make_reference(), make_reference(title="Unused")]
    )
    make_section(draft, anchor="risks", body="<p>Not so [9].</p>")

    assert [(block.place, block.sentence) for block in checks.citations(draft)] == [
        ("section risks", "[9] is cited, and the list of references has no number 9."),
        ("reference 2", "“Unused (2024)” is in the list of references, and nothing cites [2]."),
    ]


def test_source_that_a_table_cites_is_cited() -> None:
    source = make_reference()
    finding = make_finding(reference=source)
    table = make_comparison(therapies=[finding.therapy], criteria=[finding.criterion])
    draft = make_draft(citations=[source])
    make_section(draft, comparison=table)

    assert checks.citations(draft) == []


def test_source_in_a_wrong_form_or_listed_twice_is_named() -> None:
    wrong, once, again = make_reference(doi="10.1/x", url=""), make_reference(), make_reference(title="Twice")
    Reference.objects.filter(pk=again.pk).update(url=once.url)
    draft = make_draft(lead="<p>All [1] of [2] them [3].</p>", citations=[wrong, once, again])

    assert [(block.place, block.sentence) for block in checks.citations(draft)] == [
        ("reference 1", f"“{wrong}” cannot be looked up: “10.1/x” is no DOI; one looks like 10.1056/NEJMoa1501184."),
        ("reference 3", "“Twice (2024)” is the source with number 2 again; list it once."),
    ]


@pytest.mark.usefixtures("sample_site")
def test_sample_site_passes_every_check() -> None:
    public = Revision.objects.public(timezone.now())

    assert {str(revision): blocks_of(revision) for revision in public} == {str(revision): [] for revision in public}
    assert len(public) == 11
