"""The content screens: every list, filter, search and form; who may see what; and what the forms refuse in words."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.models import Article, ClinicProfile, Finding, FormerSlug, SearchMiss, SearchSynonym
from tests import factories
from tests.change_factories import make_override
from tests.content.admin.screens import form_of, login, page

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("content").get_models() if admin.site.is_registered(model)]
# Those that nobody writes in a form have tests of their own.
BY_NAME = {model.__name__: model for model in MODELS if model not in {FormerSlug, SearchMiss}}


def make_everything() -> None:
    """Write one row of every kind."""
    factories.make_clinic()
    factories.make_center()
    finding = factories.make_finding()
    table = factories.make_comparison(
        therapies=[finding.therapy, factories.make_therapy()], criteria=[finding.criterion]
    )
    draft = factories.make_draft(citations=[factories.make_reference()])
    factories.make_section(draft, comparison=table)
    factories.make_term()
    factories.make_notice()
    factories.make_question()
    factories.make_decision_question("pain")
    factories.make_policy()
    factories.make_claim_rule()
    make_override()
    factories.make_image()
    SearchSynonym.objects.create(slug="prp", phrases="PRP\nplatelet-rich plasma")


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
        opened += [client.get(page(model, "add"))] if name not in {"Revision", "ProposedChange"} else []
        filters = client.get(page(model, "changelist")).context["cl"].filter_specs
        for choices in (spec.choices(listed.context["cl"]) for spec in filters):
            opened += [client.get(page(model, "changelist") + choice["query_string"]) for choice in choices]

    assert [response.status_code for response in [listed, *opened]] == [200] * (1 + len(opened))


# A picture has no form: it never changes.
@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in {"ProposedChange", "ClaimOverride", "Image"}])
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
    article = factories.make_article(title="Leaky title").article
    login(client, group)

    response = client.get(page(Article, "changelist"))

    assert (response.status_code, "Leaky title" in response.content.decode()) == (allowed, allowed == 200)
    assert client.get(page(Article, "change", article.pk)).status_code == allowed


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
    draft, public = factories.make_draft().article, factories.make_article().article
    login(client, "Editors")

    links = [client.get(page(Article, "change", one.pk)).context["absolute_url"] for one in (draft, public)]

    assert links == [None, public.get_absolute_url()]


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
