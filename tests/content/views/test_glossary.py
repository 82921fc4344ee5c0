"""The glossary, and terms in texts: a link by reference, marked up as a term, to a definition that needs no script."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from content.linking import checks, offering
from tests.factories import (
    make_article,
    make_draft,
    make_question,
    make_section,
    make_term,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def words(slug: str, text: str = "small packets") -> str:
    """Return a paragraph that uses a term, as an editor picks it."""
    return f'<p>Of <a href="/glossary/#{slug}">{text}</a>.</p>'


def test_term_is_kept_by_its_id_and_shown_as_a_term(client: Client) -> None:
    term = make_term(slug="exosome")
    article = make_article(slug="x", lead=words("exosome"), sections=[section_words(body=words("exosome"))])

    shown = client.get("/articles/x/").content.decode()
    assert article.lead == f'<p>Of <a href="ref:term/{term.pk}">small packets</a>.</p>'
    assert shown.count('<dfn><a href="/glossary/#exosome">small packets</a></dfn>') == 2

    term.slug = "vesicle"
    term.save()
    assert client.get("/articles/x/").content.decode().count('<a href="/glossary/#vesicle">') == 2
    term.delete()
    assert "<p>Of small packets.</p>" in client.get("/articles/x/").content.decode()


def test_glossary_shows_each_term_with_the_public_pages_that_use_it(client: Client) -> None:
    make_term(slug="exosome", name="exosome", spellings="exosomes\nvesicle", definition="A tiny packet & no cell.")
    make_term(slug="unused", name="Autologous")
    make_article(slug="x", title="About", sections=[section_words(anchor="a", body=words("exosome")) for _ in "1"])
    make_draft(title="Hidden", lead=words("exosome"))
    make_therapy(slug="t", name="Therapy T", description=words("exosome"))
    make_question(slug="q", question="Why?", answer=words("exosome"))

    response = client.get("/glossary/")

    text = response.content.decode()
    uses = {term.slug: [tuple(use) for use in found] for term, found in response.context["terms"]}
    assert uses == {
        "unused": [],
        "exosome": [("About", "/articles/x/#a"), ("Therapy T", "/therapies/t/"), ("Why?", "/faq/#q")],
    }
    assert list(uses) == ["unused", "exosome"]
    assert '<div id="exosome">' in text
    assert "<dt><dfn>exosome</dfn></dt>" in text
    assert "<dd>A tiny packet &amp; no cell.</dd>" in text
    assert "Also: exosomes, vesicle" in text


def test_glossary_without_terms_says_so_and_is_only_read(client: Client) -> None:
    assert "There are no terms here yet." in client.get("/glossary/").content.decode()
    assert client.post("/glossary/").status_code == 405


def test_glossary_is_in_footer_and_sitemap(client: Client) -> None:
    assert '<a href="/glossary/">Glossary</a>' in client.get("/contact/").content.decode()
    assert "/glossary/</loc>" in client.get("/sitemap.xml").content.decode()


def test_terms_are_offered_for_links() -> None:
    make_term(slug="exosome", name="exosome")

    offers = [tuple(offer) for offer in offering.offered(timezone.now()) if offer.path.startswith("/glossary/")]
    assert offers == [("/glossary/#exosome", "Glossary term exosome"), ("/glossary/", "Glossary")]


def test_term_that_is_not_there_blocks_the_draft() -> None:
    term = make_term(slug="exosome")
    draft = make_draft(lead=words("exosome") + words("nowhere"))
    make_section(draft, anchor="s", body='<p><a href="/glossary/">All</a> <a href="/glossary/#main">top</a></p>')

    def told() -> list[str]:
        return [block.sentence for block in checks.dead_links(draft)]

    unknown = "The link “small packets” leads to /glossary/#nowhere, and the glossary has no such term."
    assert told() == [unknown]
    term.delete()
    assert told() == ["The link “small packets” leads to a term that was deleted.", unknown]
