"""Links in the admin: an editor reads and pastes addresses, and is told what links to a page that goes."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from content.models import ProposedChange, Question, Revision
from content.publishing import changes
from tests.content.admin.screens import form_of, login, page
from tests.content.linking.test_drawing import link
from tests.content.linking.test_moving import rename
from tests.factories import NOW, make_article, make_draft, make_question, make_section, make_staff

pytestmark = pytest.mark.usefixtures("clinic")


def test_editor_sees_the_present_address_and_saves_the_reference_again(client: Client) -> None:
    login(client, "Editors")
    target = make_article(slug="target").article
    draft = make_draft(summary="What it says.", lead=link("/articles/target/#why"))
    section = make_section(draft, body=link("/articles/target/"))
    rename(target, "present")
    address = page(Revision, "change", draft.pk)

    fields = form_of(client.get(address))
    response = client.post(address, fields)

    assert (fields["lead"], fields["sections-0-body"]) == (link("/articles/present/#why"), link("/articles/present/"))
    assert response.status_code == 302
    draft.refresh_from_db()
    section.refresh_from_db()
    assert (draft.lead, section.body) == (link(f"ref:article/{target.pk}#why"), link(f"ref:article/{target.pk}"))


def test_pasted_address_of_this_site_becomes_a_reference(client: Client) -> None:
    login(client, "Editors")
    target, question = make_article(slug="target").article, make_question()
    address = page(Question, "change", question.pk)

    response = client.post(
        address, form_of(client.get(address)) | {"answer": link(f"{settings.SITE_URL}/articles/target/")}
    )

    assert response.status_code == 302
    asked = ProposedChange.objects.get()
    changes.approve(asked, by=make_staff("Medical reviewers"), seen=asked.version, now=NOW)
    question.refresh_from_db()
    assert question.answer == link(f"ref:article/{target.pk}")


def test_text_with_a_reference_that_nobody_touched_has_not_changed(client: Client) -> None:
    login(client, "Editors")
    make_article(slug="target")
    draft = make_draft(summary="What it says.", lead=link("/articles/target/"))
    make_section(draft, body=link("/articles/target/"))
    address = page(Revision, "change", draft.pk)
    fields = form_of(client.get(address))

    form = client.post(address, fields | {"title": ""}).context

    assert "lead" not in form["adminform"].form.changed_data
    assert form["inline_admin_formsets"][0].formset.forms[0].changed_data == []


def test_who_only_reads_sees_addresses_too(client: Client) -> None:
    login(client, "Medical reviewers")
    make_article(slug="target")
    draft = make_draft(lead=link("/articles/target/"))

    text = client.get(page(Revision, "change", draft.pk)).content.decode()

    assert '<a href="/articles/target/">the other</a>' in text
    assert "ref:article" not in text


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers"])
def test_page_for_withdrawing_lists_what_links_to_it(client: Client, group: str) -> None:
    login(client, group)
    target = make_article(slug="target", title="Target")
    reader = make_article(title="Reader of <it>", lead=link("/articles/target/"))
    make_article(title="Another")

    text = client.get(reverse("admin:content_revision_withdraw", args=[target.pk])).content.decode()

    assert (
        f'<li><a href="{page(Revision, "change", reader.pk)}">Reader of &lt;it&gt;</a> (article, approved, lead)</li>'
        in text
    )
    assert "Another" not in text


def test_page_for_giving_up_a_draft_lists_nothing(client: Client) -> None:
    login(client, "Editors")
    draft = make_draft(slug="target")
    make_article(lead=link("/articles/target/"))

    text = client.get(reverse("admin:content_revision_withdraw", args=[draft.pk])).content.decode()

    assert "What links to it" not in text


def test_submit_button_names_the_link_and_where_it_stands(client: Client) -> None:
    login(client, "Editors")
    draft = make_draft(summary="What it says.")
    make_section(draft, anchor="risks", body=link("/articles/nobody/"))

    response = client.post(
        reverse("admin:content_revision_submit", args=[draft.pk]), {"seen": draft.version}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [
        "section risks: The link “the other” leads to /articles/nobody/, and there is no such page."
    ]
    draft.refresh_from_db()
    assert draft.state == "draft"
