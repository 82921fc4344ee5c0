"""Two people change content at once: whoever changes it waits for the content version's row before they hold any other; real threads.

Of two who each hold a row and wait for the other's, PostgreSQL ends one with an error. The last test does so, the version last.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, transaction
from django.test import Client

from content import versions
from content.models import Article, FormerSlug
from content.models.version import ContentVersion, TableVersion
from content.publishing import cells, changes, verbs
from tests import factories
from tests.change_factories import make_change
from tests.concurrency.racing import PATIENCE, blocked
from tests.content.admin.screens import form_of, page
from tests.content.library_builder import TinyLibrary, load
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

type Press = Callable[[], object]


def of_a_page(row: Any, **values: Any) -> Press:
    """Return what sends the page of a row back with other values."""
    client, address = Client(), page(type(row), "change", row.pk)
    client.force_login(factories.make_staff(is_superuser=True))
    data = {name: value for name, value in (form_of(client.get(address)) | values).items() if value is not None}
    return lambda: client.post(address, data).status_code == 302


def change_of_an_article() -> Press:
    article = factories.make_article().article
    return of_a_page(article, slug="moved", topic=factories.make_topic().pk)


def change_of_a_topic() -> Press:
    return of_a_page(factories.make_article().article.topic, name="Another name")


def change_of_a_therapy() -> Press:
    return of_a_page(factories.make_therapy(), slug="moved", position=7)


def change_of_a_notice() -> Press:
    notice = factories.make_notice()
    notice.therapies.add(factories.make_therapy())
    return of_a_page(notice, title="Another title", therapies=[factories.make_therapy().pk])


def change_of_a_claim_rule() -> Press:
    return of_a_page(factories.make_claim_rule(), reason="Another reason")


def removal_of_a_therapy() -> Press:
    therapy = factories.make_finding().therapy
    return therapy.delete


def approval_of_an_article() -> Press:
    draft, (reviewer, _) = factories.make_draft(), factories.make_reviewer()
    verbs.submit(draft, seen=draft.version, by=factories.make_staff("Editors"), now=NOW)
    return lambda: verbs.approve(draft, seen=draft.version, by=reviewer, now=NOW)


def withdrawal_of_an_article() -> Press:
    revision, editor = factories.make_article(), factories.make_staff("Editors")
    return lambda: verbs.withdraw(revision, seen=revision.version, by=editor, now=NOW)


def approval_of_a_change() -> Press:
    change, (reviewer, _) = make_change(), factories.make_reviewer()
    return lambda: changes.approve(change, seen=change.version, by=reviewer, now=NOW)


def proposal_of_a_cell() -> Press:
    finding, editor = factories.make_finding(), factories.make_staff("Editors")
    wanted = cells.Cell("New", finding.tone, finding.grade)
    change = cells.Change((finding.therapy_id, finding.criterion_id), cells.Cell.of(finding), wanted)
    return lambda: cells.propose_cells([change], by=editor, now=NOW)


DOORS = [
    change_of_an_article,
    change_of_a_topic,
    change_of_a_therapy,
    change_of_a_notice,
    change_of_a_claim_rule,
    removal_of_a_therapy,
    approval_of_an_article,
    withdrawal_of_an_article,
    approval_of_a_change,
    proposal_of_a_cell,
]


def held_by_others() -> list[str]:
    """Return the models with a row that another transaction holds."""
    models = [*apps.get_app_config("content").get_models(include_auto_created=True)]
    return [model.__name__ for model in models if model not in {ContentVersion, TableVersion} and is_held(model)]


def is_held(model: Any) -> bool:
    try:
        with transaction.atomic():
            list(model._base_manager.select_for_update(nowait=True).values_list("pk"))
    except OperationalError:
        return True
    return False


def held_while_it_waits(press: Press) -> tuple[list[str], bool]:
    """Return of which models somebody who presses holds rows who waits for the content version, and whether it was done after that."""
    with blocked(press, by=ContentVersion.lock) as pressing:
        held = held_by_others()
    return held, pressing.result(timeout=PATIENCE) is not False


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_whoever_waits_for_other_edits_holds_no_row(door: Callable[[], Press]) -> None:
    assert held_while_it_waits(door()) == ([], True)


def test_library_that_is_loaded_while_others_edit_holds_no_row(tmp_path: Path) -> None:
    library = TinyLibrary(tmp_path)
    load(library)
    library.change("topics.toml", 'name = "Platelets"', 'name = "Platelet-rich plasma"')

    assert held_while_it_waits(lambda: load(library)) == ([], True)


def test_article_is_moved_to_a_topic_while_its_page_is_saved() -> None:
    article, topic = factories.make_article().article, factories.make_topic()

    with blocked(of_a_page(article, slug="moved"), by=ContentVersion.lock) as pressing:
        Article.objects.filter(pk=article.pk).update(topic=topic)

    assert pressing.result(timeout=PATIENCE) is True
    assert FormerSlug.objects.values_list("slug", "article__slug").get() == (article.slug, "moved")


def test_without_the_version_first_one_of_two_would_get_an_error() -> None:
    article = factories.make_article().article

    def press() -> None:
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(slug="moved")
            versions.bump(Article)

    with pytest.raises(OperationalError, match="deadlock"):  # noqa: PT012  it ends either of them
        with blocked(press, by=ContentVersion.lock) as pressing:
            Article.objects.filter(pk=article.pk).update(slug="away")
        pressing.result(timeout=PATIENCE)
