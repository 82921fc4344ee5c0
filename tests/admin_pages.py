"""A site with a row of every model that the admin knows, and every address of the admin with the ids of these rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from consultations.models import AppointmentType, CannedReply
from content.choices import PageKind
from content.media import reading, storing
from content.models import Article, Center, FormerSlug, SearchMiss, Therapy
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type
from tests.change_factories import make_change, make_override
from tests.consultations.access.addresses import Address, addresses
from tests.consultations.access.world import make_pool, make_side
from tests.content.media.pictures import picture

type Rows = dict[type[Model], Model]


def make_rows() -> Rows:
    """Write what the sample site, which is there already, has not; return a row of each model of the admin."""
    rows = make_side("Plain", AppointmentType.objects.first() or make_appointment_type()).rows
    change = make_change(Therapy.objects.earliest("pk"))
    written = [
        change,
        make_override(change=change),
        storing.store(
            reading.read(picture(size=(90, 30))), title="A joint", by=factories.make_staff(), now=factories.NOW
        )[0],
        FormerSlug.objects.create(kind=PageKind.ARTICLE, slug="older", article=Article.objects.earliest("pk")),
        SearchMiss.objects.create(day=MONDAY.date(), term="nothing"),
        CannedReply.objects.create(name="Thanks", subject="Thanks", body="Thank you."),
        Group.objects.get(name="Triage"),
    ]
    rows |= {type(row): row for row in written}
    for model in admin.site._registry.keys() - rows.keys():
        rows[model] = model._base_manager.order_by("pk")[:1].get()
    return rows


def paths(rows: Rows) -> Iterator[tuple[Address, str]]:
    """Yield every address of the admin with the row that belongs in it, and with the query that its page cannot do without."""
    for address in addresses():
        if address.route.endswith("(?P<url>.*)$"):
            # What no page answers.
            continue
        asked = queries(rows).get(address.name, {})
        yield address, address.path(**ids(address, rows)) + (f"?{urlencode(asked)}" if asked else "")


def queries(rows: Rows) -> dict[str, dict[str, Any]]:
    """Return what pages are asked that answer nothing else, by name."""
    kind, center = rows[AppointmentType].pk, rows[Center].pk
    return {
        "slot": {"appointment_type": kind, "center": center, "starts_at": "2026-11-23T18:00:00Z"},
        "autocomplete": {"app_label": "content", "model_name": "finding", "field_name": "reference", "term": ""},
        "consultations_person_merge": {"other": make_pool().person_id},
    }


def ids(address: Address, rows: Rows) -> dict[str, Any]:
    """Return what is filled into an address; one of Django's that leads on has the row of the model in its path."""
    if "content_type_id" in address.parameters:
        article = rows[Article]
        return {"content_type_id": ContentType.objects.get_for_model(article).pk, "object_id": article.pk}
    named = {f"/{model._meta.app_label}/{model._meta.model_name}/": row.pk for model, row in rows.items()}
    own = next((pk for part, pk in named.items() if part in f"/{address.route}"), 1)
    return {"object_id": own, "id": own, "pk": 1}
