"""The form in which a draft is written, what only reads, and the buttons of the desk: who may press which, and when."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils.csp import CSP

from content.admin.editor import EDITOR_STYLE
from content.models import Revision, Section
from tests import factories
from tests.content.admin.screens import form_of, login, page

pytestmark = pytest.mark.django_db


def test_only_pages_with_the_editor_allow_its_style(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")

    with_editor = client.get(page(Revision, "change", draft.pk)).headers["Content-Security-Policy"]
    without = client.get(page(Revision, "changelist")).headers["Content-Security-Policy"]

    assert (EDITOR_STYLE in with_editor, EDITOR_STYLE in without) == (True, False)
    assert str(CSP.UNSAFE_INLINE) not in with_editor


def test_rich_text_is_sanitised_and_markup_without_words_is_empty(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address))

    refused = client.post(address, data | {"lead": "<p></p>"})
    client.post(address, data | {"lead": '<p onclick="x()">Kept<script>alert(1)</script></p>'})

    draft.refresh_from_db()
    assert draft.lead == "<p>Kept</p>"
    assert refused.context["adminform"].form.errors == {"lead": ["This field is required."]}


def test_link_is_completed_or_refused_with_a_sentence(client: Client) -> None:
    draft = factories.make_draft()
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address))

    refused = client.post(address, data | {"lead": '<p><a href="http:/x">B</a></p>'})
    client.post(address, data | {"lead": '<p><a href="www.example.org">A</a></p>'})

    draft.refresh_from_db()
    assert draft.lead == '<p><a href="https://www.example.org">A</a></p>'
    assert refused.context["adminform"].form.errors == {"lead": ["The link “http:/x” needs two slashes after http:."]}


def test_rows_without_a_number_go_to_the_end(client: Client) -> None:
    draft = factories.make_draft()
    factories.make_section(draft, position=40)
    first, second = factories.make_reference(), factories.make_reference()
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address))

    data |= {
        "sections-TOTAL_FORMS": 2,
        "sections-1-heading": "Added",
        "sections-1-anchor": "added",
        "sections-1-position": "",
    }
    data |= {"citations-TOTAL_FORMS": 2, "citations-0-reference": first.pk, "citations-1-reference": second.pk}
    response = client.post(address, data)

    assert response.status_code == 302
    assert Section.objects.get(heading="Added").position == 50
    assert list(draft.citations.values_list("number", "reference")) == [(1, first.pk), (2, second.pk)]


def test_constraints_speak_in_the_form(client: Client) -> None:
    draft = factories.make_draft()
    section = factories.make_section(draft, anchor="same")
    factories.make_section(draft, anchor="other")
    login(client, "Editors")
    address = page(Revision, "change", draft.pk)
    data = form_of(client.get(address))

    captionless = client.post(address, data | {"sections-0-figure": "side-by-side"})
    twice = client.post(address, data | {"sections-1-anchor": section.anchor})

    refused = captionless.context["inline_admin_formsets"][0].formset.forms[0].errors
    assert refused == {"figure_caption": ["Describe the figure in a caption."]}
    assert "the same anchor" in twice.content.decode() or "duplicate" in twice.content.decode()


def test_articles_are_called_by_their_titles(client: Client) -> None:
    guide = factories.make_article(title="Knees: what to ask", slug="knees")
    draft = factories.make_draft()
    draft.related_links.create(related=guide.article)
    login(client, "Editors")

    related = (
        client.get(page(Revision, "change", draft.pk)).context["inline_admin_formsets"][2].formset.forms[0]["related"]
    )
    fields = {"title": "Hips: what to ask", "slug": "hips", "topic": guide.topic.pk, "author": guide.author_id}
    client.post(reverse("admin:content_article_add"), fields)

    assert "selected>Knees: what to ask<" in str(related)
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["Hips: what to ask"]


def test_manager_reads_a_draft_but_cannot_save_it(client: Client) -> None:
    draft = factories.make_draft(lead="<p>As <strong>read</strong>.</p>")
    login(client, "Managers")

    shown = client.get(page(Revision, "change", draft.pk)).content.decode()
    saved = client.post(page(Revision, "change", draft.pk), {"title": "Forged"})

    draft.refresh_from_db()
    assert "As <strong>read</strong>." in shown
    assert (saved.status_code, draft.title == "Forged") == (403, False)
