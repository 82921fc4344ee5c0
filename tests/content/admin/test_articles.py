"""The content screens: every list, filter, search and form; who may see what; and what the forms refuse in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.csp import CSP
from pytest_django import DjangoAssertNumQueries

from content.admin.editor import EDITOR_STYLE
from content.models import Article, ClinicProfile, Finding, RelatedArticle, Section
from tests import factories

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("content").get_models() if admin.site.is_registered(model)]
BY_NAME = {model.__name__: model for model in MODELS}


def page(model: type[Model], which: str, *args: Any) -> str:
    """Return the address of a model's admin page."""
    return reverse(f"admin:content_{model._meta.model_name}_{which}", args=args)


def login(client: Client, *groups: str, **kwargs: Any) -> User:
    """Log a new member of staff in."""
    user = factories.make_staff(*groups, **kwargs)
    client.force_login(user)
    return user


def make_everything() -> None:
    """Write one row of every kind."""
    factories.make_clinic()
    factories.make_center()
    finding = factories.make_finding()
    table = factories.make_comparison(therapies=[finding.therapy], criteria=[finding.criterion])
    article = factories.make_article()
    factories.make_section(article, comparison=table)
    article.citations.create(reference=factories.make_reference(), number=1)
    factories.make_notice()
    factories.make_question()
    factories.make_policy()
    factories.make_claim_rule()


def form_of(response: Any) -> dict[str, Any]:
    """Return what a browser would send back if nobody touched the page."""
    fields: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                fields |= {f"{bound.html_name}_{n}": part or "" for n, part in enumerate(widget.decompress(value))}
            elif value is not None and value is not False:
                fields[bound.html_name] = value
    return fields


@pytest.mark.parametrize("name", BY_NAME)
def test_every_list_filter_search_and_form_opens(client: Client, name: str) -> None:
    model = BY_NAME[name]
    make_everything()
    login(client, is_superuser=True)
    row = model._default_manager.first()
    assert row is not None

    listed = client.get(page(model, "changelist"), {"q": "zq"} if name != "ClinicProfile" else {}, follow=True)
    opened = [client.get(page(model, "change", row.pk))]
    if name != "ClinicProfile":
        opened.append(client.get(page(model, "add")))
        filters = client.get(page(model, "changelist")).context["cl"].filter_specs
        for choices in (spec.choices(listed.context["cl"]) for spec in filters):
            opened += [client.get(page(model, "changelist") + choice["query_string"]) for choice in choices]

    assert [response.status_code for response in [listed, *opened]] == [200] * (1 + len(opened))


@pytest.mark.parametrize("name", BY_NAME)
def test_form_that_nobody_touched_saves(client: Client, name: str) -> None:
    model = BY_NAME[name]
    make_everything()
    login(client, is_superuser=True)
    row = model._default_manager.first()
    assert row is not None
    address = page(model, "change", row.pk)

    response = client.post(address, form_of(client.get(address)))

    errors = response.context["errors"] if response.status_code == 200 else []
    assert (response.status_code, list(errors)) == (302, [])


def test_no_admin_page_has_the_content_version() -> None:
    assert "ContentVersion" not in BY_NAME


@pytest.mark.parametrize(
    ("group", "allowed"), [("Triage", 403), ("Editors", 200), ("Medical reviewers", 200), ("Managers", 200)]
)
def test_articles_are_for_those_who_work_on_them(client: Client, group: str, allowed: int) -> None:
    article = factories.make_article(title="Leaky title")
    login(client, group)

    response = client.get(page(Article, "changelist"))

    assert (response.status_code, "Leaky title" in response.content.decode()) == (allowed, allowed == 200)
    assert client.get(page(Article, "change", article.pk)).status_code == allowed


def test_manager_reads_articles_but_cannot_save_them(client: Client) -> None:
    article = factories.make_article(lead="<p>As <strong>read</strong>.</p>")
    login(client, "Managers")

    shown = client.get(page(Article, "change", article.pk)).content.decode()
    saved = client.post(page(Article, "change", article.pk), {"title": "Forged"})

    article.refresh_from_db()
    assert "As <strong>read</strong>." in shown
    assert (saved.status_code, article.title == "Forged") == (403, False)


@pytest.mark.parametrize("count", [1, 3])
def test_article_list_asks_the_same_number_of_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_clinic()
    for _ in range(count):
        factories.make_article()
    login(client, is_superuser=True)

    # Session, user, second factor, topics of the filter, count (twice: all and found), rows, whether there is a profile, the profile.
    with django_assert_num_queries(9):
        client.get(page(Article, "changelist"))


def test_view_on_site_is_offered_for_published_articles_only(client: Client) -> None:
    draft, public = factories.make_article(published_at=None), factories.make_article()
    login(client, "Editors")

    links = [client.get(page(Article, "change", one.pk)).context["absolute_url"] for one in (draft, public)]

    assert links == [None, public.get_absolute_url()]


def test_only_pages_with_the_editor_allow_its_style(client: Client) -> None:
    article = factories.make_article()
    login(client, "Editors")

    with_editor = client.get(page(Article, "change", article.pk)).headers["Content-Security-Policy"]
    without = client.get(page(Article, "changelist")).headers["Content-Security-Policy"]

    assert (EDITOR_STYLE in with_editor, EDITOR_STYLE in without) == (True, False)
    assert str(CSP.UNSAFE_INLINE) not in with_editor


def test_rich_text_is_sanitised_and_markup_without_words_is_empty(client: Client) -> None:
    article = factories.make_article()
    login(client, "Editors")
    address = page(Article, "change", article.pk)
    data = form_of(client.get(address))

    client.post(address, data | {"lead": '<p onclick="x()">Kept<script>alert(1)</script></p>'})
    refused = client.post(address, data | {"lead": "<p></p>"})

    article.refresh_from_db()
    assert article.lead == "<p>Kept</p>"
    assert refused.context["adminform"].form.errors == {"lead": ["This field is required."]}


def test_link_is_completed_or_refused_with_a_sentence(client: Client) -> None:
    article = factories.make_article()
    login(client, "Editors")
    address = page(Article, "change", article.pk)
    data = form_of(client.get(address))

    client.post(address, data | {"lead": '<p><a href="www.example.org">A</a></p>'})
    refused = client.post(address, data | {"lead": '<p><a href="http:/x">B</a></p>'})

    article.refresh_from_db()
    assert article.lead == '<p><a href="https://www.example.org">A</a></p>'
    assert refused.context["adminform"].form.errors == {"lead": ["The link “http:/x” needs two slashes after http:."]}


def test_rows_without_a_number_go_to_the_end(client: Client) -> None:
    article = factories.make_article()
    factories.make_section(article, position=40)
    first, second = factories.make_reference(), factories.make_reference()
    login(client, "Editors")
    address = page(Article, "change", article.pk)
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
    assert list(article.citations.values_list("number", "reference")) == [(1, first.pk), (2, second.pk)]


def test_constraints_speak_in_the_form(client: Client) -> None:
    article = factories.make_article()
    section = factories.make_section(article, anchor="same")
    factories.make_section(article, anchor="other")
    login(client, "Editors")
    address = page(Article, "change", article.pk)
    data = form_of(client.get(address))

    unreviewed = client.post(address, data | {"reviewed_on": "", "next_review_on": ""})
    one_person = client.post(address, data | {"medical_reviewer": article.author_id})
    captionless = client.post(address, data | {"sections-0-figure": "side-by-side"})
    twice = client.post(address, data | {"sections-1-anchor": section.anchor})

    assert "needs its review date" in unreviewed.content.decode()
    assert "someone other than the author" in one_person.content.decode()
    assert "Describe the figure in a caption." in captionless.content.decode()
    assert "the same anchor" in twice.content.decode() or "duplicate" in twice.content.decode()


def test_article_cannot_be_its_own_related_guide(client: Client) -> None:
    article = factories.make_article()
    login(client, "Editors")
    address = page(Article, "change", article.pk)

    data = form_of(client.get(address)) | {"related_links-TOTAL_FORMS": 1, "related_links-0-related": article.pk}
    response = client.post(address, data)

    assert "cannot be its own related guide" in response.content.decode()
    assert not RelatedArticle.objects.exists()


def test_second_finding_for_a_cell_is_refused(client: Client) -> None:
    finding = factories.make_finding()
    login(client, "Editors")

    cell = {"therapy": finding.therapy_id, "criterion": finding.criterion_id}
    response = client.post(page(Finding, "add"), cell | {"value": "X", "tone": "neutral", "grade": "low"})

    assert "already has a finding" in response.content.decode()
    assert Finding.objects.count() == 1


def test_clinic_profile_is_one_row(client: Client) -> None:
    factories.make_clinic()
    login(client, is_superuser=True)

    listed = client.get(page(ClinicProfile, "changelist"))
    added = client.get(page(ClinicProfile, "add"))
    deleted = client.post(page(ClinicProfile, "delete", 1), {"post": "yes"})

    assert (listed.status_code, listed.headers["Location"]) == (302, page(ClinicProfile, "change", 1))
    assert (added.status_code, deleted.status_code, ClinicProfile.objects.count()) == (403, 403, 1)


def test_clinic_profile_says_whether_mail_is_discreet(client: Client) -> None:
    factories.make_clinic(discreet_mail=True)
    login(client, is_superuser=True)
    data = form_of(client.get(page(ClinicProfile, "change", 1)))
    without = {name: value for name, value in data.items() if name != "discreet_mail"}
    stands = []

    for sent in (without, data):
        assert client.post(page(ClinicProfile, "change", 1), sent).status_code == 302
        stands.append(ClinicProfile.objects.get().discreet_mail)

    assert (data["discreet_mail"], stands) == (True, [False, True])


def test_clinic_profile_can_be_added_while_there_is_none(client: Client) -> None:
    login(client, is_superuser=True)

    assert client.get(page(ClinicProfile, "changelist")).status_code == 200
    assert client.get(page(ClinicProfile, "add")).status_code == 200


def test_code_of_a_country_stays(client: Client) -> None:
    country = factories.make_country("DE", "Germany")
    login(client, is_superuser=True)

    client.post(page(type(country), "change", "DE"), {"code": "FR", "name": "Deutschland"})

    assert list(type(country).objects.values_list("code", "name")) == [("DE", "Deutschland")]
